"""Lengths beyond which the texts in a sentence are cut, so that it fits its view."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """Numbers of characters, except for `changes`; None means no limit."""

    value: int | None = 60
    """Of a value, a wait or words of the program."""
    outcome: int | None = 80
    """Of the value or exception that a coroutine finished with."""
    output: int | None = 60
    variable: int | None = 30
    """Of the name of a variable that changed."""
    new_value: int | None = 40
    """Of the value of a variable that changed."""
    changes: int | None = 3
    """The number of changed variables that are named."""


SCREEN: Final = Limits()
WHOLE: Final = Limits(*[None] * 6)
