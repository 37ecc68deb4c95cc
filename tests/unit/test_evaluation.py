"""Expressions are evaluated without running any of the program's code."""

from __future__ import annotations

import ast
import os
from typing import Any

import pytest

from coroplay.probe.inspect.evaluation import evaluate


class Slotted:
    __slots__ = ("slot",)
    shared = 3
    slot: int

    def method(self) -> None:
        """Do nothing."""


class Running(Slotted):
    """Raises an exception wherever its code runs."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(name)

    @property
    def known(self) -> Any:
        raise AssertionError("known")

    def __add__(self, other: object) -> Any:
        raise AssertionError(other)

    def __bool__(self) -> bool:
        raise AssertionError

    def __hash__(self) -> int:
        raise AssertionError

    def __eq__(self, other: object) -> bool:
        raise AssertionError(other)


class Guarded:
    """Looks up its attributes in a way of its own."""

    held = 1

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(name)


class Disguised:
    """Says that it is of another class."""

    @property  # type: ignore[misc]  # (as mock objects do)
    def __class__(self) -> Any:
        raise AssertionError


class Meta(type):
    """A metaclass that raises an exception wherever its code runs."""

    def __hash__(cls) -> int:
        raise AssertionError

    def __eq__(cls, other: object) -> bool:
        raise AssertionError(other)


class Made(metaclass=Meta):
    """Of a class that must not be compared."""


class Deleting:
    """A descriptor that only deletes: it comes before what an object itself holds."""

    def __get__(self, thing: object, kind: object) -> Any:
        raise AssertionError

    def __delete__(self, thing: object) -> None:
        raise AssertionError


class Borrowing:
    """Has the slot of another class, and a descriptor."""

    slot = Slotted.__dict__["slot"]
    deleting = Deleting()


def make_borrowing() -> Borrowing:
    made = Borrowing()
    made.__dict__["deleting"] = 1
    return made


def make_names() -> dict[str, Any]:
    slotted, running = Slotted(), Running()
    slotted.slot = 5
    running.__dict__["held"] = {"k": [1, 2]}
    return {
        "slotted": slotted,
        "running": running,
        "guarded": Guarded(),
        "disguised": Disguised(),
        "Slotted": Slotted,
        "Borrowing": Borrowing,
        "os": os,
        "made": Made(),
        "borrowing": make_borrowing(),
    }


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("slotted.slot", 5),
        ("slotted.shared", 3),
        ("running.held['k'][-1]", 2),
        ("Slotted.shared", 3),
        ("os.sep", os.sep),
        ("(1 + 2 * 3, -slotted.slot, 'a' + 'b', 'ab' * 2)", (7, -5, "ab", "abab")),
        ("[{1, 2}, {'k': slotted.slot}, not 0]", [{1, 2}, {"k": 5}, True]),
    ],
)
def test_what_is_known_is_found(source: str, value: object) -> None:
    assert evaluate(ast.parse(source, mode="eval").body, make_names()) == value


@pytest.mark.parametrize(
    "source",
    [
        "slotted.method",
        "Slotted.method",
        "running.known",
        "running.missing",
        "running + 1",
        "'a' + running",
        "not running",
        "{running}",
        "{running: 1}",
        "{'k': 1}[running]",
        "guarded.held",
        "disguised * 2",
        "made + 1",
        "not made",
        "[1][made]",
        "{made}",
        "borrowing.slot",
        "borrowing.deleting",
        "Borrowing.deleting",
        "missing",
        "len([])",
        "1 / 0",
        "[1][5]",
        "2 ** 1000000",
        "'a' * 1000000",
        "[*[1]]",
        "{**{}}",
    ],
)
def test_what_would_have_to_run_is_not_known(source: str) -> None:
    node = ast.parse(source, mode="eval").body
    assert evaluate(node, make_names(), "not known") == "not known"
