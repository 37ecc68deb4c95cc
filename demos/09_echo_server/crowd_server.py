"""The crowd's own echo server: it leaves when the crowd does."""

import signal
import sys

import gevent.socket
import server

signal.signal(signal.SIGINT, signal.SIG_IGN)
listener = server.listen(0)
print(listener.getsockname()[1], flush=True)
sys.stdout = None  # nobody reads what the server prints
gevent.spawn(server.serve, listener)
gevent.socket.wait_read(sys.stdin.fileno())
