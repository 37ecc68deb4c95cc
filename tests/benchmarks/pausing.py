"""Lateness of gevent's waits in a program that is paused: `python -m tests.benchmarks.pausing`.

Part of `make bench`. All kinds of waits run at once, in turns: in plain Python, and stepped through
with two long pauses. Lateness is by the program's own clock, which leaves pauses out.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure, table
from tests.support.pausing import LOOPS, Wait, paused_run, unpaused_run
from tests.support.waits import TIMED, WOKEN

WITHIN_MS = 10.0
PAUSES_S = 0.5, 0.3
Late = dict[str, list[float]]
"""Lateness in milliseconds, by kind of wait."""


def once(loop: str, folder: Path, *, paused: bool) -> Late:
    """One run of all kinds of waits, which are due 20 ms apart."""
    kinds = [*TIMED, *WOKEN]
    waits: list[Wait] = [(kind, number / 50) for number, kind in enumerate(kinds, 1)]
    if paused:
        at = dict(zip((4 * len(kinds), 5 * len(kinds)), PAUSES_S, strict=True))
        course = paused_run(folder, waits, loop, pauses=at)
    else:
        course = unpaused_run(waits, loop)
    late: Late = {}
    for wait in [one for one in course.timed if one.kind in TIMED] + course.woken:
        late[wait.kind] = [wait.late * 1000]
    return late


def measure(loop: str, rounds: int) -> tuple[Late, Late]:
    """Measure in plain Python, and paused."""
    found: tuple[Late, Late] = ({}, {})
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(rounds):
            for paused, late in enumerate(found):
                record = Path(folder, f"{turn}-{paused}")
                for kind, values in once(loop, record, paused=bool(paused)).items():
                    late.setdefault(kind, []).extend(values)
    return found


def figures(loop: str, rounds: int) -> list[Figure]:
    """Lateness that nine waits in ten keep to, by kind, beside the same in plain Python."""
    unpaused, paused = measure(loop, rounds)
    return [
        Figure(
            f"{loop}, {kind}",
            _spread(late),
            f"9 in 10 within {WITHIN_MS:.0f} ms; plain {_spread(unpaused[kind])}",
            _most(late) <= WITHIN_MS,
        )
        for kind, late in paused.items()
    ]


def _most(late: list[float]) -> float:
    return statistics.quantiles([abs(value) for value in late], n=10, method="inclusive")[-1]


def _spread(late: list[float]) -> str:
    middle, most = statistics.median(late), max(late, key=abs)
    return f"{middle:.1f}, 9 in 10 {_most(late):.1f}, most {most:.1f} ms"


def main() -> int:
    """Measure, and print a table; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = max(2, parser.parse_args().rounds)
    return 0 if table([one for loop in LOOPS for one in figures(loop, rounds)]) else 1


if __name__ == "__main__":
    sys.exit(main())
