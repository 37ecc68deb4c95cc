"""Comparison of each module run plainly with the same one watched."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.peer_suites.suites import Module
from tests.peer_suites.verdicts import PLAIN, Done, run

EXPLAINED: Final = Path(__file__).with_name("explained.toml")
_ATTEMPTS: Final = 5
"""Runs in a row, the module alone, that have to differ for a difference to be believed."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A difference that can't be helped."""

    module: str
    """Suite and module, as in ``greenlet.test_gc``."""
    tests: tuple[str, ...]
    """Tests that fail only when watched."""
    levels: tuple[str, ...]
    reason: str
    told: str
    """Document in which a person whose own program does the same reads of it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Outcomes of a module, plainly and at each level."""

    module: Module
    runs: Mapping[str, Done]
    """Runs by level, the plain one first."""
    again: int = 0
    """Runs alone that it took to tell, after one beside others differed."""
    at_first: str = ""
    """Verdicts that differed in the run beside others."""

    @property
    def differing(self) -> list[str]:
        """Levels at which the verdict is not the plain one."""
        plain = self.runs[PLAIN].verdict
        return [level for level, done in self.runs.items() if done.verdict != plain]

    def difference(self) -> str:
        """Plain verdict and the verdicts that differ from it; empty if none does."""
        plain = self.runs[PLAIN].verdict
        parts = [f"{level} {self.runs[level].verdict}" for level in self.differing]
        return ", ".join([*parts, f"plain {plain}"]) if parts else ""

    @property
    def silent(self) -> list[str]:
        """Reasons for which the probe stopped recording."""
        return [f"{level}: {done.silent}" for level, done in self.runs.items() if done.silent]

    def unexplained(self, explanations: Iterable[Explanation]) -> list[str]:
        """Levels whose difference is not explained."""
        own = [one for one in explanations if one.module == str(self.module)]
        return [level for level in self.differing if not self._explained(level, own)]

    def _explained(self, level: str, explanations: Iterable[Explanation]) -> bool:
        plain, watched = self.runs[PLAIN].verdict, self.runs[level].verdict
        known = {test for one in explanations if level in one.levels for test in one.tests}
        more = set(watched.failed) - set(plain.failed)
        return (
            bool(more)
            and more <= known
            and (plain.ran, plain.skipped)
            == (
                watched.ran,
                watched.skipped,
            )
        )


def explanations() -> list[Explanation]:
    """Read the explanations that are kept beside this module."""
    found = tomllib.loads(EXPLAINED.read_text()).get("difference", [])
    return [
        Explanation(
            one["module"], tuple(one["tests"]), tuple(one["levels"]), one["reason"], one["told"]
        )
        for one in found
    ]


def compare(module: Module, levels: Iterable[str], limit: float) -> Comparison:
    """Run a module plainly and at each level, one right after the other."""
    return Comparison(module, {one: run(module, one, limit) for one in (PLAIN, *levels)})


def settle(first: Comparison, limit: float) -> Comparison:
    """Run what differs again, with nothing beside it, until it is the same or is believed."""
    seen = first
    for attempt in range(1, _ATTEMPTS + 1):
        levels = [level for level in seen.runs if level != PLAIN]
        new = compare(seen.module, levels, limit)
        seen = Comparison(seen.module, new.runs, attempt, first.difference())
        if not seen.differing:
            break
    return seen
