"""Tables of fixed-size rows."""

from __future__ import annotations

import contextlib
import itertools
import struct
from typing import Final

from coroplay.probe.files.windows import WINDOW, WINDOW_BITS, WINDOW_MASK, Windows
from coroplay.trace import layout

_ALMOST_FULL: Final = WINDOW - 4096
"""Bytes of a window after which the next one is made, so that it is there when it is needed."""


class RowFile:
    """A table of fixed-size rows, numbered from 1. Appending is safe from any thread.

    A row that got a number and was never written would end the table for its readers. So from the
    number to the writing there is nothing at which the interpreter lets another thread run, or a
    signal handler of the program, which may raise, or at which the program may be at its recursion
    limit: no call and no jump back. The last field of a row commits the row.
    """

    def __init__(self, directory: str, table: layout.Table, row: struct.Struct) -> None:
        self.windows = Windows(directory, table)
        self._views = self.windows.views
        self._numbers = itertools.count(1)
        self._pack = row.pack
        self._size = row.size
        self._first = layout.HEADER_SIZE - row.size
        """Offset at which a row of number 0 would lie."""

    def append(self, *fields: int) -> int:
        """Write a row; return its number. Raises OSError when there is no room for the row."""
        packed = self._pack(*fields)
        body, last = packed[:-4], packed[-4:]
        for number in self._numbers:  # noqa: B007  (a loop takes it without a call)
            break
        offset = self._first + number * self._size
        try:
            view = self._views[offset >> WINDOW_BITS]
        except KeyError:  # Making the window ahead of time failed for want of room.
            view = self.windows.window(offset >> WINDOW_BITS)
        at = offset & WINDOW_MASK
        end = at + self._size
        view[at : end - 4] = body
        view[end - 4 : end] = last
        if at >= _ALMOST_FULL:
            with contextlib.suppress(OSError):
                self.windows.window((offset >> WINDOW_BITS) + 1)
        return number

    def reserve(self, size: int) -> tuple[memoryview, int]:
        """Return a piece of about so many bytes of the table, and the number of its first row.

        Rows of the piece may stay unwritten: only for tables whose rows are found by reference.
        Raises OSError when there is no room for the piece.
        """
        # One call of a function in C takes all numbers, so that they follow each other.
        numbers = tuple(itertools.islice(self._numbers, size // self._size))
        offset = self._first + numbers[0] * self._size
        view = self.windows.window(offset >> WINDOW_BITS)
        at = offset & WINDOW_MASK
        return view[at : at + len(numbers) * self._size], numbers[0]

    def put(self, number: int, field: int, value: int) -> None:
        """Fill in one u32 field of a row that was written before."""
        self.windows.put(self._first + number * self._size + field * 4, struct.pack("<I", value))

    def cut(self) -> None:
        """Close the file at its last row."""
        self.windows.cut(self._first + next(self._numbers) * self._size)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.windows.abandon()
