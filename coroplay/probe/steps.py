"""The table of steps, which every event that is recorded ends in: in C where that can be had."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, Protocol

from coroplay.probe import accelerator, originals
from coroplay.probe.tables import WINDOW, WINDOW_BITS, Windows
from coroplay.trace import layout

_ROW: Final = layout.STEP.size


class Steps(Protocol):
    """The end of the table, where rows are appended. Appending is safe from any thread."""

    @property
    def count(self) -> int:
        """How many steps there are."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; the number of steps there are then. Times never go back.

        Raises OSError when there is no room for it.
        """

    def stop(self) -> None:
        """Write no more."""


class PythonSteps:
    """The same in Python.

    Threads take turns only where something is called: from taking a number to writing the row of
    that number there is no call, so that rows are committed in order.
    """

    __slots__ = ("_first", "_latest", "_lock", "_row", "_rows", "_stamps", "_window")

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        self._window: Callable[[int], memoryview] | None = window
        self._lock = originals.RLock()
        self._latest = 0
        self._row = 0
        """The next row's number within the window."""
        self._first = 0
        """The number of the window's first row."""
        self._rows = self._stamps = memoryview(b"")
        self._map(0)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self._first + self._row

    def append(self, verb: int, time: int, coroutine: int, detail: int) -> int:
        """Commit a step; the number of steps there are then. Raises OSError: there is no room."""
        stamp = verb << layout.TIME_BITS
        first = coroutine | detail << 32
        while True:
            if time < self._latest:
                time = self._latest
            self._latest = time
            row = self._row
            try:
                self._rows[row] = first
                self._stamps[row] = stamp | time & layout.TIME_MASK
            except IndexError:
                self._map(self._first + row)
            else:
                self._row = row + 1
                return self._first + row + 1

    def _map(self, number: int) -> None:
        """Go to the window of the step with that number, unless another thread has done so."""
        with self._lock:
            if self._window is None:
                raise RuntimeError("the recording is closed")
            offset = layout.HEADER_SIZE + number * _ROW
            if self._rows and number != self.count:
                return
            words = self._window(offset >> WINDOW_BITS).cast("Q")
            words = words[(offset & (WINDOW - 1)) // 8 :]
            self._first, self._row = number, 0
            self._rows, self._stamps = words[::2], words[1::2]

    def stop(self) -> None:
        """Write no more."""
        self._window = None
        self._first, self._row = self.count, 0
        self._rows = self._stamps = memoryview(b"")


class StepTable:
    """The file of steps."""

    def __init__(self, directory: str) -> None:
        """Make it, with its first window. Raises OSError."""
        self._windows = Windows(directory, layout.STEPS)
        native = accelerator.module
        make: Callable[[Callable[[int], memoryview]], Steps]
        make = native.Steps if native else PythonSteps
        self.end = make(self._windows.window)
        """Where rows are appended."""
        self.append = self.end.append

    @property
    def fd(self) -> int:
        """The file's descriptor."""
        return self._windows.fd

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self.end.count

    def put_header(self, offset: int, data: bytes) -> None:
        """Write into the header, whose room is always there."""
        os.pwrite(self.fd, data, offset)

    def cut(self) -> None:
        """Close the file at its last step."""
        self.end.stop()
        self._windows.cut(layout.HEADER_SIZE + self.count * _ROW)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.end.stop()
        self._windows.abandon()
