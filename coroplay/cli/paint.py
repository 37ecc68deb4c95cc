"""Colours and columns for the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO


def width(text: str) -> int:
    """Count the cells of the terminal that a text takes up."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def pad(text: str, cells: int) -> str:
    """Fill a text up with spaces to so many cells."""
    return text + " " * (cells - width(text))


class Paint:
    """Colours put around text, or left out."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def chosen(cls, choice: str, stream: TextIO | None, environment: Mapping[str, str]) -> Paint:
        """Choose as `--color` says; "auto" looks at the terminal and at ``NO_COLOR``."""
        if choice != "auto":
            return cls(enabled=choice == "always")
        wanted = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        return cls(enabled=wanted and stream is not None and stream.isatty())

    def bold(self, text: str) -> str:
        """Paint a heading, or a value."""
        return self._around("1", text)

    def dim(self, text: str) -> str:
        """Paint a thing that is there for those who look for it."""
        return self._around("2", text)

    def alarm(self, text: str) -> str:
        """Paint a failure."""
        return self._around("31", text)

    def coroutine(self, number: int, text: str) -> str:
        """Paint in the colour of the coroutine, or program, with that number."""
        from coroplay.coroutine_colours import COLOURS, colour_index

        return self._around(str(COLOURS[colour_index(number)].terminal), text)

    def _around(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._enabled and text else text


def output_paint(choice: str) -> Paint:
    """Choose the paint for standard output."""
    return Paint.chosen(choice, sys.stdout, os.environ)
