"""The time axis of a timeline, or of several below each other whose lengths are to be compared."""

from __future__ import annotations

from coroplay.trace.view import Window
from coroplay.trace.view.timeline.viewport import Viewport


class Axis:
    """The stretch of time that is shown and its first column, for all timelines that share it."""

    def __init__(self) -> None:
        self.viewport = Viewport()
        self._lengths: dict[object, tuple[int, bool]] = {}
        """By timeline: the length of its program's run so far, and True if that grows."""
        self._indent = 0

    def begin(self, timeline: object) -> None:
        """Forget that timeline's recording: it shows another one from now on."""
        self._lengths.pop(timeline, None)
        if not self._lengths:
            self.viewport.fit()
            self._indent = 0

    def note(self, timeline: object, elapsed_ns: int, *, growing: bool) -> None:
        """Note the length of that timeline's recording."""
        self._lengths[timeline] = (elapsed_ns, growing)

    @property
    def elapsed_ns(self) -> int:
        """The length of the longest recording."""
        return max((elapsed for elapsed, _ in self._lengths.values()), default=0)

    def window(self, width: int) -> Window:
        """Return the stretch of time that is shown in that many columns."""
        growing = any(growing for _, growing in self._lengths.values())
        return self.viewport.window(self.elapsed_ns, width, growing=growing)

    def indent(self, wanted: int, most: int) -> int:
        """Return the columns for names of lanes, of which one timeline wants that many."""
        self._indent = max(self._indent, wanted)
        return min(self._indent, most)
