"""Cost of a line at level `lines`, beside other tools that watch lines.

Part of `make bench`, or `python -m tests.benchmarks.lines [--rounds N] [--loop WORD]`. All tools
take turns; of each the least and, as the spread, the worst of its turns is shown. The goals are
ratios: against PySnooper and snoop, the tools that also show the locals that changed.
"""

from __future__ import annotations

import argparse
import importlib.util
import shutil
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import loops
from tests.benchmarks.loops import LOOPS, TOOLS, Loop, Tool

_MODULES = {
    loops.PYSNOOPER: "pysnooper",
    loops.SNOOP: "snoop",
    loops.VIZTRACER: "viztracer",
    loops.COVERAGE: "coverage",
}
_GOAL = 30
"""Least factor by which a line in C costs less than with the cheaper of PySnooper and snoop."""


def _is_there(tool: Tool) -> bool:
    module = _MODULES.get(tool)
    return module is None or importlib.util.find_spec(module) is not None


def measure(loop: Loop, rounds: int) -> dict[Tool, list[float]]:
    """Measure nanoseconds a line for each tool, one figure a round."""
    figures: dict[Tool, list[float]] = {tool: [] for tool in TOOLS if _is_there(tool)}
    for _ in range(rounds):
        for tool, found in figures.items():
            folder = Path(tempfile.mkdtemp())
            found.append(loops.nanoseconds_a_line(loop, tool, folder))
            shutil.rmtree(folder)
    return figures


def _goal(loop: Loop, tool: Tool, least: dict[Tool, float]) -> tuple[str, bool]:
    """Put the goal of one tool into words, and tell whether it is met."""
    if tool is loops.SWITCHES and loop is not loops.PIPELINE:
        plain = least[loops.PLAIN]
        return f"goal {plain * 1.1:.0f}: as unwatched", least[tool] <= plain * 1.1 + 1
    rivals = [least[one] for one in (loops.PYSNOOPER, loops.SNOOP) if one in least]
    if tool not in (loops.OURS_C, loops.OURS_PYTHON) or not rivals:
        return "", True
    ratio = min(rivals) / least[tool]
    if tool is loops.OURS_PYTHON:
        return f"{ratio:.1f}x cheaper, without a goal", True
    return f"goal {min(rivals) / _GOAL:.0f}: {_GOAL}x cheaper; is {ratio:.1f}x", ratio >= _GOAL


def report(loop: Loop, figures: dict[Tool, list[float]]) -> bool:
    """Print the figures of one loop, and tell whether all goals are met."""
    print(f"\n{loop.what}: nanoseconds a line, least … worst turn")
    least = {tool: min(found) for tool, found in figures.items()}
    met_all = True
    for tool, found in figures.items():
        words, met = _goal(loop, tool, least)
        sign = " " if not words else "✓" if met else "✗"
        print(f"{sign} {tool.what:<30}{min(found):>9.0f} … {max(found):<9.0f}{words}")
        met_all = met_all and met
    return met_all


def main() -> int:
    """Measure, and print a table a loop; the status says whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loop", default="", help="only loops with that word in their name")
    options = parser.parse_args()
    version = ".".join(map(str, sys.version_info[:3]))
    missing = [module for tool, module in _MODULES.items() if not _is_there(tool)]
    print(f"Python {version}" + (f"; not installed: {', '.join(missing)}" if missing else ""))
    chosen = [loop for loop in LOOPS if options.loop in loop.what]
    met = [report(loop, measure(loop, options.rounds)) for loop in chosen]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
