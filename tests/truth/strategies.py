"""Random programs, made of the features that a test asks for."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from tests.truth.model import (
    Act,
    Body,
    Catch,
    Delegate,
    Error,
    Finally,
    Make,
    Program,
    Raise,
    Reraise,
    Return,
    Say,
    Scenario,
    Sort,
    Statement,
    With,
    Yield,
)
from tests.truth.styles import ACTS, MAKES

_SIMPLE: Final[dict[str, Statement]] = {
    "say": Say(),
    "yield": Yield(),
    "reraise": Reraise(),
    "return": Return(),
}
STATEMENTS: Final = (
    *_SIMPLE,
    "raise",
    "catch",
    "finally",
    "with plain",
    "with suppress",
    "with generator",
    "delegate",
)
FEATURES: Final = frozenset(
    (
        *STATEMENTS,
        *(f"error {error}" for error in Error),
        *(f"make {sort} {style}" for sort, styles in MAKES.items() for style in styles),
        *(
            f"{sort} {operation} {style}"
            for sort, operations in ACTS.items()
            for operation, styles in operations.items()
            for style in styles
        ),
    )
)
"""All that programs can be made of."""
_NUMBERS: Final = st.integers(0, 3)
_DEEPEST: Final = 3
_NESTED: Final = ("catch", "finally", "with plain", "with suppress", "with generator")


def programs(features: frozenset[str], scenarios: int) -> st.SearchStrategy[Program]:
    """Programs of at most so many scenarios, made of these features."""
    return _programs(_Menu(features), scenarios)


class _Menu:
    """The choices that there are: by the depth of a statement and by who runs it."""

    def __init__(self, features: frozenset[str]) -> None:
        plain_first = sorted(features, key=lambda one: ("plain" not in one, one))
        acts = [one for one in plain_first if one.split()[0] in ACTS]
        makes = [one for one in plain_first if one.startswith("make ")]
        self.errors = st.sampled_from([one for one in Error if f"error {one}" in features])
        self.makes = st.sampled_from(makes)
        self.acts = st.sampled_from(acts)
        simple = [one for one in _SIMPLE if one in features and one != "yield"]
        nested = [one for one in _NESTED if one in features]
        failing = ["raise"] if "raise" in features else []
        delegating = ["delegate"] if "delegate" in features else []
        generator = [*simple, "yield", "yield", "yield", *failing]
        greenlet = [*simple, "act", "act", "act", *failing]
        self.flat = {
            Sort.GENERATOR: st.sampled_from(generator),
            None: st.sampled_from([*simple, "act", "act", "act"]),
        }
        self.any = {
            Sort.GENERATOR: st.sampled_from([*generator, *delegating, "make", "act", *nested]),
            None: st.sampled_from([*simple, *["act"] * 5, "make", *nested]),
        }
        for sort in (Sort.GREENLET, Sort.GEVENT):
            self.flat[sort] = st.sampled_from(greenlet)
            self.any[sort] = st.sampled_from([*greenlet, *nested, "make"])


@st.composite
def _programs(draw: st.DrawFn, menu: _Menu, scenarios: int) -> Program:
    one = _scenarios(menu)
    return Program(tuple(draw(st.lists(one, min_size=1, max_size=scenarios))))


@st.composite
def _scenarios(draw: st.DrawFn, menu: _Menu) -> Scenario:
    """A coroutine to begin with, and what is done to it."""
    guarded = not draw(st.booleans())
    body: list[Statement] = [_made(draw, menu, 0)]
    while len(body) < 8 and draw(_MORE):
        body.append(_statement(draw, menu, 0, None))
    return Scenario(tuple(body), guarded)


_MORE: Final = st.sampled_from([False, True, True, True, True])


def _body(draw: st.DrawFn, menu: _Menu, depth: int, sort: Sort | None) -> Body:
    size = draw(_NUMBERS)
    return tuple(_statement(draw, menu, depth, sort) for _ in range(size))


def _statement(draw: st.DrawFn, menu: _Menu, depth: int, sort: Sort | None) -> Statement:
    choices = menu.any if depth < _DEEPEST else menu.flat
    kind = draw(choices[sort])
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    match kind.split():
        case ["act"]:
            owner, operation, style = draw(menu.acts).split()
            return Act(Sort(owner), operation, style, draw(_NUMBERS), draw(menu.errors))
        case ["make"]:
            return _made(draw, menu, depth)
        case ["raise"]:
            return Raise(draw(menu.errors))
        case ["delegate"]:
            return Delegate(_body(draw, menu, depth + 1, Sort.GENERATOR))
    body = _body(draw, menu, depth + 1, sort)
    match kind.split():
        case ["catch"]:
            return Catch(body, draw(menu.errors), _body(draw, menu, depth + 1, sort))
        case ["finally"]:
            return Finally(body, _body(draw, menu, depth + 1, sort))
        case [_, manager]:
            return With(body, manager)
    raise AssertionError(kind)


def _made(draw: st.DrawFn, menu: _Menu, depth: int) -> Make:
    _, sort, style = draw(menu.makes).split()
    return Make(Sort(sort), _body(draw, menu, depth + 1, Sort(sort)), style)
