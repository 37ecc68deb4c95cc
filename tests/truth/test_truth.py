"""What a recording says of programs made at random is true: a few hundred, the same each time.

`make truth` looks at thousands of others.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from coroplay.probe.base import accelerator
from tests.support.accelerators import either
from tests.truth.features import UNTIMED
from tests.truth.model import Act, Make, Program, Scenario, Sort, Yield
from tests.truth.render import render
from tests.truth.run import Way, judge
from tests.truth.strategies import programs

__all__ = ["either"]

SCENARIOS = 10
PLAIN = Program(
    (
        Scenario(
            (
                Make(Sort.GENERATOR, (Yield(), Yield())),
                Act(Sort.GENERATOR, "next", "plain"),
                Act(Sort.GENERATOR, "send", "plain"),
                Act(Sort.GENERATOR, "close", "plain"),
            ),
            guarded=False,
        ),
    )
)


@pytest.fixture
def used() -> str:
    """What the variable says that chooses between C and Python, as the other fixture has set it."""
    return os.environ[accelerator.VARIABLE]


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_nothing_false_is_said_of_random_programs(level: str, used: str) -> None:
    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(programs(UNTIMED, SCENARIOS))
    def look(program: Program) -> None:
        assert_true(program, level, used)

    look()


def assert_true(program: Program, level: str, used: str) -> None:
    verdict = judge(program, [Way(level, used)])
    assert not verdict.lies, "\n".join([render(program).source, *map(str, verdict.lies)])


def test_what_is_plain_is_told(used: str) -> None:
    verdict = judge(PLAIN, [Way("lines", used)])
    assert (verdict.lies, verdict.unknown) == ([], 0)
    assert verdict.known == 3
