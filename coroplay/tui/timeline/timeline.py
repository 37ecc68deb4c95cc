"""The timeline: a lane a coroutine, the switches between them, and the playhead over it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from coroplay.sanitizing import clean
from coroplay.trace import Recording, RecordingError
from coroplay.trace.view import Lanes, Order, Window, name_of
from coroplay.tui.bindings import TIMELINE, bindings
from coroplay.tui.drawing.canvas import Canvas, fit
from coroplay.tui.timeline import lane_strips
from coroplay.tui.timeline.axis import Axis
from coroplay.tui.timeline.columns import Columns
from coroplay.tui.timeline.input import TimelineInput
from coroplay.tui.timeline.lane_rows import LaneRows, LanesInSight

_WIDEST_LABEL: Final = 22
_SAMPLING: Final = 0.02
"""Seconds between two rounds of work on a long recording's lanes."""
_EMPTY: Final = "When a program has run, you see here who ran when. Press enter to run it."


class Timeline(Canvas, can_focus=True):
    """All coroutines of a recording over time. The cursor is a column in it."""

    BORDER_TITLE = "Timeline"
    DEFAULT_CSS = """
    Timeline { height: 8; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(TIMELINE)

    @dataclass
    class CursorMoved(Message):
        """The person wants to stand on another step."""

        timeline: Timeline
        step: int

        @property
        def control(self) -> Timeline:
            """The timeline in which they moved."""
            return self.timeline

        def can_replace(self, message: Message) -> bool:
            """Return True for an earlier wish: only the latest counts."""
            return isinstance(message, Timeline.CursorMoved)

    @dataclass
    class AxisChanged(Message):
        """Another stretch of time is shown, in all timelines that share the axis."""

        timeline: Timeline

        @property
        def control(self) -> Timeline:
            """The timeline that changed it."""
            return self.timeline

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self.columns = Columns()
        self._input = TimelineInput(self.columns, self._choose_step, self._show_stretch)
        self._leads = True
        """True if the axis goes along with the cursor of this timeline."""
        self._explains = True
        """True if this timeline explains the signs."""
        self._lanes: Lanes | None = None
        self._order: Order | None = None
        self._in_sight = LanesInSight()
        self._lane_rows = LaneRows()
        self._playhead = -1
        """The column in which the playhead was drawn last."""
        self._growing = False
        self._length = 0
        """Number of steps when the lanes were drawn last."""
        self._end = 0
        """The column that the lanes reached then."""
        self._timer: Timer | None = None

    # The recording and the cursor

    def share_axis(self, axis: Axis) -> None:
        """Use an axis that other timelines use too."""
        self.columns.axis = axis

    def show_recording(
        self, recording: Recording | None, cursor: int, *, leads: bool = True
    ) -> None:
        """Show that recording with the playhead at that step; before the first if it is -1.

        Of several that share an axis, one leads: the axis keeps its cursor in sight.
        """
        if recording is not self.columns.recording:
            self._begin(recording)
        self.columns.cursor, self._leads = cursor, leads
        self._trying(self._note_length)
        if self.is_mounted and self.size.height:
            self._trying(self._follow_cursor)

    def _follow_cursor(self) -> None:
        """Have the cursor in sight, and draw no more anew than that takes."""
        before = (self.columns.window, self._in_sight.first)
        self._keep_in_sight()
        if before != (self._next_window(), self._in_sight.first) or not len(self._lane_rows):
            self.redraw()
        else:
            self._move_playhead()

    def explain(self, explains: bool) -> None:
        """Explain the signs, or leave that to another timeline."""
        if explains != self._explains:
            self._explains = self._in_sight.explained = explains
            self.redraw()

    def refresh_live(self) -> None:
        """Draw the steps that have come, and the time that has passed, as far as it can be seen."""
        recording = self.columns.recording
        if recording is None:
            return
        end = self.columns.window.column(recording.length_ns)
        seen = (recording.growing, len(recording), end)
        if seen != (self._growing, self._length, self._end):
            self._growing = seen[0]
            self.redraw()

    def follow_axis(self) -> None:
        """Draw anew if the axis shows another stretch of time by now."""
        if self.columns.recording is not None:
            self._trying(self._follow_axis)

    def _follow_axis(self) -> None:
        columns = self.columns
        window, indent = self._next_window(), columns.axis.indent(0, self._widest_label)
        if (window, indent) != (columns.window, columns.indent):
            self.redraw()

    def _begin(self, recording: Recording | None) -> None:
        self.columns.recording = recording
        self._lanes = Lanes(recording) if recording is not None else None
        self._order = Order(recording) if recording is not None else None
        self._growing = recording is not None and recording.growing
        self.columns.axis.begin(self)
        self._in_sight = LanesInSight()
        self._in_sight.explained = self._explains
        self._lane_rows.clear()
        self._playhead = -1

    # The room there is

    @property
    def _widest_label(self) -> int:
        return min(_WIDEST_LABEL, self.size.width // 3)

    def _count(self) -> int:
        """Return the number of lanes."""
        recording = self.columns.recording
        return recording.count_spawned(len(recording) - 1) if recording and len(recording) else 0

    def _next_window(self) -> Window:
        self._note_length()
        return self.columns.axis.window(self.size.width - self.columns.indent)

    def _note_length(self) -> None:
        recording = self.columns.recording
        elapsed = recording.length_ns if recording is not None else 0
        self.columns.axis.note(self, elapsed, growing=self._growing)

    def _keep_in_sight(self) -> None:
        recording, cursor = self.columns.recording, self.columns.cursor
        if self._leads:
            self.columns.axis.viewport.keep_in_sight(self.columns.now)
        if recording is not None and self._order is not None and 0 <= cursor < len(recording):
            count = self._count()
            self._order.look(count)
            lane = self._order.lane(recording.coroutine_at(cursor))
            self._in_sight.keep_in_sight(lane, self.size.height, count)

    # Drawing

    def on_resize(self) -> None:
        """Draw anew, with the cursor in sight."""
        self._trying(self._keep_in_sight)
        self.redraw()

    def redraw(self) -> None:
        """Draw the lanes anew."""
        self._trying(self._draw)

    def _trying(self, work: Callable[[], None]) -> None:
        """Do that, unless the recording is damaged: then say so."""
        try:
            work()
        except RecordingError as error:
            self._show_sentence(f"The timeline can't be drawn: {clean(str(error))}.")

    def _draw(self) -> None:
        recording, lanes, order = self.columns.recording, self._lanes, self._order
        width, height = self.size
        if not width or not height:
            return
        if recording is None or lanes is None or order is None or not len(recording):
            self._show_sentence(_EMPTY)
            return
        count = self._count()
        order.look(count)
        ids = [order.coroutine(lane) for lane in self._in_sight.lanes(height, count)]
        shown = [(one, name_of(recording, one)) for one in ids]
        self.columns.indent = self._indent_for([name for _, name in shown])
        self.columns.window = self._next_window()
        self._length = len(recording)
        self._end = self.columns.window.column(recording.length_ns)
        self._lane_rows.draw(self, lanes, self.columns, shown)
        self._put_rows()
        self._go_on_sampling(complete=lanes.complete)

    def _indent_for(self, names: list[str]) -> int:
        """Return the columns for these names, in all timelines that share the axis."""
        most, axis = self._widest_label, self.columns.axis
        before = axis.indent(0, most)
        indent = axis.indent(lane_strips.label_width(names, most), most)
        if indent != before:
            self.post_message(self.AxisChanged(self))
        return indent

    def _show_sentence(self, sentence: str) -> None:
        self._lane_rows.clear()
        width = self.size.width
        self.put([self.strip([(fit(sentence, width), self.ink("muted"))], width)])

    def _go_on_sampling(self, *, complete: bool) -> None:
        if complete and self._timer is not None:
            self._timer.stop()
            self._timer = None
        elif not complete and self._timer is None:
            self._timer = self.set_interval(_SAMPLING, self._sample)

    def _sample(self) -> None:
        if self._lanes is not None:
            self._lanes.sample()
            self.redraw()

    def _put_rows(self) -> None:
        self._playhead = self.columns.playhead
        rows = [self._axis_row()]
        rows += [self._lane_row(row) for row in range(len(self._lane_rows))]
        height = self.size.height
        if len(rows) < height:
            blank = Strip.blank(self.size.width, self.ink("plain").rich_style)
            rows += [blank] * (height - 1 - len(rows))
            rows.append(self._last_row())
        self.put(rows)

    def _last_row(self) -> Strip:
        """Draw the range of the lanes and, in one timeline of several, the legend."""
        where = self._in_sight.range_text(self._count(), len(self._lane_rows))
        if self._explains:
            where += "+ - zoom" if self.columns.axis.viewport.fits else "+ - zoom   0 all"
        return lane_strips.last_row(self, where, self.size.width, legend=self._explains)

    def _axis_row(self) -> Strip:
        columns = self.columns
        return lane_strips.axis(self, columns.window, columns.indent, self._playhead, columns.now)

    def _lane_row(self, row: int) -> Strip:
        columns = self.columns
        later = columns.cursor >= 0 and columns.now >= columns.window.start_ns
        return self._lane_rows.row(self, row, self._playhead, all_past=later)

    def _move_playhead(self) -> None:
        """Draw only the columns between the old place and the new one again."""
        old, new = self._playhead, self.columns.playhead
        self._playhead = new
        lanes = [self._lane_row(row) for row in range(len(self._lane_rows))]
        self._strips = [self._axis_row(), *lanes, *self._strips[1 + len(lanes) :]]
        self.refresh(Region(0, 0, self.size.width, 1))
        if old == new:
            return
        if old < 0 or new < 0:
            self.refresh(Region(0, 1, self.size.width, len(lanes)))
            return
        self.refresh(Region(min(old, new), 1, abs(new - old) + 1, len(lanes)))

    # Input

    def _choose_step(self, step: int) -> None:
        self.post_message(self.CursorMoved(self, step))

    def _show_stretch(self) -> None:
        self.redraw()
        self.post_message(self.AxisChanged(self))

    def action_column(self, by: int) -> None:
        """Move the cursor to the next column that has a step of its own."""
        self._input.move_column(by)

    def action_zoom(self, closer: bool) -> None:
        """Show half as much time, or twice as much."""
        self._input.zoom(closer)

    def action_fit(self) -> None:
        """Show all of the time."""
        self._input.fit()

    def action_pan(self, by: float) -> None:
        """Show earlier or later times, by that many widths."""
        self._input.pan(by)

    def action_lanes(self, by: int) -> None:
        """Show lanes further up or down."""
        self._in_sight.first += by
        self.redraw()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the playhead."""
        if self._input.grab(event):
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the playhead."""
        self._input.drag(event)

    def on_mouse_up(self, _: events.MouseUp) -> None:
        """Let go of the playhead."""
        self._input.release()
        self.release_mouse()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Go on by a column; with ctrl zoom out, with shift show later times."""
        self._input.turn_wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Go back by a column; with ctrl zoom in, with shift show earlier times."""
        self._input.turn_wheel(event, -1)
