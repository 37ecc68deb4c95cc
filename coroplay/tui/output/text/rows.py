"""Rows of a program's output: lines wrapped to the room there is, or a row each.

Only lines in sight are ever asked how many rows they take: a million lines are as quick as ten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from coroplay.tui.output.text.columns import breaks, columns
from coroplay.tui.output.text.styling import line_text
from coroplay.tui.runs.buffer import Buffer

_BREAKS_KEPT: Final = 512


class TextRow(NamedTuple):
    """One row of one line."""

    line: int
    row: int = 0
    """Index among the rows of the line."""


class TextRows:
    """The rows that the lines of a buffer take."""

    def __init__(self, buffer: Buffer, width: Callable[[], int], *, wrapped: bool) -> None:
        """`width` tells the columns that there are for text, at any time."""
        self._buffer = buffer
        self._width = width
        self.wrapped = wrapped
        """True if long lines are wrapped, False if they are cut off."""
        self._breaks: dict[int, Sequence[int]] = {}
        """First characters of the rows of a line, for the lines that were drawn last."""

    @property
    def first(self) -> int:
        """The number of the first line."""
        return self._buffer.first_line

    @property
    def end(self) -> int:
        """The number of the line after the last."""
        return self._buffer.end

    @property
    def top(self) -> TextRow:
        """The first row of all."""
        return TextRow(self.first)

    def forget_breaks(self) -> None:
        """Break lines anew: there is another width."""
        self._breaks.clear()

    def breaks(self, number: int) -> Sequence[int]:
        """Return the first character of each row of a line."""
        found = self._breaks.get(number)
        if found is None:
            text = "".join(part for part, _ in line_text(self._buffer.line(number)))
            found = breaks(text, columns(text), self._width())
            if number < self._buffer.complete:  # Others may still grow.
                if len(self._breaks) >= _BREAKS_KEPT:
                    self._breaks.clear()
                self._breaks[number] = found
        return found

    def count(self, line: int) -> int:
        """Return the number of rows of a line, at least one."""
        is_there = self.first <= line < self.end
        return len(self.breaks(line)) if self.wrapped and is_there else 1

    def below(self, row: TextRow, by: int) -> TextRow:
        """Return the row that many rows further down, or up, as far as there are rows."""
        line, index = row.line, row.row + by
        while index < 0 and line > self.first:
            line -= 1
            index += self.count(line)
        while line < self.end and index >= (rows := self.count(line)):
            line, index = line + 1, index - rows
        return TextRow(line, max(0, index)) if line < self.end else TextRow(self.end)

    def from_top(self, top: TextRow, height: int) -> list[TextRow]:
        """Return that row and those below it, as many as have room."""
        found: list[TextRow] = []
        line, row = top
        while line < self.end and len(found) < height:
            found += [TextRow(line, one) for one in range(row, self.count(line))]
            line, row = line + 1, 0
        return found[:height]

    def depth(self, row: TextRow) -> float:
        """Return the distance from the first line, in lines."""
        return row.line - self.first + row.row / self.count(row.line)

    def at_depth(self, depth: float) -> TextRow:
        """Return the row at that distance from the first line, in lines."""
        line = self.first + int(depth)
        return TextRow(line, int(depth % 1 * self.count(line)))
