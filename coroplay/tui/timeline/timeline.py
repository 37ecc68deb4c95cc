"""The timeline: a lane a coroutine, the switches between them, and the playhead over it all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from coroplay.trace import Recording, RecordingError
from coroplay.trace.view import Lanes, Order, Window, clean, name_of
from coroplay.tui.bindings import TIMELINE, bindings
from coroplay.tui.drawing.canvas import fit
from coroplay.tui.timeline import lane_strips
from coroplay.tui.timeline.input import Handled
from coroplay.tui.timeline.lane_rows import LaneRows, Sight

_WIDEST_LABEL: Final = 22
_SAMPLING: Final = 0.02
"""Seconds between two helpings of a long recording's lanes."""
_EMPTY: Final = "When a program has run, you see here who ran when. Press enter to run it."


class Timeline(Handled, can_focus=True):
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
            """The widget it happened in."""
            return self.timeline

        def can_replace(self, message: Message) -> bool:
            """Only the latest wish counts."""
            return isinstance(message, Timeline.CursorMoved)

    @dataclass
    class AxisChanged(Message):
        """Another stretch of time is shown, in all that share the axis."""

        timeline: Timeline

        @property
        def control(self) -> Timeline:
            """The widget it happened in."""
            return self.timeline

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._leads = True
        """Whether the axis goes along with the cursor of this one."""
        self._explains = True
        """Whether it says what the signs mean."""
        self._lanes: Lanes | None = None
        self._order: Order | None = None
        self._board = LaneRows()
        self._playhead = -1
        self._growing = False
        self._length = 0
        """How many steps there were when the lanes were drawn."""
        self._timer: Timer | None = None

    # What the screen says

    def show(self, recording: Recording | None, cursor: int, *, leads: bool = True) -> None:
        """Show that recording with the playhead at that step; before the first if it is -1.

        Of several that share an axis, one leads: the axis keeps its cursor in sight.
        """
        if recording is not self._recording:
            self._begin(recording)
        self._cursor, self._leads = cursor, leads
        self._trying(self._note_length)
        if self.is_mounted and self.size.height:
            self._trying(self._follow)

    def _follow(self) -> None:
        """Have the cursor in sight, and draw no more anew than that takes."""
        before = (self._window, self._sight.first)
        self._keep_in_sight()
        if before != (self._next_window(), self._sight.first) or not len(self._board):
            self.redraw()
        else:
            self._move_playhead()

    def explain(self, explains: bool) -> None:
        """Say what the signs mean, or leave that to another one."""
        if explains != self._explains:
            self._explains = self._sight.explained = explains
            self.redraw()

    def refresh_live(self) -> None:
        """The recording has grown, or ended: draw what came."""
        recording = self._recording
        if recording is None or not (self._growing or len(recording) != self._length):
            return
        growing = recording.growing
        if growing != self._growing or len(recording) != self._length:
            self._growing = growing
            self.redraw()

    def follow_axis(self) -> None:
        """Draw anew if the axis shows another stretch of time by now."""
        if self._recording is not None:
            self._trying(self._follow_axis)

    def _follow_axis(self) -> None:
        window, indent = self._next_window(), self.axis.indent(0, self._widest_label)
        if (window, indent) != (self._window, self.indent):
            self.redraw()

    def _begin(self, recording: Recording | None) -> None:
        self._recording = recording
        self._lanes = Lanes(recording) if recording is not None else None
        self._order = Order(recording) if recording is not None else None
        self._growing = recording is not None and recording.growing
        self.axis.begin(self)
        self._sight = Sight()
        self._sight.explained = self._explains
        self._board.clear()
        self._playhead = -1

    # Where things are

    @property
    def indent(self) -> int:
        """Columns before the first one that stands for a time."""
        return self._board.indent

    @property
    def _widest_label(self) -> int:
        return min(_WIDEST_LABEL, self.size.width // 3)

    def _count(self) -> int:
        recording = self._recording
        return recording.spawned_by(len(recording) - 1) if recording and len(recording) else 0

    def _next_window(self) -> Window:
        self._note_length()
        return self.axis.window(self.size.width - self.indent)

    def _note_length(self) -> None:
        elapsed = self._recording.elapsed_ns if self._recording is not None else 0
        self.axis.note(self, elapsed, growing=self._growing)

    def _keep_in_sight(self) -> None:
        recording = self._recording
        if self._leads:
            self.axis.viewport.keep_in_sight(self._now())
        if recording is not None and self._order is not None and 0 <= self._cursor < len(recording):
            count = self._count()
            self._order.look(count)
            lane = self._order.lane(recording.who(self._cursor))
            self._sight.keep(lane, self.size.height, count)

    # Drawing

    def on_resize(self) -> None:
        """There is another room for it now."""
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
            self._say(f"The timeline can't be drawn: {clean(str(error))}.")

    def _draw(self) -> None:
        recording, lanes, order = self._recording, self._lanes, self._order
        width, height = self.size
        if not width or not height:
            return
        if recording is None or lanes is None or order is None or not len(recording):
            self._say(_EMPTY)
            return
        count = self._count()
        order.look(count)
        ids = [order.coroutine(lane) for lane in self._sight.lanes(height, count)]
        shown = [(one, name_of(recording, one)) for one in ids]
        names = [name for _, name in shown]
        self._board.indent = self._indent_for(names)
        self._window = self._next_window()
        self._length = len(recording)
        self._board.draw(self, lanes, self._window, shown)
        self._compose_rows()
        self._go_on_sampling(complete=lanes.complete)

    def _indent_for(self, names: list[str]) -> int:
        """Columns for these names, in all that share the axis."""
        most = self._widest_label
        before = self.axis.indent(0, most)
        indent = self.axis.indent(lane_strips.label_width(names, most), most)
        if indent != before:
            self.post_message(self.AxisChanged(self))
        return indent

    def _say(self, sentence: str) -> None:
        self._board.clear()
        self.put(
            [self.strip([(fit(sentence, self.size.width), self.ink("muted"))], self.size.width)]
        )

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

    def _compose_rows(self) -> None:
        self._playhead = self._column()
        rows = [self._axis()]
        rows += [self._lane_row(row) for row in range(len(self._board))]
        height = self.size.height
        if len(rows) < height:
            blank = Strip.blank(self.size.width, self.ink("plain").rich_style)
            rows += [blank] * (height - 1 - len(rows))
            rows.append(self._last_row())
        self.put(rows)

    def _last_row(self) -> Strip:
        """Which lanes these are and, in one of those that share an axis, what the signs mean."""
        where = self._sight.told(self._count(), len(self._board))
        if self._explains:
            where += "+ - zoom" if self.axis.viewport.fits else "+ - zoom   0 all"
        return lane_strips.last_row(self, where, self.size.width, legend=self._explains)

    def _column(self) -> int:
        """The playhead's column on the widget; -1 if it is out of sight."""
        if self._cursor < 0:
            return -1
        column = self._window.column(self._now())
        return self.indent + column if 0 <= column < self._window.width else -1

    def _axis(self) -> Strip:
        return lane_strips.axis(self, self._window, self.indent, self._playhead, self._now())

    def _lane_row(self, row: int) -> Strip:
        later = self._cursor >= 0 and self._now() >= self._window.start_ns
        return self._board.row(self, row, self._playhead, all_past=later)

    def _move_playhead(self) -> None:
        """Only the columns between the old place and the new one have to be drawn again."""
        old, new = self._playhead, self._column()
        self._playhead = new
        lanes = [self._lane_row(row) for row in range(len(self._board))]
        self._strips = [self._axis(), *lanes, *self._strips[1 + len(lanes) :]]
        self.refresh(Region(0, 0, self.size.width, 1))
        if old == new:
            return
        if old < 0 or new < 0:
            self.refresh(Region(0, 1, self.size.width, len(lanes)))
            return
        self.refresh(Region(min(old, new), 1, abs(new - old) + 1, len(lanes)))

    # What is wished for

    def wish_for(self, step: int) -> None:
        """The person wants to stand there."""
        self.post_message(self.CursorMoved(self, step))

    def show_window(self) -> None:
        """Draw the stretch of time that is shown now, here and in all that share the axis."""
        self.redraw()
        self.post_message(self.AxisChanged(self))
