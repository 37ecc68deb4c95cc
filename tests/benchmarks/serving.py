"""What watching costs a server: requests a second of a gevent echo server with 1,000 connections.

Part of `make bench`, or `python -m tests.benchmarks.serving [--connections N] [--rounds N]`. The
server runs plainly and watched in turns; the clients are another process, which nobody watches.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from coroplay.host.launch import Launch, Level, Script
from tests.benchmarks.figures import Figure, spread, table

AT_LEAST = 0.95
"""Of the requests a second that it serves plainly."""
SECONDS = 3.0
SERVER = """
from gevent.server import StreamServer
def echo(connection, address):
    while data := connection.recv(256):
        connection.sendall(data)
server = StreamServer(("127.0.0.1", 0), echo, backlog=1024)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
"""
CLIENTS = """
import sys, time
import gevent
from gevent import socket
from gevent.event import Event
port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
served, go = 0, Event()
def client():
    global served
    connection = socket.create_connection(("127.0.0.1", port))
    go.wait()
    while True:
        connection.sendall(b"a request of some bytes")
        connection.recv(256)
        served += 1
clients = [gevent.spawn(client) for _ in range(connections)]
gevent.sleep(0.5 + connections / 2000)
go.set()
gevent.sleep(0.3)
first, started = served, time.perf_counter()
gevent.sleep(seconds)
print((served - first) / (time.perf_counter() - started))
"""


def requests_a_second(command: Sequence[str], clients: Sequence[str]) -> float:
    """How many requests that server serves those clients in a second."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        told = [*clients[:3], port, *clients[3:]]
        done = subprocess.run(told, check=True, capture_output=True, text=True)
        server.kill()
    return float(done.stdout)


def measure(connections: int, rounds: int) -> dict[str, list[float]]:
    """Requests a second, a figure a round, for each way to run the server."""
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "server.py")
        script.write_text(SERVER)
        clients = [sys.executable, "-c", CLIENTS, str(connections), str(SECONDS)]
        for turn in range(rounds):
            for level in Level:
                path = None if level is Level.OFF else Path(folder, f"{level.value}-{turn}")
                if path is not None:
                    path.mkdir()
                launch = Launch(Script(str(script)), level=level, record=path)
                rate = requests_a_second(launch.command(), clients)
                found.setdefault(level.value, []).append(rate)
    return found


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    _allow_connections(options.connections)
    found = measure(options.connections, options.rounds)
    figures = []
    for level, rates in found.items():
        ratio = max(rates) / max(found["off"])
        goal = (
            f"{AT_LEAST} of plain; is {ratio:.2f}" if level == "switches" else f"none; {ratio:.2f}"
        )
        met = level != "switches" or ratio >= AT_LEAST
        figures.append(Figure(f"echo server, level {level}", spread(rates, "/s", 0), goal, met))
    return 0 if table(figures) else 1


def _allow_connections(count: int) -> None:
    import resource

    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * count + 100), hard))


if __name__ == "__main__":
    sys.exit(main())
