"""The time axis of a timeline, or of several below each other whose lengths are to be compared."""

from __future__ import annotations

from coroplay.trace.view import Window
from coroplay.trace.view.viewport import Viewport


class Axis:
    """Which stretch of time is shown, and where it begins on the screen: for all that share it."""

    def __init__(self) -> None:
        self.viewport = Viewport()
        self._lengths: dict[object, tuple[int, bool]] = {}
        """For each timeline how long its recording is, and whether it grows."""
        self._indent = 0

    def begin(self, timeline: object) -> None:
        """That timeline shows another recording from now on."""
        self._lengths.pop(timeline, None)
        if not self._lengths:
            self.viewport.fit()
            self._indent = 0

    def note(self, timeline: object, elapsed_ns: int, *, growing: bool) -> None:
        """Take notice of how long that timeline's recording is by now."""
        self._lengths[timeline] = (elapsed_ns, growing)

    @property
    def elapsed_ns(self) -> int:
        """The length of the longest recording."""
        return max((elapsed for elapsed, _ in self._lengths.values()), default=0)

    def window(self, width: int) -> Window:
        """What is shown in that many columns."""
        growing = any(growing for _, growing in self._lengths.values())
        return self.viewport.window(self.elapsed_ns, width, growing=growing)

    def indent(self, wanted: int, most: int) -> int:
        """Columns for the names of the lanes, of which one timeline wants so many."""
        self._indent = max(self._indent, wanted)
        return min(self._indent, most)
