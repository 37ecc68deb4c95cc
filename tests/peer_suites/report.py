"""Table of the outcomes of every module, and the summary below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.peer_suites.comparing import Comparison, Explanation

_NAME, _CELL = 50, 26


def heading(levels: Sequence[str]) -> str:
    """The first line of the table."""
    cells = "".join(f"{level:<{_CELL}}" for level in levels)
    return f"{'module (ran/failed/skipped)':<{_NAME}}{cells}"


def row(comparison: Comparison, explained: Sequence[Explanation]) -> str:
    """Line of the table for one module."""
    cells = "".join(
        f"{f'{done.verdict} {done.seconds:.1f} s':<{_CELL}}" for done in comparison.runs.values()
    )
    return f"{comparison.module!s:<{_NAME}}{cells}{_judgement(comparison, explained)}"


def _judgement(comparison: Comparison, explained: Sequence[Explanation]) -> str:
    parts = []
    if comparison.unexplained(explained):
        parts.append("DIFFERS")
    elif comparison.differing:
        parts.append("explained")
    else:
        parts.append("same")
    if comparison.again and not comparison.differing:
        parts.append(f"(only alone, at run {comparison.again}; at first {comparison.at_first})")
    parts += [f"SILENT {why}" for why in comparison.silent]
    return " ".join(parts)


def details(comparison: Comparison) -> Iterator[str]:
    """Differences in a module, test by test, and the end of the output when watched."""
    plain, *watched = comparison.runs.items()
    for level, done in watched:
        if level not in comparison.differing:
            continue
        yield f"== {comparison.module} at {level}"
        yield f"   {plain[1].verdict} plain, {done.verdict} watched"
        for test in sorted(set(done.verdict.failed) ^ set(plain[1].verdict.failed)):
            side = "watched" if test in done.verdict.failed else "plain"
            yield f"   fails only {side}: {test}"
        yield from (f"   | {line}" for line in done.output.splitlines()[-60:])


def summary(comparisons: Sequence[Comparison], explained: Sequence[Explanation]) -> list[str]:
    """Number of modules that came to the same, and names of those that did not."""
    bad = [one for one in comparisons if one.unexplained(explained)]
    known = [one for one in comparisons if one.differing and one not in bad]
    shaky = [one for one in comparisons if one.again and not one.differing]
    silent = [one for one in comparisons if one.silent]
    same = len(comparisons) - len(bad) - len(known)
    lines = [f"{len(comparisons)} modules: {same} the same, {len(known)} explained"]
    lines[0] += f", {len(bad)} different"
    for title, some in (
        ("different", bad),
        ("explained", known),
        ("the same only when alone", shaky),
        ("recording broken off", silent),
    ):
        if some:
            names = ", ".join(str(one.module) for one in some)
            lines.append(f"{title}: {names}")
    return lines
