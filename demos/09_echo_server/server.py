"""An echo server: a coroutine for each client."""

from gevent import monkey

monkey.patch_all()

import argparse
import contextlib
import os
import signal
import socket
import sys

import gevent


def serve(listener):
    client = 0
    while True:
        connection = accept(listener)
        client += 1
        gevent.spawn(talk, connection, client)


def talk(connection, client):
    print("client", client, "is here")
    with contextlib.suppress(OSError):  # it broke off
        echo(connection, client)
    connection.close()
    print("client", client, "has left")


def echo(connection, client):
    while True:
        text = connection.recv(1024)
        if not text:  # the client has hung up
            return
        print("client", client, "says", text)
        connection.sendall(text.upper())


def accept(listener):
    while True:
        try:
            return listener.accept()[0]
        except OSError:  # no more files: wait for one
            gevent.sleep(0.1)


def listen(port):
    address = ("127.0.0.1", port)
    try:
        return socket.create_server(address, backlog=4096)
    except OSError as error:
        reason = os.strerror(error.errno)
        sys.exit(f"can't listen on port {port}: {reason}")
    except OverflowError:
        sys.exit(f"there is no port {port}: the last one is 65535")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    gevent.signal_handler(signal.SIGTERM, sys.exit)
    gevent.signal_handler(signal.SIGINT, sys.exit)
    listener = listen(arguments().port)
    port = listener.getsockname()[1]
    print("listening on port", port, flush=True)
    serve(listener)
