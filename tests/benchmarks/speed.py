"""Speed of the playground, as ratios and percentiles, measured on the real command.

`make bench`, or `python -m tests.benchmarks.speed [--lines N] [--only NAME ...]`. Each figure is
taken from outside: a pseudo-terminal, keys written to it, and what comes back. The goals are those
that the project has set itself; a machine that is busy with other things misses them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks import measures
from tests.benchmarks.figures import Figure, table


def start(_lines: int) -> list[Figure]:
    """Compare exec to the first full frame with a minimal Textual app."""
    pairs = [(measures.first_frame(), measures.first_frame_of_minimal_app()) for _ in range(15)]
    ours, minimal = (statistics.median(column) for column in zip(*pairs, strict=True))
    measured = f"{ours / minimal:.2f} ({ours * 1000:.0f} ms, {minimal * 1000:.0f} ms)"
    return [Figure("start, against a minimal app", measured, "1.3", ours / minimal <= 1.3)]


def output(_lines: int) -> list[Figure]:
    """Compare enter to the first output on the screen with plain Python to its first byte."""
    plain = statistics.median(measures.first_byte_of_plain_python() for _ in range(9))
    ours = statistics.median(measures.enter_to_output(9))
    measured = f"{ours / plain:.2f} ({ours * 1000:.0f} ms, {plain * 1000:.0f} ms)"
    return [Figure("enter to output, against plain Python", measured, "1.2", ours / plain <= 1.2)]


def keys(_lines: int) -> list[Figure]:
    """Measure from a key to the screen while a program prints as fast as it can."""
    times, memory = measures.keys_while_flooded(150)
    p95, p99 = _percentile(times, 95), _percentile(times, 99)
    return [
        Figure("key while flooded, p95", f"{p95:.0f} ms", "50 ms", p95 <= 50),
        Figure("key while flooded, p99", f"{p99:.0f} ms", "80 ms", p99 <= 80),
        Figure("memory while flooded", f"{memory:.0f} MB", "200 MB", memory < 200),
    ]


def flood(lines: int) -> list[Figure]:
    """Compare very many lines with the same child into a pipe that is read and thrown away."""
    thrown = measures.flood_thrown_away(lines)
    shown, memory = measures.flood_shown(lines)
    measured = f"{shown / thrown:.2f} ({shown:.1f} s, {thrown:.1f} s)"
    return [
        Figure(f"{lines:,} lines, against thrown away", measured, "2", shown / thrown <= 2),
        Figure(f"memory after {lines:,} lines", f"{memory:.0f} MB", "200 MB", memory < 200),
    ]


def steps(_lines: int) -> list[Figure]:
    """Measure one step, all panes drawn again, by a recording's length and its coroutines."""
    figures = []
    for name, source, count in (
        ("a short recording", measures.TURNS, 0),
        ("1,000,000 steps", measures.TURNS, 1_000_000),
        ("1,000,000 steps of 5,000 coroutines", measures.CROWD, 1_000_000),
    ):
        p95 = _percentile(measures.steps_in_recording(source, count, 120), 95)
        figures.append(Figure(f"one step, {name}, p95", f"{p95:.1f} ms", "16 ms", p95 <= 16))
    return figures


ALL: dict[str, Callable[[int], list[Figure]]] = {
    function.__name__: function for function in (start, output, keys, flood, steps)
}


def _percentile(values: list[float], percent: int) -> float:
    """Seconds as milliseconds."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1] * 1000


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--only", nargs="*", choices=sorted(ALL), default=list(ALL))
    options = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = str(Path(home))
        for name in options.only:
            print(f"measuring: {name}", file=sys.stderr)
            figures += ALL[name](options.lines)
    return 0 if table(figures) else 1


if __name__ == "__main__":
    sys.exit(main())
