"""The timeline by mouse: click and drag the playhead, turn the wheel."""

from __future__ import annotations

from textual import events

from coroplay.tui.stepping.canvas import Canvas


class Handled(Canvas):
    """A canvas whose columns stand for times, and that can be taken hold of."""

    _dragging = False

    @property
    def indent(self) -> int:
        """Columns before the first one that stands for a time."""
        raise NotImplementedError

    def go_to_column(self, x: int) -> None:
        """Have the cursor in that column."""
        raise NotImplementedError

    def action_column(self, by: int) -> None:
        """Move the cursor by columns."""
        raise NotImplementedError

    def action_zoom(self, closer: bool) -> None:
        """Show half as much time, or twice as much."""
        raise NotImplementedError

    def action_pan(self, by: float) -> None:
        """Show what is earlier or later."""
        raise NotImplementedError

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
