"""A search for words in a program's output, a block at a time so that keys stay quick.

It begins with the newest lines, as those stand on the screen, and goes up from there; lines that
come meanwhile are searched as they come.
"""

from __future__ import annotations

import asyncio
import re
from array import array
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from coroplay.tui.drawing.ansi import plain, plain_lines
from coroplay.tui.runs.buffer import MOST_SHOWN

if TYPE_CHECKING:
    from coroplay.tui.runs.buffer import Buffer

_AT_A_TIME: Final = 1 << 12
"""Bytes that are worked out as a terminal would show them before other tasks have a turn."""


class Search:
    """The lines of a program's output that have some words, upper and lower case alike."""

    def __init__(self, buffer: Buffer, wanted: str) -> None:
        self.wanted = wanted
        self.pattern = re.compile(re.escape(wanted), re.IGNORECASE)
        """Matches the words in a line as it is shown."""
        self.buffer = buffer
        self._lower = wanted.lower()
        self._found = array("Q")
        """The lines that have them, in order."""
        self._from = self._upto = buffer.complete
        """The lines between these have been searched."""
        self._seen: int | None = None
        """Number of bytes that had come when the last line was searched."""

    @property
    def behind(self) -> bool:
        """True while there are lines that were not searched yet."""
        return self.waits(1) or self.waits(-1)

    def waits(self, direction: int) -> bool:
        """Return True if there are such lines further down, or further up."""
        if direction > 0:
            return self._seen != self.buffer.came
        return self._from > self.buffer.first_line

    def __len__(self) -> int:
        """Number of kept lines that have the words, as far as is known."""
        return len(self._found) - self._gone()

    def place(self, number: int) -> int:
        """Return the position of that line among the lines that have the words, from 1."""
        return bisect_right(self._found, number) - self._gone()

    def nearest(self, number: int, direction: int) -> int | None:
        """Return the nearest match below that line, or above it, as far as is known."""
        if direction > 0:
            at = max(bisect_right(self._found, number), self._gone())
            return self._found[at] if at < len(self._found) else None
        at = bisect_left(self._found, number) - 1
        return self._found[at] if at >= self._gone() else None

    async def search_block(self) -> None:
        """Search the lines of one more block."""
        if self.waits(1):
            await self._search_below()
        elif self.waits(-1):
            await self._search_above()

    async def _search_below(self) -> None:
        came, complete = self.buffer.came, self.buffer.complete
        start = max(self._upto, self.buffer.first_line)
        first, lines = self.buffer.stretch(start)
        stop = first + len(lines)
        found = await self._having(start, lines[start - first :])
        # The last line may have been searched before, when less of it had come.
        del self._found[bisect_left(self._found, start) :]
        self._found.extend(found)
        self._upto = min(max(stop, start), complete)
        if self._upto == complete and stop >= complete:
            self._seen = came

    async def _search_above(self) -> None:
        first, lines = self.buffer.stretch(self._from - 1)
        self._found[0:0] = await self._having(first, lines[: self._from - first])
        self._from = first

    async def _having(self, first: int, lines: list[bytes]) -> array[int]:
        """Return the numbers of the lines that have the words."""
        found = array("Q")
        lines = [line.rstrip(b"\r") for line in lines]
        together = plain_lines(b"\n".join(lines))
        if together is not None:
            together = together.lower()
            if self._lower not in together:
                return found
        texts = [None] * len(lines) if together is None else together.split("\n")
        room = _AT_A_TIME
        for number, (line, text) in enumerate(zip(lines, texts, strict=True), first):
            if text is None or len(line) > MOST_SHOWN:
                room -= len(line)
                if room < 0:
                    room = _AT_A_TIME
                    await asyncio.sleep(0)
                text = self._as_shown(number).lower()  # noqa: PLW2901
            if self._lower in text:
                found.append(number)
        return found

    def _as_shown(self, number: int) -> str:
        kept = number >= self.buffer.first_line
        return plain(self.buffer.line(number).data) if kept else ""

    def _gone(self) -> int:
        """Return the number of matches whose lines are not kept any more."""
        return bisect_left(self._found, self.buffer.first_line)
