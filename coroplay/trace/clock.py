"""The program's own time, as anybody on the same machine can read it while the program runs.

The probe keeps the readings in the header of ``steps``. They can be compared with a host's own
readings, because the machine's monotonic clock is one for all of its processes. So the time is
known of a program too that has hung in foreign code, was frozen, or was killed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from coroplay.trace import layout


class ProgramClock(NamedTuple):
    """Readings of the machine's monotonic clock, in nanoseconds."""

    zero: int
    """The reading when the program's own time was zero, moved on by the pauses since."""
    held: int
    """The reading since which the program is paused; 0 while it is not."""
    ended: int
    """The reading when the program's last step was written; 0 before."""

    def elapsed_ns(self) -> int:
        """Return the program's own time now, which stands still in a pause and after the end."""
        return self._until(self.held or self.ended)

    def length_ns(self, *, by_itself: bool) -> int:
        """Return the program's own time when its process is seen to have ended.

        What a program that exits by itself does after its last step is the interpreter's work. One
        that was ended from outside may have hung there.
        """
        return self._until(self.held or (self.ended if by_itself else 0))

    def _until(self, reading: int) -> int:
        return max(0, (reading or time.monotonic_ns()) - self.zero)


def unpack_clock(data: bytes) -> ProgramClock | None:
    """Return the clock that the header's bytes describe; None if they describe none."""
    if len(data) < layout.CLOCK.size:
        return None
    clock = ProgramClock._make(layout.CLOCK.unpack(data))
    return clock if 0 < clock.zero <= time.monotonic_ns() else None


def read_clock(directory: Path) -> ProgramClock | None:
    """Read the clock of the recording in that folder; None if there is none."""
    try:
        fd = os.open(directory / layout.STEPS.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return unpack_clock(os.pread(fd, layout.CLOCK.size, layout.CLOCK_OFFSET))
    except OSError:
        return None
    finally:
        os.close(fd)
