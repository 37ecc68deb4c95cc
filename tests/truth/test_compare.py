"""The comparison itself: what is false is found, what is left open is not held against anybody."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

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


EXPRESSION_ENDS: list[Fact] = [
    Moved("main", "<genexpr>:7", Way.START),
    Ended("<genexpr>:7", Way.RETURN, "None"),
    Moved("<genexpr>:7", "main", Way.RETURN, "None"),
]
CLOSED_THROUGH: list[Fact] = [
    Moved("main", "g2", Way.CLOSE),
    Ran("g2", 3),
    Ended("g2", Way.CLOSE),
    Moved("g2", "main", Way.RETURN),
    Moved("main", "g1", Way.CLOSE),
    Ran("g1", 9),
    Ended("g1", Way.CLOSE),
    Moved("g1", "main", Way.RETURN),
]
"""g1 delegates to g2, and is closed."""


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


def compared(told: list[Fact], true: list[Fact]) -> list[str]:
    names: dict[str, tuple[str | None, int | None]] = dict.fromkeys(
        ("g1", "g2", "c1", "<genexpr>"), (None, None)
    )
    return compare(
        Facts(told, names, {}), Facts(true, {}, {}), lines=True, rendered=Rendered("")
    ).lies


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_a_close_that_goes_by_several_may_be_told_of_each(depth: int) -> None:
    names = ["main", *(f"g{n}" for n in range(depth))]
    told: list[Fact] = [Moved(outer, inner, Way.CLOSE) for outer, inner in pairwise(names)]
    true: list[Fact] = [Moved("main", names[-1], Way.CLOSE)]
    assert compared(told, true) == []
    assert compared(told[:-1], true)


def test_an_end_between_that_ran_nothing_hides_no_other() -> None:
    start, end, after = EXPRESSION_ENDS
    told: list[Fact] = [
        Moved("main", "<genexpr>", Way.START),
        Ended("g1", Way.CLOSE),
        Ended("<genexpr>", Way.RETURN, "None"),
    ]
    back = Moved("<genexpr>", "main", Way.RETURN)
    assert compared([*told, back], EXPRESSION_ENDS) == []
    assert compared([*told, back], [start, after])
    assert compared([*told[::2], back], [start, end, after]) == []


def test_who_is_closed_goes_on_when_the_one_it_delegates_to_is_closed() -> None:
    told = list(CLOSED_THROUGH)
    told[3:5] = [Moved("g2", "g1", Way.RETURN)]
    assert compared(told, CLOSED_THROUGH) == []
    told[3] = Moved("g2", "g1", Way.FAIL, "KeyError()")
    assert compared(told, CLOSED_THROUGH)


def test_one_whose_name_is_not_known_is_one_of_the_others() -> None:
    true: list[Fact] = [
        Moved("main", "l1", Way.START),
        Ended("l1", Way.RETURN, "None"),
        Moved("l1", "main", Way.RETURN),
    ]
    told: list[Fact] = [
        Moved("main", "greenlet", Way.START),
        Ended("greenlet", Way.UNSEEN),
        Moved("greenlet", "main", Way.RETURN),
    ]
    assert compared(told, true) == []
    assert compared(told[1:], true)


def test_a_text_that_is_cut_is_compared_as_far_as_it_goes() -> None:
    error = f"ValueError('{'long ' * 40}')"
    true: list[Fact] = [Ended("g1", Way.FAIL, error)]
    assert compared([Ended("g1", Way.FAIL, f"{error[:60]}'…)")], true) == []
    assert compared([Ended("g1", Way.FAIL, f"{error[10:60]}'…)")], true)


def test_what_a_managers_close_throws_may_be_told_as_thrown() -> None:
    true: list[Fact] = [
        Moved("g1", "c1", Way.CLOSE),
        Ran("c1", 3),
        Ended("c1", Way.CLOSE),
        Moved("c1", "g1", Way.RETURN),
    ]
    thrown = "GeneratorExit()"
    told: list[Fact] = [
        Moved("g1", "c1", Way.THROW, thrown),
        Ran("c1", 3),
        Ended("c1", Way.FAIL, thrown),
        Moved("c1", "g1", Way.FAIL, thrown),
    ]
    assert compared(told, true) == []
    assert compared([*told[:3], Moved("c1", "g1", Way.FAIL, "KeyError()")], true)
    other = [replace(one, target="g2") if isinstance(one, Moved) else one for one in told]
    assert compared(other, true)


def closed(who: str) -> list[Fact]:
    """The close of one that runs nothing of its own, by g1."""
    return [
        Moved("g1", who, Way.CLOSE, optional=True),
        Ended(who, Way.CLOSE),
        Moved(who, "g1", Way.RETURN, optional=True),
    ]


def test_what_a_function_held_may_be_told_to_end_before_it() -> None:
    ends, back = Ended("g1", Way.RETURN, "5"), Moved("g1", "main", Way.RETURN, "5")
    first, second = Ended("c1", Way.CLOSE), Ended("g2", Way.CLOSE)
    true = [ends, *closed("c1"), *closed("g2"), back]
    assert compared([first, second, ends, back], true) == []
    assert compared([second, first, ends, back], true) == []
    assert compared([first, second, ends, back], [*true[:5], Ran("g2", 4), *true[5:]])
