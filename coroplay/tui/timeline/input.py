"""Input of a timeline: keys, the wheel, and a playhead that is dragged."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from coroplay.tui.timeline.columns import Columns


class TimelineInput:
    """Turns input into a step to stand on, or into another stretch of time."""

    def __init__(
        self,
        columns: Columns,
        choose_step: Callable[[int], object],
        show_stretch: Callable[[], object],
    ) -> None:
        self._columns = columns
        self._choose_step = choose_step
        self._show_stretch = show_stretch
        self._dragging = False

    def move_column(self, by: int) -> None:
        """Choose the step in the next column, or in the previous one."""
        step = self._columns.step_beside(by)
        if step is not None:
            self._choose_step(step)

    def zoom(self, closer: bool) -> None:
        """Show half as much time, or twice as much."""
        if self._columns.zoom(closer):
            self._show_stretch()

    def fit(self) -> None:
        """Show all of the time."""
        self._columns.fit()
        self._show_stretch()

    def pan(self, widths: float) -> None:
        """Show earlier or later times, by that many widths."""
        if self._columns.pan(widths):
            self._show_stretch()

    def grab(self, event: events.MouseDown) -> bool:
        """Take hold of the playhead and bring it to the mouse; return False beside the lanes."""
        if event.button != 1 or event.x < self._columns.indent:
            return False
        self._dragging = True
        self.drag(event)
        return True

    def drag(self, event: events.MouseEvent) -> None:
        """Bring the playhead to the mouse, if it is held."""
        step = self._columns.step_at(event.x) if self._dragging else None
        if step is not None and step != self._columns.cursor:
            self._choose_step(step)

    def release(self) -> None:
        """Let go of the playhead."""
        self._dragging = False

    def turn_wheel(self, event: events.MouseEvent, by: int) -> None:
        """Move by a column; with ctrl zoom, with shift show earlier or later times."""
        event.stop()
        if event.ctrl:
            self.zoom(by < 0)
        elif event.shift:
            self.pan(by / 8)
        else:
            self.move_column(by)
