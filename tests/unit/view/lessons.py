"""Recordings of the lessons that the views are tried on, quick ones: made once for all tests."""

from __future__ import annotations

import os
from pathlib import Path

from coroplay.trace import Recording
from tests.support.programs import DEMOS, Workbench

SCRIPTS = {
    "yield": ("01_yield/producer_consumer.py", ("--items", "3", "--pace", "0"), "producer"),
    "greenlet": ("02_greenlet/eat_play.py", (), "main"),
    "basics": ("04_gevent_basics/join.py", ("--pace", "0.1"), "main"),
    "queue": ("11_queue/queue_of_two.py", ("--pace", "0.02"), "main"),
}
PING_PONG = """
from greenlet import greenlet

def ping(count):
    for n in range(count):
        other.switch(n)

def pong(first):
    while True:
        got = here.switch("back")

here = greenlet(ping)
other = greenlet(pong)
here.switch(5000)
"""


class Lessons:
    """Records a lesson when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._bench = Workbench(folder)
        self._known: dict[str, Recording] = {}

    def __getitem__(self, name: str) -> Recording:
        if name not in self._known:
            script, arguments, main = SCRIPTS[name]
            path = os.fspath(DEMOS / script)
            options = ("--main-name", main)
            self._known[name] = self._bench.record(path, *arguments, options=options)
        return self._known[name]

    def of(self, source: str, status: int = 0) -> Recording:
        """The recording of a program given by its source."""
        if source not in self._known:
            script = self._bench.script(source, f"program{len(self._known)}.py")
            self._known[source] = self._bench.record(script, status=status)
        return self._known[source]

    def close(self) -> None:
        """Close all."""
        for recording in self._known.values():
            recording.close()
