"""The hunt for programs of which a recording says something false; the shortest of each kind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.truth.compare import kind_of
from tests.truth.model import Program
from tests.truth.render import render
from tests.truth.run import judge
from tests.truth.strategies import programs

WAYS: Final = tuple((level, used) for level in ("lines", "switches") for used in ("on", "off"))
_SCENARIOS: Final = 12
_EXAMPLES: Final = 20


class FalseError(AssertionError):
    """A recording said something false."""

    def __init__(self, program: Program, lies: list[str]) -> None:
        super().__init__("\n".join([render(program).source, *lies]))
        self.program = program
        self.lies = lies


@dataclass(frozen=True, slots=True)
class Found:
    """A false statement, the shortest program of which it is made, and what finds it again."""

    source: str
    lies: list[str]
    number: int


def hunt(
    seconds: float, features: frozenset[str], ways: Sequence[tuple[str, str]] = WAYS, first: int = 0
) -> Iterator[Found]:
    """Look for false statements that long, each kind once."""
    until = time.monotonic() + seconds
    seen: set[str] = set()
    number = first
    while time.monotonic() < until:
        try:
            _look(number, features, ways, seen)
        except FalseError as error:
            seen.update(map(kind_of, error.lies))
            yield Found(render(error.program).source, error.lies, number)
        else:
            number += 1


def _look(
    number: int, features: frozenset[str], ways: Sequence[tuple[str, str]], seen: set[str]
) -> None:
    """Try some programs; raise what the shortest false one says."""

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(features, _SCENARIOS))
    def look(program: Program) -> None:
        lies = [lie for lie in judge(program, ways).lies if kind_of(lie) not in seen]
        if lies:
            raise FalseError(program, lies)

    look()
