"""The table of steps, in which every recorded event ends: in C where there is an accelerator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from coroplay.probe.base import accelerator, originals
from coroplay.probe.base.locks import make_rlock
from coroplay.probe.files.windows import WINDOW_BITS, WINDOW_MASK, Windows
from coroplay.trace import layout

if accelerator.used:
    from coroplay.probe.native import _accelerator

_ROW: Final = layout.STEP.size


class PythonSteps:
    """The end of the table of steps in Python: the reference.

    Threads take turns only where something is called: from taking a number to writing the row of
    that number there is no call, so that rows are committed in order. The second word of a row
    commits it.
    """

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        """Begin in the first window; `window` maps the n-th of the file. Raises OSError."""
        self.mark_at = 0
        """Number of steps at which the next mark is due."""
        self._window: Callable[[int], memoryview] | None = window
        self._lock = make_rlock()
        self._base = 0
        """The number of the window's first row."""
        self._row = 0
        """The index in the window of the next row."""
        self._firsts = self._seconds = memoryview(b"")
        """The first and the second word, of 8 bytes, of each row of the window."""
        self._zero = 0
        """Reading of the clock when the program's own time was zero."""
        self._held: int | None = None
        """Reading of the clock when the program's own time was held; None while time runs."""
        self._latest = 0
        """The time of the last step."""
        self._map(0)

    @property
    def count(self) -> int:
        """Number of steps written so far."""
        return self._base + self._row

    def append(self, verb: int, time: int, coroutine: int, detail: int) -> int:
        """Commit a step; return the number of steps so far. Times never go back.

        Raises OSError when there is no room for the step.
        """
        verb <<= layout.TIME_BITS
        first = coroutine | detail << 32
        while True:
            if time < self._latest:
                time = self._latest
            self._latest = time
            row = self._row
            try:
                self._firsts[row] = first
                self._seconds[row] = verb | time & layout.TIME_MASK
            except IndexError:
                self._map(self._base + row)
            else:
                self._row = row + 1
                return self._base + row + 1

    def _map(self, number: int) -> None:
        """Go on to the window of the step with that number, unless somebody else has."""
        with self._lock:
            window = self._window
            if window is None:
                raise RuntimeError("the recording is closed")
            if self._firsts and number != self.count:
                return
            offset = layout.HEADER_SIZE + number * _ROW
            view = window(offset >> WINDOW_BITS)[offset & WINDOW_MASK :].cast("Q")
            # A signal handler of the program may have written steps meanwhile, or closed the file.
            if number != self.count or self._window is not window:
                return
            self._base, self._row = number, 0
            self._firsts, self._seconds = view[::2], view[1::2]

    def time(self) -> int:
        """Return the program's own time in nanoseconds."""
        return (originals.perf_counter_ns() if self._held is None else self._held) - self._zero

    def begin(self) -> None:
        """Set the program's own time to zero."""
        self._zero = originals.perf_counter_ns()

    def hold(self) -> None:
        """Make the program's own time stand still."""
        self._held = originals.perf_counter_ns()

    def resume(self) -> int:
        """Make the program's time go on; return the nanoseconds that it stood still."""
        assert self._held is not None
        gone = originals.perf_counter_ns() - self._held
        self._zero += gone
        self._held = None
        return gone

    def stop(self) -> None:
        """Write no more: windows may be unmapped from now on."""
        self._window = None
        self._base, self._row = self.count, 0
        self._firsts = self._seconds = memoryview(b"")


Steps: TypeAlias = "PythonSteps | _accelerator.Steps"
"""The end of the table of steps, where rows are appended. Safe from any thread."""


class StepTable:
    """The file of steps."""

    def __init__(self, directory: str) -> None:
        """Make the file, with its first window. Raises OSError."""
        self.windows = Windows(directory, layout.STEPS)
        make: Callable[[Callable[[int], memoryview]], Steps]
        make = _accelerator.Steps if accelerator.used else PythonSteps
        self.end = make(self.windows.window)
        """The end of the table, where rows are appended."""

    def put_header(self, offset: int, data: bytes) -> None:
        """Write into the file's header, which always has room."""
        self.windows.header[offset : offset + len(data)] = data

    def cut(self) -> None:
        """Close the file at its last step."""
        self.end.stop()
        self.windows.cut(layout.HEADER_SIZE + self.end.count * _ROW)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self.end.stop()
        self.windows.abandon()
