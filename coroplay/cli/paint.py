"""Colours and columns for the terminal, and text that can do it no harm."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Final, TextIO

_COLOURS: Final = (36, 33, 35, 32, 34, 96, 93, 95, 92, 94)
_SYMBOLS: Final = "●◆▲■★○◇△□☆"
_UNSAFE: Final = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (
        *range(0x20),
        *range(0x7F, 0xA0),
        *(0x200E, 0x200F, 0x2028, 0x2029),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
} | {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}


def plain(text: str) -> str:
    """Text on one line, with everything that a terminal might obey written out instead."""
    return text if text.isprintable() else text.translate(_UNSAFE)


def symbol(coroutine: int) -> str:
    """A coroutine's sign, which tells it apart where there is no colour."""
    return _SYMBOLS[(coroutine - 1) % len(_SYMBOLS)]


def width(text: str) -> int:
    """How many cells of the terminal a text takes up."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in text
    )


def pad(text: str, cells: int) -> str:
    """Text filled up with spaces to so many cells."""
    return text + " " * (cells - width(text))


class Paint:
    """Puts colours around text, or leaves it as it is."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    @classmethod
    def chosen(cls, choice: str, stream: TextIO | None, environment: Mapping[str, str]) -> Paint:
        """As `--color` says; "auto" looks at the terminal and at ``NO_COLOR``."""
        if choice != "auto":
            return cls(enabled=choice == "always")
        wanted = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
        return cls(enabled=wanted and stream is not None and stream.isatty())

    def bold(self, text: str) -> str:
        """Headings, and what matters most."""
        return self._around("1", text)

    def dim(self, text: str) -> str:
        """What is there for those who look for it."""
        return self._around("2", text)

    def alarm(self, text: str) -> str:
        """What went wrong."""
        return self._around("31", text)

    def coroutine(self, number: int, text: str) -> str:
        """In the colour of the coroutine with that id."""
        return self._around(str(_COLOURS[(number - 1) % len(_COLOURS)]), text)

    def _around(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._enabled and text else text


def output_paint(choice: str) -> Paint:
    """The paint for standard output."""
    return Paint.chosen(choice, sys.stdout, os.environ)
