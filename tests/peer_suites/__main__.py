"""Run greenlet's and gevent's own tests plainly and watched: each must come to the same.

`make peer-suites`, or `python -m tests.peer_suites [--level L] [--resume] [SUITE] [WORD ...]`: of a
suite, the modules whose name holds one of the words. The report goes to build/peer-suites/; the
status is 1 where a module differs and explained.toml does not say why.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TextIO

from tests.peer_suites import report
from tests.peer_suites.comparing import Comparison, compare, explanations, settle
from tests.peer_suites.suites import SUITES, Module, modules
from tests.peer_suites.verdicts import LEVELS, PLAIN

_FOLDER = Path(__file__).parents[2] / "build" / "peer-suites"


def main() -> int:
    """Run what is asked for, and report."""
    options = _options()
    wanted = _wanted(options.words)
    path = _FOLDER / f"{sys.version_info[0]}.{sys.version_info[1]}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    if options.resume and path.exists():
        done = {line.split()[0] for line in path.read_text().splitlines() if line.strip()}
        wanted = [one for one in wanted if str(one) not in done]
    levels = options.level or list(LEVELS)
    explained, seen = explanations(), list[Comparison]()
    with path.open("a" if options.resume else "w") as file:
        _say(report.heading([PLAIN, *levels]), file)
        for comparison in _compared(wanted, levels, options):
            seen.append(comparison)
            _say(report.row(comparison, explained), file)
        for comparison in seen:
            for line in report.details(comparison):
                _say(line, file)
        for line in report.summary(seen, explained):
            _say(line, file)
    print(f"the report: {path}")
    return int(any(one.unexplained(explained) or one.silent for one in seen))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="a suite, or a part of a module's name")
    parser.add_argument("--level", action="append", choices=LEVELS)
    parser.add_argument("--resume", action="store_true", help="leave out what is in the report")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=float, default=300, help="seconds for each run")
    return parser.parse_args()


def _wanted(words: Sequence[str]) -> list[Module]:
    suites = [word for word in words if word in SUITES] or list(SUITES)
    parts = [word for word in words if word not in SUITES]
    found = [module for suite in suites for module in modules(suite)]
    return [one for one in found if not parts or any(part in one.name for part in parts)]


def _compared(
    wanted: Sequence[Module], levels: Sequence[str], options: argparse.Namespace
) -> Iterator[Comparison]:
    """Compare modules side by side where they may be; then, alone, the rest and what differed."""
    doubtful = list[Comparison]()
    with ThreadPoolExecutor(options.jobs) as pool:
        under_way = [
            pool.submit(compare, one, levels, options.limit) for one in wanted if not one.alone
        ]
        for future in as_completed(under_way):
            comparison = future.result()
            if comparison.differing:
                doubtful.append(comparison)
            else:
                yield comparison
    for module in wanted:
        if module.alone:
            first = compare(module, levels, options.limit)
            yield settle(first, options.limit) if first.differing else first
    for comparison in doubtful:
        yield settle(comparison, options.limit)


def _say(line: str, file: TextIO) -> None:
    print(line, flush=True)
    print(line, file=file, flush=True)


if __name__ == "__main__":
    sys.exit(main())
