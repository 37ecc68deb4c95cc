"""The table of steps, which every event that is recorded ends in: in C where that can be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from coroplay.probe import accelerator, originals
from coroplay.probe.tables import WINDOW, WINDOW_BITS, Windows
from coroplay.trace import layout

_ROW: Final = layout.STEP.size


class Steps(Protocol):
    """The end of the table, where rows are appended. Appending is safe from any thread."""

    mark_at: int
    """How many steps there are when the next mark is due."""

    @property
    def count(self) -> int:
        """How many steps there are."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; the number of steps there are then. Times never go back.

        Raises OSError when there is no room for it.
        """

    def stop(self) -> None:
        """Write no more."""

    def time(self) -> int:
        """The program's own time in nanoseconds."""

    def begin(self) -> None:
        """The program's own time is zero now."""

    def hold(self) -> None:
        """The program's own time stands still now."""

    def go_on(self) -> int:
        """It goes on as if none had passed; how much has, in nanoseconds."""


class PythonSteps:
    """The same in Python.

    Threads take turns only where something is called: from taking a number to writing the row of
    that number there is no call, so that rows are committed in order.
    """

    __slots__ = (
        "_held",
        "_lock",
        "_mark_at",
        "_window",
        "base",
        "first",
        "latest",
        "row",
        "rows",
        "short_end",
        "stamps",
        "view",
    )

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        self._window: Callable[[int], memoryview] | None = window
        self._lock = originals.RLock()
        self._mark_at = 0
        self._held: int | None = None
        self.base = 0
        """What the clock says when the program's own time is zero."""
        self.latest = 0
        """The time of the last step."""
        self.first = 0
        """The number of the window's first row."""
        self.row = 0
        """The next row within the window."""
        self.short_end = 0
        """The row within the window from which on there is more to a step than to write it."""
        self.rows = self.stamps = memoryview(b"")
        """The two halves of each row of the window."""
        self.view = memoryview(b"")
        """Its rows as bytes."""
        self._map(0)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.first + self.row

    @property
    def mark_at(self) -> int:
        """How many steps there are when the next mark is due."""
        return self._mark_at

    @mark_at.setter
    def mark_at(self, count: int) -> None:
        self._mark_at = count
        self._find_short_end()

    def _find_short_end(self) -> None:
        running = self._held is None
        self.short_end = min(len(self.rows), self._mark_at - 1 - self.first) if running else 0

    def append(self, verb: int, time: int, coroutine: int, detail: int) -> int:
        """Commit a step; the number of steps there are then. Raises OSError: there is no room."""
        verb <<= layout.TIME_BITS
        first = coroutine | detail << 32
        while True:
            if time < self.latest:
                time = self.latest
            self.latest = time
            row = self.row
            try:
                self.rows[row] = first
                self.stamps[row] = verb | time & layout.TIME_MASK
            except IndexError:
                self._map(self.first + row)
            else:
                self.row = row + 1
                return self.first + row + 1

    def _map(self, number: int) -> None:
        """Go to the window of the step with that number, unless another thread has done so."""
        with self._lock:
            if self._window is None:
                raise RuntimeError("the recording is closed")
            offset = layout.HEADER_SIZE + number * _ROW
            if self.rows and number != self.count:
                return
            view = self._window(offset >> WINDOW_BITS)[offset & (WINDOW - 1) :]
            words = view.cast("Q")
            self.first, self.row = number, 0
            self.rows, self.stamps, self.view = words[::2], words[1::2], view
            self._find_short_end()

    def time(self) -> int:
        """The program's own time in nanoseconds."""
        return (originals.perf_counter_ns() if self._held is None else self._held) - self.base

    def begin(self) -> None:
        """The program's own time is zero now."""
        self.base = originals.perf_counter_ns()

    def hold(self) -> None:
        """The program's own time stands still now."""
        self._held = originals.perf_counter_ns()
        self._find_short_end()

    def go_on(self) -> int:
        """It goes on as if none had passed; how much has, in nanoseconds."""
        assert self._held is not None
        gone = originals.perf_counter_ns() - self._held
        self.base += gone
        self._held = None
        self._find_short_end()
        return gone

    def stop(self) -> None:
        """Write no more."""
        self._window = None
        self.first, self.row = self.count, 0
        self.rows = self.stamps = self.view = memoryview(b"")
        self._find_short_end()


class StepTable:
    """The file of steps."""

    def __init__(self, directory: str) -> None:
        """Make it, with its first window. Raises OSError."""
        self.windows = Windows(directory, layout.STEPS)
        native = accelerator.module
        make: Callable[[Callable[[int], memoryview]], Steps]
        make = native.Steps if native else PythonSteps
        self.end = make(self.windows.window)
        """Where rows are appended."""

    @property
    def fd(self) -> int:
        """The file's descriptor."""
        return self.windows.fd

    def put_header(self, offset: int, data: bytes) -> None:
        """Write into the header, whose room is always there."""
        self.windows.header[offset : offset + len(data)] = data

    def cut(self) -> None:
        """Close the file at its last step."""
        self.end.stop()
        self.windows.cut(layout.HEADER_SIZE + self.end.count * _ROW)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.end.stop()
        self.windows.abandon()
