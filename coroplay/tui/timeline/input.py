"""The timeline in a person's hands: its keys, the playhead that is dragged, the wheel."""

from __future__ import annotations

from textual import events

from coroplay.trace import Recording
from coroplay.trace.view import Window
from coroplay.tui.drawing.canvas import Canvas
from coroplay.tui.timeline.axis import Axis
from coroplay.tui.timeline.lane_rows import Sight


class Handled(Canvas):
    """A canvas whose columns stand for times, and in which a person moves about."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.axis = Axis()
        """Its own, until it gets one that it shares."""
        self._recording: Recording | None = None
        self._cursor = -1
        self._window = Window(0, 1, 1)
        """The stretch of time that is drawn."""
        self._sight = Sight()
        """Which lanes are drawn."""
        self._dragging = False

    @property
    def indent(self) -> int:
        """Columns before the first one that stands for a time."""
        raise NotImplementedError

    def wish_for(self, step: int) -> None:
        """Say that the person wants to stand there."""
        raise NotImplementedError

    def show_window(self) -> None:
        """Draw what is shown now, here and in all that share the axis."""
        raise NotImplementedError

    def _now(self) -> int:
        recording = self._recording
        if recording is None or not 0 <= self._cursor < len(recording):
            return 0
        return recording.time(self._cursor)

    # By keys

    def go_to_column(self, x: int) -> None:
        """Have the cursor at the last step in that column of the widget."""
        recording = self._recording
        if recording is None or not len(recording):
            return
        column = max(0, min(self._window.width - 1, x - self.indent))
        step = self._step_in(column, recording)
        if step != self._cursor:
            self.wish_for(step)

    def _step_in(self, column: int, recording: Recording) -> int:
        """The last step in that column, or before it."""
        return recording.at_time(max(0, self._window.edge(column + 1) - 1))

    def action_column(self, by: int) -> None:
        """Move the cursor to the next column that has a step of its own."""
        recording = self._recording
        if recording is None or not len(recording):
            return
        column = self._window.column(self._now()) + by
        step = self._step_in(max(0, column), recording)
        if by > 0 and step <= self._cursor:
            step = min(self._cursor + 1, len(recording) - 1)
        elif by < 0 and step >= self._cursor:
            step = max(0, self._cursor - 1)
        self.wish_for(step)

    def action_zoom(self, closer: bool) -> None:
        """Show half as much time, or twice as much."""
        if self._recording is not None:
            viewport, elapsed = self.axis.viewport, self.axis.elapsed_ns
            viewport.zoom(self._window, self._now(), elapsed, closer=closer)
            self.show_window()

    def action_fit(self) -> None:
        """Show all of the time."""
        self.axis.viewport.fit()
        self.show_window()

    def action_pan(self, by: float) -> None:
        """Show what is earlier or later, by so many widths."""
        if self._recording is not None:
            self.axis.viewport.pan(self._window, by, self.axis.elapsed_ns)
            self.show_window()

    def action_lanes(self, by: int) -> None:
        """Show lanes further up or down."""
        self._sight.first += by
        self.redraw()

    # By mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the playhead."""
        if event.button == 1 and event.x >= self.indent:
            self._dragging = True
            self.capture_mouse()
            self.go_to_column(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag it along."""
        if self._dragging:
            self.go_to_column(event.x)

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let go of it."""
        self._dragging = False
        self.release_mouse()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """On by a column; with ctrl zoom out, with shift show what is later."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Back by a column; with ctrl zoom in, with shift show what is earlier."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, by: int) -> None:
        event.stop()
        if event.ctrl:
            self.action_zoom(by < 0)
        elif event.shift:
            self.action_pan(by / 8)
        else:
            self.action_column(by)
