"""A program's parameters: their types, their bounds, and how a person's text becomes a value."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import NamedTuple, TypeGuard

Value = int | float | str | tuple[str, ...]

HIGHEST_PORT = 65535


class BadValue(ValueError):  # noqa: N818 - reads better where it is caught
    """A parameter doesn't take a value; the message is a sentence for the person."""


class ParameterType(StrEnum):
    """The kind of value that a parameter takes."""

    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    CHOICE = "choice"
    PORT = "port"
    TEXTS = "texts"


class Parameter(NamedTuple):
    """A setting of a program that a person may change before a run."""

    name: str
    type: ParameterType
    default: Value
    help: str
    minimum: int | float | None = None
    maximum: int | float | None = None
    choices: tuple[str, ...] = ()
    check: Value | None = None
    """A value that makes checking lessons quick; None for the default."""

    @property
    def expected(self) -> str:
        """The values that the parameter takes, in words: `a number between 0 and 10`."""
        match self.type:
            case ParameterType.INT:
                return "a whole number" + self._bounds()
            case ParameterType.FLOAT:
                return "a number" + self._bounds()
            case ParameterType.CHOICE:
                return "one of " + ", ".join(self.choices)
            case ParameterType.PORT:
                return f"a port from 0 to {HIGHEST_PORT} (0 is any free one)"
            case ParameterType.TEXT:
                return "a text"
            case ParameterType.TEXTS:
                return "texts with commas between them"

    def parse(self, text: str) -> Value:
        """Return the value for a person's text. Raises BadValue for one that is not taken."""
        try:
            value = self._convert(text)
        except ValueError:
            value = None
        if value is None or not self.takes(value):
            raise BadValue(f"{self.name} must be {self.expected}, not {text!r}")
        return value

    def takes(self, value: object) -> bool:
        """Tell whether a value is of this parameter's type and within its bounds."""
        match self.type:
            case ParameterType.INT:
                return _is_whole(value) and self._is_within(value)
            case ParameterType.FLOAT:
                return _is_number(value) and self._is_within(value)
            case ParameterType.PORT:
                return _is_whole(value) and 0 <= value <= HIGHEST_PORT
            case ParameterType.CHOICE:
                return value in self.choices
            case ParameterType.TEXT:
                return _is_argument(value)
            case ParameterType.TEXTS:
                return isinstance(value, tuple) and all(map(_is_list_item, value))

    def argument(self, value: Value) -> str:
        """Return the value as it is written on the program's command line."""
        return ",".join(value) if isinstance(value, tuple) else str(value)

    def _convert(self, text: str) -> Value:
        match self.type:
            case ParameterType.INT | ParameterType.PORT:
                return int(text)
            case ParameterType.FLOAT:
                return float(text)
            case ParameterType.TEXTS:
                pieces = (piece.strip() for piece in text.split(","))
                return tuple(piece for piece in pieces if piece)
            case ParameterType.TEXT | ParameterType.CHOICE:
                return text

    def _bounds(self) -> str:
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f" between {_written(low)} and {_written(high)}"
        if low is not None:
            return f", at least {_written(low)}"
        return f", at most {_written(high)}" if high is not None else ""

    def _is_within(self, value: int | float) -> bool:
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_number(value: object) -> TypeGuard[int | float]:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_argument(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and "\0" not in value


def _is_list_item(value: object) -> bool:
    return _is_argument(value) and value != "" and "," not in value


def _written(number: int | float) -> str:
    """Return a number for a sentence: `10,000,000`, and `0` rather than `0.0`."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.15g}"
