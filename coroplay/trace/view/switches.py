"""The switches around a step, found outwards from it, only as far as is asked for."""

from __future__ import annotations

from bisect import bisect_right
from typing import Final

from coroplay.trace.model import RecordingError, Switch
from coroplay.trace.recording import Recording
from coroplay.trace.view.rows import first_switch, last_switch, switches_within

_LEAST: Final = 512
_CHUNK: Final = 1 << 16
_NEAR: Final = 8192
"""Steps beyond the known ones, within which the search goes on from those."""
_FARTHEST: Final = 1 << 20
"""Steps that one question looks through at most."""
_MOST_KEPT: Final = 1 << 16


class Switches:
    """The switches of a recording near the step that was last asked about, and a way to more.

    Steps that were looked through are remembered: going along a recording looks at each once.
    """

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._low = self._high = 0
        self._found: list[int] = []

    def before(self, index: int, count: int) -> list[int]:
        """Find up to that many switches at or before the step, the nearest last."""
        self._come_to(index)
        farthest = max(0, index + 1 - _FARTHEST)
        at = bisect_right(self._found, index)
        while at < count and self._low > farthest:
            at += self._look_back()
        return self._found[max(0, at - count) : at]

    def after(self, index: int, count: int) -> list[int]:
        """Find up to that many switches after the step, the nearest first."""
        self._come_to(index)
        end = min(len(self.recording), index + 1 + _FARTHEST)
        at = bisect_right(self._found, index)
        while len(self._found) - at < count and self._high < end:
            self._look_on()
        return self._found[at : at + count]

    def next(self, index: int) -> int | None:
        """Find the first switch after the step, in the whole rest if it must be."""
        at, end = index + 1, len(self.recording)
        while at < end:
            stop = min(at + _CHUNK, end)
            found = first_switch(self.recording, at, stop)
            if found is not None:
                return found
            at = stop
        return None

    def previous(self, index: int) -> int | None:
        """Find the last switch before the step, in all that came before if it must be."""
        stop = index
        while stop > 0:
            at = max(0, stop - _CHUNK)
            found = last_switch(self.recording, at, stop)
            if found is not None:
                return found
            stop = at
        return None

    def switch(self, index: int) -> Switch:
        """Return the switch that is that step. Raises RecordingError if it is none."""
        step = self.recording[index]
        if not isinstance(step, Switch):
            raise RecordingError(f"step {index} is not a switch")
        return step

    def _come_to(self, index: int) -> None:
        near = self._low - _NEAR <= index < self._high + _NEAR
        if not near or self._high == 0 or len(self._found) > _MOST_KEPT:
            self._low = self._high = index + 1
            self._found = []
        while self._low > index + 1:
            self._look_back()
        while self._high < min(index + 1, len(self.recording)):
            self._look_on()

    def _look_back(self) -> int:
        start = max(0, self._low - self._stride())
        new = switches_within(self.recording, start, self._low)
        self._found[:0] = new
        self._low = start
        return len(new)

    def _look_on(self) -> None:
        stop = min(self._high + self._stride(), len(self.recording))
        self._found += switches_within(self.recording, self._high, stop)
        self._high = stop

    def _stride(self) -> int:
        """Return how far to look next: as far as was looked already, within limits."""
        return min(max(_LEAST, self._high - self._low), _CHUNK)
