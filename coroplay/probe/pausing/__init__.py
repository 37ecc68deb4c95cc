"""Pauses of the program: the channel to the host, the clocks, and the timers of gevent."""
