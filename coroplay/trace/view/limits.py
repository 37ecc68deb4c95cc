"""Lengths beyond which the texts in a sentence are cut, so that it fits its view."""

from __future__ import annotations

from typing import Final, NamedTuple


class Limits(NamedTuple):
    """Numbers of characters, if not said otherwise; None is no limit."""

    value: int | None = 60
    """Of a value, a wait or words of the program."""
    output: int | None = 60
    variable: int | None = 30
    """Of a variable's name."""
    new_value: int | None = 40
    """Of a variable's value."""
    changes: int | None = 3
    """Variables of one line."""


SCREEN: Final = Limits()
WHOLE: Final = Limits(None, None, None, None, None)
