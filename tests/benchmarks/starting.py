"""Delay of a watched program's start: `python -m tests.benchmarks.starting`, of `make bench`.

From exec to the first byte of a program that prints at once, in turns: plainly, at both levels, and
out of a child that was kept warm.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from coroplay.host.launch import Launch, Level, Script
from coroplay.host.warm import Warm
from tests.benchmarks.figures import Figure, spread, table

TURNS = 15
LATER_AT_MOST = 40.0
"""Goal in milliseconds."""
LOADING = 1.0
"""Seconds in which the warm child gets ready, as it does while a person reads."""


def plainly(script: str) -> float:
    """Milliseconds from exec to the first byte."""
    return _first_byte([sys.executable, script])


def watched(script: str, level: Level) -> float:
    """Milliseconds from exec to the first byte of the program in the probe."""
    with tempfile.TemporaryDirectory() as record:
        launch = Launch(Script(script), level=level, record=Path(record))
        return _first_byte(launch.command())


def out_of_the_warm_child(script: str, warm: Warm) -> float:
    """Milliseconds to the first byte from telling a waiting child what to run."""
    warm.prepare()
    time.sleep(LOADING)
    with tempfile.TemporaryDirectory() as record:
        launch = Launch(Script(script), (), Level.LINES, Path(record), control=True)
        started = time.perf_counter()
        child = warm.start(launch)
        assert child.stdout is not None
        child.stdout.read(1)
        seconds = time.perf_counter() - started
        child.stdout.read()
        child.finish()
    return seconds * 1000


def _first_byte(command: list[str]) -> float:
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read(1)
        seconds = time.perf_counter() - started
        child.stdout.read()
    return seconds * 1000


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # Nobody compiles anew at every start.
    found: dict[str, list[float]] = {}
    warm = Warm()
    with tempfile.TemporaryDirectory() as folder:
        script = str(Path(folder, "hello.py"))
        Path(script).write_text("print('hello', flush=True)\n")
        for _ in range(TURNS):
            found.setdefault("plain Python", []).append(plainly(script))
            found.setdefault("at level switches", []).append(watched(script, Level.SWITCHES))
            found.setdefault("at level lines", []).append(watched(script, Level.LINES))
            found.setdefault("out of the warm child", []).append(
                out_of_the_warm_child(script, warm)
            )
    warm.close()
    plain = statistics.median(found["plain Python"])
    figures = []
    for what, values in found.items():
        later = statistics.median(values) - plain
        goal = (
            "" if values is found["plain Python"] else f"{LATER_AT_MOST:+.0f} ms; is {later:+.1f}"
        )
        figures.append(Figure(what, spread(values, "ms"), goal, later <= LATER_AT_MOST))
    return 0 if table(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
