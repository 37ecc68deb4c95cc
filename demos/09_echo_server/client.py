"""A client: each line you type comes back from the server."""

import argparse
import socket
import sys
import time


def chat(connection):
    answers = connection.makefile(encoding="utf-8")
    while True:
        line = input("> ") + "\n"
        connection.sendall(line.encode())
        answer = answers.readline()
        if not answer:
            raise ConnectionError
        print(answer, end="")


def connect(port):
    """Ring until the server answers, for five seconds."""
    for _ in range(50):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionError:
            time.sleep(0.1)
    sys.exit(f"no answer on port {port}: is server.py running?")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_args()


port = arguments().port
if not port:
    sys.exit("client.py needs --port N: server.py prints its port")
connection = connect(port)
print("connected: type something, ctrl+d ends")
try:
    chat(connection)
except (EOFError, KeyboardInterrupt):
    print("goodbye")
except ConnectionError:
    sys.exit("the server has gone")
