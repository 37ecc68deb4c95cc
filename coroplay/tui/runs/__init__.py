"""Runs as the playground has them: programs, their output, their recordings, and the cursor."""
