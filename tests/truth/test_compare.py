"""The comparison itself: what is false is found, what is left open is not held against anybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.truth.compare import compare
from tests.truth.facts import Ended, Fact, Facts, Moved, Printed, Ran, Way
from tests.truth.model import Rendered

TRUE: list[Fact] = [
    Printed("main", "scenario s1"),
    Moved("main", "g1", Way.START),
    Ran("g1", 3),
    Moved("g1", "main", Way.YIELD, "1"),
    Moved("main", "g1", Way.RESUME, "2", line=7),
    Printed("g1", "g1"),
    Ended("g1", Way.RETURN, "5"),
    Moved("g1", "main", Way.RETURN, "5"),
]
RENDERED = Rendered("", plain={7: "r = g1.send(2)"})


def lies(order: list[Fact], line: int | None = 6, creator: str | None = "main") -> list[str]:
    told = Facts(order, {"g1": (creator, line)}, {}, {"g1"})
    true = Facts(list(TRUE), {"g1": ("main", 6)}, {})
    return compare(told, true, lines=True, rendered=RENDERED).lies


def changed(index: int, fact: Fact | None) -> list[Fact]:
    return [*TRUE[:index], *([fact] if fact else []), *TRUE[index + 1 :]]


def test_the_truth_is_true() -> None:
    assert lies(list(TRUE)) == []


@pytest.mark.parametrize("index", range(len(TRUE)))
def test_a_step_that_is_missing_is_found(index: int) -> None:
    assert lies(changed(index, None))


@pytest.mark.parametrize(
    ("index", "fact"),
    [
        (1, Moved("main", "g1", Way.RESUME, "None")),
        (2, Ran("g1", 4)),
        (3, Moved("g1", "main", Way.YIELD, "2")),
        (3, Moved("g1", "g2", Way.YIELD, "1")),
        (4, Moved("main", "g1", Way.RESUME, "None")),
        (5, Printed("main", "g1")),
        (6, Ended("g1", Way.FAIL, "KeyError()")),
        (6, Ended("g1", Way.CLOSE)),
        (6, Ended("g1", Way.RETURN, "None")),
        (7, Moved("g1", "main", Way.FAIL, "KeyError()")),
    ],
)
def test_a_false_step_is_found(index: int, fact: Fact) -> None:
    assert lies(changed(index, fact))


def test_a_false_creator_and_a_false_line_are_found() -> None:
    assert lies(list(TRUE), creator="g2")
    assert lies(list(TRUE), line=9)


def test_what_is_left_open_is_no_lie_but_where_it_is_plain() -> None:
    assert lies(list(TRUE), line=None, creator=None) == []
    assert lies(changed(3, Moved("g1", "main", Way.YIELD))) == []
    assert lies(changed(6, Ended("g1", Way.UNSEEN))) == []
    move = TRUE[4]
    assert isinstance(move, Moved)
    assert lies(changed(4, replace(move, value=None, line=8))) == []
    assert lies(changed(4, replace(move, value=None)))
