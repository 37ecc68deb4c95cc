"""Many clients at once, each in a coroutine of its own."""

from gevent import monkey

monkey.patch_all()

import argparse
import socket

import crowd_support
import gevent


def connect(port):
    address = ("127.0.0.1", port)
    try:
        return socket.create_connection(address, timeout=10)
    except OSError:
        return None


def ask(connection, question):
    try:
        connection.sendall(question)
        return connection.recv(1024) == question.upper()
    except OSError:
        return False


def at_once(function, calls):
    """Call it in a coroutine each; return what worked."""
    greenlets = [gevent.spawn(function, *c) for c in calls]
    gevent.joinall(greenlets)
    return [done.value for done in greenlets if done.value]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()


options = arguments()
clients = crowd_support.room_for(options.clients)
port = options.port or crowd_support.start_server()

connections = at_once(connect, [(port,)] * clients)
print(len(connections), "of", clients, "are connected at once")

questions = [(guest, b"hello\n") for guest in connections]
answers = at_once(ask, questions)
print(len(answers), "of", clients, "got their answer")

for connection in connections:
    connection.close()
