"""The stretch of time that the timeline shows: all of it, or a part that was zoomed into."""

from __future__ import annotations

from typing import Final

from coroplay.trace.view.timeline.axis import nice_step
from coroplay.trace.view.timeline.lanes import Window

SHORTEST_NS: Final = 1_000
_FEWEST_NS: Final = 1_000_000
"""The least time that is shown of a recording with next to no time in it."""
_CLOSER: Final = 2


class Viewport:
    """A window on a recording's time that keeps the cursor in sight."""

    def __init__(self) -> None:
        self._start = 0
        self._span = 0
        """Nanoseconds; 0 while everything is shown."""

    @property
    def fits(self) -> bool:
        """True while everything is shown."""
        return self._span == 0

    def window(self, elapsed_ns: int, width: int, *, growing: bool) -> Window:
        """Return the window on a recording of that length."""
        width = max(1, width)
        if self._span:
            return Window(self._start, self._span, width)
        if growing:
            # In leaps, so that not everything moves with each step that comes.
            return Window(0, nice_step(max(_FEWEST_NS, elapsed_ns + 1)), width)
        return Window(0, max(_FEWEST_NS, elapsed_ns + elapsed_ns // 50), width)

    def fit(self) -> None:
        """Show everything again."""
        self._start = self._span = 0

    def zoom(self, now: Window, around_ns: int, elapsed_ns: int, *, closer: bool) -> None:
        """Show half or twice as much, while that time keeps its place."""
        span = now.span_ns // _CLOSER if closer else now.span_ns * _CLOSER
        span = max(span, SHORTEST_NS)
        if not closer and span > elapsed_ns:
            self.fit()
            return
        inside = now.start_ns <= around_ns <= now.start_ns + now.span_ns
        part = (around_ns - now.start_ns) / now.span_ns if inside else 0.5
        self._span = span
        self._start = max(0, int(around_ns - span * part))

    def pan(self, now: Window, by: float, elapsed_ns: int) -> None:
        """Move on by so many widths; back if negative. Where everything is shown, nothing moves."""
        if self._span:
            latest = max(0, elapsed_ns - self._span // 2)
            self._start = max(0, min(latest, now.start_ns + int(now.span_ns * by)))

    def keep_in_sight(self, t_ns: int) -> None:
        """Move so that this time is shown, if it isn't yet."""
        if self._span and not self._start <= t_ns < self._start + self._span:
            self._start = max(0, t_ns - self._span // 2)
