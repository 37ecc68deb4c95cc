"""Cost of watching a server: requests a second of a gevent echo server with 1,000 connections.

Part of `make bench`, or `python -m tests.benchmarks.serving [--connections N] [--rounds N]`. The
server runs plainly and watched in turns; the clients are another process, which nobody watches.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from coroplay.host.launch import Launch, Level, Script
from tests.benchmarks.figures import Figure, spread, table

AT_LEAST = 0.95
"""Least share of the requests a second that the server handles plainly."""
SECONDS = 1.5
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
import selectors, socket, sys, time
port, connections, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
REQUEST = b"a request of some bytes"
selector = selectors.DefaultSelector()
def ask(seconds):
    served, started = 0, time.perf_counter()
    while (took := time.perf_counter() - started) < seconds:
        for key, _ in selector.select():
            key.data.recv(256)
            key.data.send(REQUEST)
            served += 1
    return served / took, served
for _ in range(connections):
    connection = socket.create_connection(("127.0.0.1", port))
    selector.register(connection, selectors.EVENT_READ, connection)
    connection.send(REQUEST)
_, before = ask(0.5)
rate, served = ask(seconds)
print(rate, before + served)
"""
"""One thread that only waits for sockets: it is quicker than any server, so the server's time is
what is measured."""


@dataclass(frozen=True, slots=True)
class Served:
    """Outcome of one run of the server."""

    rate: float
    """Requests a second."""
    cpu_us: float
    """Processor time of the server for each request."""


def serve(command: Sequence[str], clients: Sequence[str]) -> Served:
    """Let a server serve clients for a while."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        before = _cpu_s(server.pid)
        told = [*clients[:3], port, *clients[3:]]
        done = subprocess.run(told, check=True, capture_output=True, text=True)
        spent = _cpu_s(server.pid) - before
        server.kill()
    rate, served = map(float, done.stdout.split())
    return Served(rate, spent / served * 1e6)


def _cpu_s(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def measure(connections: int, rounds: int) -> dict[Level, list[Served]]:
    """Run the server each way, once a round."""
    found: dict[Level, list[Served]] = {level: [] for level in Level}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "server.py")
        script.write_text(SERVER)
        clients = [sys.executable, "-c", CLIENTS, str(connections), str(SECONDS)]
        for turn in range(rounds):
            for level, runs in found.items():
                path = None if level is Level.OFF else Path(folder, f"{level.value}-{turn}")
                if path is not None:
                    path.mkdir()
                launch = Launch(Script(str(script)), level=level, record=path)
                runs.append(serve(launch.command(), clients))
    return found


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    _allow_connections(options.connections)
    found = measure(options.connections, options.rounds)
    figures = []
    for level, runs in found.items():
        rates = [run.rate for run in runs]
        # Of runs beside each other: a busy machine makes the whole round slower.
        beside = zip(rates, found[Level.OFF], strict=True)
        ratio = statistics.median(rate / plain.rate for rate, plain in beside)
        cpu_us = statistics.median(run.cpu_us for run in runs)
        measured = f"{spread(rates, '/s', 0)}, {cpu_us:.1f} us of CPU each"
        wanted = f"{AT_LEAST} of plain" if level is Level.SWITCHES else "none"
        met = level is not Level.SWITCHES or ratio >= AT_LEAST
        figures.append(
            Figure(f"echo server, level {level.value}", measured, f"{wanted}; is {ratio:.2f}", met)
        )
    return 0 if table(figures) else 1


def _allow_connections(count: int) -> None:
    import resource

    with suppress(ValueError, OSError):
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * count + 100), hard))


if __name__ == "__main__":
    sys.exit(main())
