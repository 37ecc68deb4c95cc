"""Everything that runs inside the child: it watches the program and writes the recording.

Nothing here imports gevent before the program has done so, and no fault in here reaches the
program.
"""
