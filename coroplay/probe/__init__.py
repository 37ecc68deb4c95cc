"""The part of coroplay that runs inside the child, watches the program and writes the recording.

Nothing here imports gevent before the program has done so, and no fault of the probe reaches the
program.
"""
