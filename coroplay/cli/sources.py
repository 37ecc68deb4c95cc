"""Lines of source files, for showing beside the steps."""

from __future__ import annotations

import tokenize

from coroplay.trace import Place

_LARGEST = 1 << 22
"""Bytes; a file longer than that is not shown."""


class Sources:
    """Reads each file once."""

    def __init__(self) -> None:
        self._files: dict[str, list[str]] = {}

    def line(self, place: Place) -> str:
        """The text of a line; what is being called there if the file can't be read any more."""
        if place.file not in self._files:
            self._files[place.file] = _read(place.file)
        lines = self._files[place.file]
        return lines[place.line - 1] if 0 < place.line <= len(lines) else place.source


def _read(path: str) -> list[str]:
    try:
        with tokenize.open(path) as file:
            return file.read(_LARGEST).split("\n")
    except (OSError, ValueError, SyntaxError):
        return []
