"""Columns of a timeline as times: the stretch of time that is shown, and the cursor in it."""

from __future__ import annotations

from coroplay.trace import Recording
from coroplay.trace.view import Window
from coroplay.tui.timeline.axis import Axis


class Columns:
    """The columns of one timeline, each of which stands for a time of its recording."""

    def __init__(self) -> None:
        self.axis = Axis()
        """An axis of its own, until there is one that it shares."""
        self.recording: Recording | None = None
        self.cursor = -1
        """The step of the playhead; -1 before the first."""
        self.window = Window(0, 1, 1)
        """The stretch of time that is drawn."""
        self.indent = 0
        """Columns before the first one that stands for a time."""

    @property
    def now(self) -> int:
        """The cursor's time, in nanoseconds; 0 before the first step."""
        recording = self.recording
        if recording is None or not 0 <= self.cursor < len(recording):
            return 0
        return recording.time(self.cursor)

    @property
    def playhead(self) -> int:
        """The playhead's column on the widget; -1 if it is out of sight."""
        if self.cursor < 0:
            return -1
        column = self.window.column(self.now)
        return self.indent + column if 0 <= column < self.window.width else -1

    def step_at(self, x: int) -> int | None:
        """Return the last step in that column of the widget, or before it."""
        if not self.recording:
            return None
        return self._last_step(max(0, min(self.window.width - 1, x - self.indent)))

    def step_beside(self, by: int) -> int | None:
        """Return the step of the next column that has one of its own, that many further on."""
        if not self.recording:
            return None
        step = self._last_step(max(0, self.window.column(self.now) + by))
        if by > 0 and step <= self.cursor:
            return min(self.cursor + 1, len(self.recording) - 1)
        if by < 0 and step >= self.cursor:
            return max(0, self.cursor - 1)
        return step

    def _last_step(self, column: int) -> int:
        assert self.recording is not None
        return self.recording.at_time(max(0, self.window.edge(column + 1) - 1))

    def zoom(self, closer: bool) -> bool:
        """Show half as much time, or twice as much; return False without a recording."""
        if self.recording is None:
            return False
        self.axis.viewport.zoom(self.window, self.now, self.axis.elapsed_ns, closer=closer)
        return True

    def pan(self, widths: float) -> bool:
        """Show earlier or later times, by that many widths; return False without a recording."""
        if self.recording is None:
            return False
        self.axis.viewport.pan(self.window, widths, self.axis.elapsed_ns)
        return True

    def fit(self) -> None:
        """Show all of the time."""
        self.axis.viewport.fit()
