"""Looking for words in a program's output, a stretch of lines at a time so that keys stay quick."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from coroplay.tui.output.ansi import plain

if TYPE_CHECKING:
    from coroplay.tui.output.buffer import Buffer

_STRETCH: Final = 2000
"""Lines looked through before others have their turn."""


class Search:
    """A search for some words, upper and lower case alike."""

    def __init__(self, buffer: Buffer, wanted: str) -> None:
        self.wanted = wanted
        self._buffer = buffer
        self._lower = wanted.lower()

    async def next(self, start: int, direction: int) -> int | None:
        """The nearest line after that one, or before it, that has the words."""
        number = start + direction
        while self._buffer.first_line <= number < self._buffer.end:
            for _ in range(_STRETCH):
                if not self._buffer.first_line <= number < self._buffer.end:
                    return None
                if self._lower in plain(self._buffer.line(number).data).lower():
                    return number
                number += direction
            await asyncio.sleep(0)
        return None
