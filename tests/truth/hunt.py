"""The hunt for programs of which a recording says something false; a short one of each kind."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.truth.model import Program
from tests.truth.render import render
from tests.truth.run import WAYS, Lie, Way, judge
from tests.truth.shorten import shortened
from tests.truth.strategies import programs

_SCENARIOS: Final = 12
_EXAMPLES: Final = 20
_SHORTENING_S: Final = 60
"""Seconds for which a shorter program is looked for, of each kind."""


_False = tuple[Program, list[Lie]]


@dataclass(frozen=True, slots=True)
class Found:
    """False statements, a short program of which they are made, and what finds it again."""

    source: str
    lies: list[Lie]
    number: int


def hunt(
    seconds: float, features: frozenset[str], ways: Sequence[Way] = WAYS, first: int = 0
) -> Iterator[Found]:
    """Look for false statements that long, each kind once."""
    until = time.monotonic() + seconds
    seen: set[str] = set()
    number = first
    while time.monotonic() < until:
        if (false := _look(number, features, ways, seen)) is None:
            number += 1
            continue
        program, lies = _shortest(*false, seen)
        seen.update(lie.kind for lie in lies)
        yield Found(render(program).source, lies, number)


def _look(
    number: int, features: frozenset[str], ways: Sequence[Way], seen: set[str]
) -> _False | None:
    """Try some programs; return the first of which something new is said falsely."""
    false: _False | None = None

    @seed(number)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(features, _SCENARIOS))
    def look(program: Program) -> None:
        nonlocal false
        if false is None and (lies := _new(program, ways, seen)):
            false = program, lies

    look()
    return false


def _new(program: Program, ways: Sequence[Way], seen: set[str]) -> list[Lie]:
    return [lie for lie in judge(program, ways).lies if lie.kind not in seen]


def _shortest(program: Program, lies: list[Lie], seen: set[str]) -> _False:
    """Return a shorter program, of which the first of these is said in the same way."""
    until = time.monotonic() + _SHORTENING_S

    def is_false(shorter: Program) -> bool:
        if time.monotonic() > until:
            return False
        return any(lie.kind == lies[0].kind for lie in _new(shorter, [lies[0].way], seen))

    short = shortened(program, is_false)
    return short, _new(short, WAYS, seen) or lies
