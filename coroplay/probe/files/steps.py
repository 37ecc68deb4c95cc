"""The table of steps, which every event that is recorded ends in: in C where that can be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from coroplay.probe.base import accelerator, originals
from coroplay.probe.files.tables import Rows, Windows
from coroplay.trace import layout

if accelerator.used:
    from coroplay.probe.native import _accelerator

_ROW: Final = layout.STEP.size


class Steps(Protocol):
    """The end of the table, where rows are appended. Appending is safe from any thread."""

    mark_at: int
    """How many steps there are when the next mark is due."""

    @property
    def count(self) -> int:
        """How many steps there are."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; return the number of steps there are then. Times never go back.

        Raises OSError when there is no room for it.
        """

    def stop(self) -> None:
        """Write no more."""

    def time(self) -> int:
        """Return the program's own time in nanoseconds."""

    def begin(self) -> None:
        """Let the program's own time be zero now."""

    def hold(self) -> None:
        """Let the program's own time stand still."""

    def resume(self) -> int:
        """Let time go on as if none had passed; return how much has, in nanoseconds."""


class PythonSteps:
    """The end of the table of steps in Python: the reference.

    Threads take turns only where something is called: from taking a number to writing the row of
    that number there is no call, so that rows are committed in order.
    """

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        """`window` maps the file's n-th window. Raises OSError when there is no room for it."""
        self.mark_at = 0
        """How many steps there are when the next mark is due."""
        self._rows = Rows(window)
        self._base = 0
        """The reading of the clock when the program's own time is zero."""
        self._held: int | None = None
        """The reading of the clock when the program's own time was held; None while it runs."""
        self._latest = 0
        """The time of the last step."""

    @property
    def count(self) -> int:
        """How many steps there are."""
        return self._rows.count

    def append(self, verb: int, time: int, coroutine: int, detail: int) -> int:
        """Commit a step; return the number of steps there are then.

        Raises OSError when there is no room for it.
        """
        rows = self._rows
        verb <<= layout.TIME_BITS
        first = coroutine | detail << 32
        while True:
            if time < self._latest:
                time = self._latest
            self._latest = time
            row = rows.row
            try:
                rows.firsts[row] = first
                rows.seconds[row] = verb | time & layout.TIME_MASK
            except IndexError:
                rows.map(rows.base + row)
            else:
                rows.row = row + 1
                return rows.base + row + 1

    def time(self) -> int:
        """Return the program's own time in nanoseconds."""
        return (originals.perf_counter_ns() if self._held is None else self._held) - self._base

    def begin(self) -> None:
        """Let the program's own time be zero now."""
        self._base = originals.perf_counter_ns()

    def hold(self) -> None:
        """Let the program's own time stand still."""
        self._held = originals.perf_counter_ns()

    def resume(self) -> int:
        """Let time go on as if none had passed; return how much has, in nanoseconds."""
        assert self._held is not None
        gone = originals.perf_counter_ns() - self._held
        self._base += gone
        self._held = None
        return gone

    def stop(self) -> None:
        """Write no more."""
        self._rows.stop()


class StepTable:
    """The file of steps."""

    def __init__(self, directory: str) -> None:
        """Make the file, with its first window. Raises OSError."""
        self.windows = Windows(directory, layout.STEPS)
        make: Callable[[Callable[[int], memoryview]], Steps]
        make = _accelerator.Steps if accelerator.used else PythonSteps
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
