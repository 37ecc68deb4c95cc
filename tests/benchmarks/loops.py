"""Loops whose lines are timed, and the tools that may watch them, as the text of a program.

Each program prints the processor time a line takes, in nanoseconds: the least of several turns, so
that what else the machine does counts for little.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
_TURNS: Final = 5


@dataclass(frozen=True, slots=True)
class Loop:
    """Source of a function ``work(n)`` that goes round n times."""

    what: str
    lines: int
    """Lines in one round."""
    source: str


@dataclass(frozen=True, slots=True)
class Tool:
    """Something that watches the lines of a program."""

    what: str
    rounds: int
    """Rounds of a loop in one turn: fewer where each line is expensive."""
    begin: str = "pass"
    """Source that runs before the first turn."""
    end: str = "pass"
    """Source that runs after the last turn."""
    probe: tuple[str, ...] | None = None
    """Options of the probe, if the tool is coroplay."""
    environment: tuple[tuple[str, str], ...] = ()


INTEGERS: Final = Loop(
    "integers that change",
    4,
    """
    def work(n):
        a = b = c = 0
        for i in range(n):
            a = i
            b = a + 1
            c = b * 2
        return c
    """,
)
UNCHANGED: Final = Loop(
    "big locals, unchanged",
    3,
    """
    def work(n):
        words = [str(number) for number in range(1000)]
        table = dict.fromkeys(words, 1)
        grid = [[0] * 20 for _ in range(20)]
        text = "x" * 10_000
        thing = object()
        i = 0
        while i < n:
            pass
            i += 1
        return i
    """,
)
CALLS: Final = Loop(
    "a loop of calls",
    4,
    """
    def add(a, b):
        total = a + b
        return total
    def work(n):
        s = 0
        for i in range(n):
            s = add(s, i)
        return s
    """,
)
PIPELINE: Final = Loop(
    "generators, switches too",
    6,
    """
    def count(n):
        for i in range(n):
            yield i
    def double(items):
        for item in items:
            yield item * 2
    def work(n):
        total = 0
        for value in double(count(n)):
            total += value
        return total
    """,
)
LOOPS: Final = (INTEGERS, UNCHANGED, CALLS, PIPELINE)

_NOTHING: Final = """
if sys.version_info >= (3, 12):
    sys.monitoring.use_tool_id(4, "nothing")
    sys.monitoring.register_callback(4, sys.monitoring.events.LINE, lambda code, line: None)
    sys.monitoring.set_events(4, sys.monitoring.events.LINE)
else:
    def trace(frame, event, arg): return trace
    sys.settrace(trace)
"""
_LINES: Final = ("--level", "lines", "--budget", "1000000000")
PLAIN: Final = Tool("unwatched", 20_000)
NOTHING: Final = Tool("a callback that does nothing", 10_000, begin=_NOTHING)
OURS_PYTHON: Final = Tool(
    "ours in Python", 2_000, probe=_LINES, environment=(("COROPLAY_ACCELERATOR", "off"),)
)
OURS_C: Final = Tool("ours in C", 4_000, probe=_LINES)
SWITCHES: Final = Tool("ours, level switches", 20_000, probe=("--level", "switches"))
PYSNOOPER: Final = Tool(
    "PySnooper",
    200,
    begin="import pysnooper\nwork = pysnooper.snoop(depth=4)(work)",
)
SNOOP: Final = Tool(
    "snoop",
    200,
    begin="import snoop\nwork = snoop.Config(color=False).snoop(depth=4)(work)",
)
VIZTRACER: Final = Tool(
    "VizTracer (calls only)",
    5_000,
    begin="import viztracer\ntracer = viztracer.VizTracer(verbose=0)\ntracer.start()",
    end="tracer.stop()",
)
COVERAGE: Final = Tool(
    "coverage (lines only)",
    5_000,
    begin="import coverage\nmeasured = coverage.Coverage(data_file=None)\nmeasured.start()",
    end="measured.stop()",
)
TOOLS: Final = (
    PLAIN,
    NOTHING,
    OURS_C,
    OURS_PYTHON,
    SWITCHES,
    PYSNOOPER,
    SNOOP,
    VIZTRACER,
    COVERAGE,
)


def nanoseconds_a_line(loop: Loop, tool: Tool, folder: Path) -> float:
    """Nanoseconds that a line of a loop costs under a tool, in a process of its own."""
    script = folder / "program.py"
    script.write_text(_program(loop, tool))
    command = [sys.executable, os.fspath(script)]
    if tool.probe is not None:
        record = folder / "recording"
        record.mkdir()
        probe = ("-m", "coroplay.probe", "--record", os.fspath(record), *tool.probe)
        command[1:1] = probe
    # PySnooper and snoop write there what we write into a recording.
    with (folder / "stderr").open("w") as errors:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=_environment(dict(tool.environment)),
            check=True,
        )
    return float(done.stdout)


def _program(loop: Loop, tool: Tool) -> str:
    parts = (
        "import os, sys, time",
        textwrap.dedent(loop.source),
        tool.begin,
        "turns = []",
        f"for _ in range({_TURNS}):",
        "    began = time.process_time_ns()",
        f"    work({tool.rounds})",
        f"    turns.append((time.process_time_ns() - began) / {tool.rounds * loop.lines})",
        tool.end,
        "print(min(turns))",
    )
    return "\n".join(parts)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {**own, "PYTHONPATH": os.fspath(ROOT), **more}
