"""The table of details, to which every change of a line adds one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from coroplay.probe.steps import PythonSteps
from coroplay.probe.tables import WINDOW, WINDOW_BITS, Windows
from coroplay.trace import layout

_NEVER: Final = 1 << 63


class PythonDetails(PythonSteps):
    """The end of the table: its rows are of the size of those of steps, two words each."""

    __slots__ = ()

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        super().__init__(window)
        self.mark_at = _NEVER

    def append(self, first: int, location: int, text: int, last: int) -> int:
        """Write a row; the reference to it. Raises OSError when there is no room for it."""
        one = first | location << 32
        other = text | last << 32
        while True:
            row = self.row
            try:
                self.rows[row] = one
                self.stamps[row] = other
            except IndexError:
                self._map(self.first + row)
            else:
                self.row = row + 1
                return self.first + row + 1

    def reserve(self, size: int) -> tuple[memoryview, int]:
        """A piece of the table of about so many bytes, and the reference to its first row.

        Raises OSError when there is no room for it.
        """
        most = size // layout.DETAIL.size
        while True:
            rows = self.rows
            room = len(rows)
            row = self.row
            if rows is self.rows and row < room:
                break
            self._map(self.first + row)
        end = min(room, row + most)
        self.row = end
        number = self.first + row
        assert self._window is not None
        offset = layout.HEADER_SIZE + number * layout.DETAIL.size
        view = self._window(offset >> WINDOW_BITS)
        at = offset % WINDOW
        return view[at : at + (end - row) * layout.DETAIL.size], number + 1


class DetailTable:
    """The file of details."""

    def __init__(self, directory: str) -> None:
        """Make it, with its first window. Raises OSError."""
        self.windows = Windows(directory, layout.DETAILS)
        self.rows = PythonDetails(self.windows.window)
        self.append = self.rows.append

    def cut(self) -> None:
        """Close the file at its last row."""
        self.rows.stop()
        self.windows.cut(layout.HEADER_SIZE + self.rows.count * layout.DETAIL.size)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.rows.stop()
        self.windows.abandon()
