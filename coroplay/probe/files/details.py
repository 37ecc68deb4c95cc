"""The table of details, which say more about a step than its row does."""

from __future__ import annotations

from collections.abc import Callable

from coroplay.probe.files.tables import Rows, Windows
from coroplay.trace import layout


class Details:
    """The end of the table of details, where rows are appended. Safe from any thread."""

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        """Begin in the first window; `window` maps the n-th of the file. Raises OSError."""
        self._rows = Rows(window)
        self.reserve = self._rows.reserve

    @property
    def count(self) -> int:
        """Number of rows written so far."""
        return self._rows.count

    def append(self, first: int, location: int, text: int, last: int) -> int:
        """Write a row; return its reference. Raises OSError when there is no room."""
        rows = self._rows
        one = first | location << 32
        other = text | last << 32
        while True:
            row = rows.row
            try:
                rows.firsts[row] = one
                rows.seconds[row] = other
            except IndexError:
                rows.map(rows.base + row)
            else:
                rows.row = row + 1
                return rows.base + row + 1

    def stop(self) -> None:
        """Write no more."""
        self._rows.stop()


class DetailTable:
    """The file of details."""

    def __init__(self, directory: str) -> None:
        """Make the file, with its first window. Raises OSError."""
        self.windows = Windows(directory, layout.DETAILS)
        self.rows = Details(self.windows.window)
        self.append = self.rows.append

    def cut(self) -> None:
        """Close the file at its last row."""
        self.rows.stop()
        self.windows.cut(layout.HEADER_SIZE + self.rows.count * layout.DETAIL.size)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.rows.stop()
        self.windows.abandon()
