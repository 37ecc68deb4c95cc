"""The timeline: a lane a coroutine, and the cursor as a column over all of them."""
