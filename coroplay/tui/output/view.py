"""A view of one program's output: only the lines in sight are ever decoded.

It scrolls by itself: the layout has nothing to do however much a program prints.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from coroplay.tui.bindings import OUTPUT, bindings
from coroplay.tui.drawing.ansi import pieces, plain
from coroplay.tui.drawing.inks import ink
from coroplay.tui.output.text.columns import columns
from coroplay.tui.output.text.gutter import Author
from coroplay.tui.output.text.row_strips import Drawing, row_strip, text_room
from coroplay.tui.output.text.rows import TextRow, TextRows
from coroplay.tui.output.text.scroll import Scroll
from coroplay.tui.output.text.styling import OutputStyles
from coroplay.tui.runs.buffer import Buffer
from coroplay.tui.runs.program import Running

_WHEEL: Final = 3
"""Rows that a turn of the wheel scrolls."""
_MOST_COPIED: Final = 100_000
"""Lines that are copied at most."""


class OutputView(Widget, can_focus=True):
    """The lines that a program printed, each with its time and its author, and a scroll bar."""

    ALLOW_SELECT = True
    BINDINGS: ClassVar[list[BindingType]] = bindings(OUTPUT)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "output--time",
        "output--error",
        "output--typed",
        "output--later",
        "output--note",
        "output--found",
        "output--current",
        "output--bar",
    }
    DEFAULT_CSS = """
    OutputView {
        & > .output--time { color: $text-muted; }
        & > .output--error { color: $text-error; }
        & > .output--typed { color: $text-accent; text-style: bold; }
        & > .output--later { color: $text-disabled; }
        & > .output--note { color: $text-muted; text-style: italic; }
        & > .output--found { background: $warning-muted; color: $text; text-style: underline; }
        & > .output--current { text-style: bold underline reverse; }
        & > .output--bar { color: $scrollbar; }
    }
    """

    @dataclass
    class Scrolled(Message):
        """Other rows are in sight, or the newest row is followed now, or not any more."""

        view: OutputView

        @property
        def control(self) -> OutputView:
            """The view that was scrolled."""
            return self.view

    @dataclass
    class LineChosen(Message):
        """A line was clicked that was written at that step."""

        view: OutputView
        step: int

        @property
        def control(self) -> OutputView:
            """The view that was clicked."""
            return self.view

    def __init__(self, program: Running, *, wrapped: bool) -> None:
        super().__init__()
        self._wrapped = wrapped
        self._set_program(program)
        self._painted: tuple[int, ...] = ()
        self._painted_end = 0
        self._dragging = False
        self._known_styles: OutputStyles | None = None

    def _set_program(self, program: Running) -> None:
        self.program = program
        self.cursor: int | None = None
        """The step after which output is dimmed; None for the last one."""
        self.found: int | None = None
        """The line that a search stands at."""
        self._words: re.Pattern[str] | None = None
        """The words that are searched."""
        self.rows = TextRows(program.output, lambda: self._room, wrapped=self._wrapped)
        self.scroll = Scroll(self.rows, lambda: self.size.height)

    def show_program(self, program: Running) -> None:
        """Show the output of another program from now on."""
        self._set_program(program)
        self._painted = ()  # All of it is drawn with the first words, or by the screen's next tick.

    @property
    def buffer(self) -> Buffer:
        """The output that is shown."""
        return self.program.output

    def paint(self, *, always: bool = False) -> None:
        """Draw again if there is anything new to draw."""
        survey = self.program.survey
        upto = survey.upto if survey else 0
        now = (*self.buffer.offsets.values(), upto, self.cursor if self.cursor is not None else -1)
        if now == self._painted and not always:
            return
        is_only_more = now[-2:] == self._painted[-2:] and not always
        first_new, self._painted, self._painted_end = self._painted_end - 1, now, self.buffer.end
        if self.scroll.keep_up() and is_only_more:
            self._refresh_from(first_new)
        else:
            self.refresh()

    def _refresh_from(self, line: int) -> None:
        """Draw the rows from that line on: nothing has moved, and above it nothing is new."""
        rows = self.scroll.sight.rows
        y = next((y for y, row in enumerate(rows) if row.line >= line), 0)
        self.refresh(Region(0, y, self.size.width, self.size.height - y))

    # Searching

    def mark(self, words: re.Pattern[str] | None) -> None:
        """Mark these words from now on, wherever they stand."""
        self.found, self._words = None, words
        self.refresh()

    def stand_at(self, number: int) -> None:
        """Bring the words that are marked, in that line, into the middle."""
        self.found = number
        row = TextRow(number, self._scroll_to_words(number))
        self.scroll.scroll_to(self.rows.below(row, -(self.size.height // 2)))
        self._scrolled()

    def _scroll_to_words(self, number: int) -> int:
        """Scroll sideways to words far to the right; return the index of their row in the line."""
        text = plain(self.buffer.line(number).data)
        match = self._words.search(text) if self._words is not None else None
        if match is None:
            return 0
        if self._wrapped:
            return bisect_right(self.rows.breaks(number), match.start()) - 1
        starts = columns(text)
        left, right = starts[match.start()], starts[match.end()]
        scroll = self.scroll
        if not scroll.left <= left <= right <= scroll.left + self._room:
            scroll.left = max(0, left - self._room // 2) if right > self._room else 0
        return 0

    # Long lines

    def wrap(self, wrapped: bool) -> None:
        """Wrap long lines from now on, or cut them off."""
        self._wrapped = self.rows.wrapped = wrapped
        self.scroll.left = 0
        self.scroll.top = TextRow(self.scroll.top.line)
        self.paint(always=True)

    @property
    def _room(self) -> int:
        """The columns that there are for text."""
        return text_room(self.size.width)

    # Drawing

    @property
    def _styles(self) -> OutputStyles:
        if self._known_styles is None:
            names = [f"output--{name}" for name in OutputStyles._fields[1:-1]]
            own = [self.get_component_rich_style(name) for name in names]
            selection = self.screen.get_component_rich_style("screen--selection")
            self._known_styles = OutputStyles._make([self.rich_style, *own, selection])
        return self._known_styles

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the rows in sight. The styles are the same for all, and expensive to ask for."""
        self._known_styles = None
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draw one row of those in sight."""
        styles, sight = self._styles, self.scroll.sight
        if y < len(sight.rows) and self.rows.first <= sight.rows[y].line < self.rows.end:
            strip = self._strip(sight.rows[y])
        else:
            strip = Strip.blank(self.size.width - 1, styles.base)
        in_thumb = y in sight.thumb
        bar = Segment("▐", styles.base + styles.bar) if in_thumb else Segment(" ", styles.base)
        return Strip.join([strip, Strip([bar])])

    def _strip(self, row: TextRow) -> Strip:
        line = self.buffer.line(row.line)
        step = self.program.author(line.stream, line.offset)
        later = step is not None and self.cursor is not None and step > self.cursor
        drawing = Drawing(
            self._styles,
            self.size.width,
            self._wrapped,
            self.scroll.left,
            self._words,
            self.found,
            self.text_selection,
        )
        return row_strip(drawing, line, row, self._author(step, later=later), later=later)

    def _author(self, step: int | None, *, later: bool) -> Author | None:
        recording = self.program.recording
        if step is None or recording is None:
            return None
        coroutine, styles = recording.coroutine_at(step), self._styles
        own = styles.time if later else styles.base + ink(self.app, coroutine)
        return Author(coroutine, recording.time(step), own)

    # Selecting

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text that is selected, without the gutter."""
        first = self.buffer.first_line if selection.start is None else selection.start.y
        last = self.buffer.end - 1 if selection.end is None else selection.end.y
        first = max(first, self.buffer.first_line)
        last = min(last, self.buffer.end - 1, first + _MOST_COPIED)
        lines: list[str] = []
        for number in range(first, last + 1):
            span = selection.get_span(number)
            line = self.buffer.line(number)
            text = "".join(part for part, _ in pieces(line.data, line.colours))
            if span is not None:
                lines.append(text[span[0] : span[1] if span[1] >= 0 else None])
        return "\n".join(lines), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002
        """Draw the selection, which has changed."""
        self.refresh()

    # Keys

    def _scrolled(self) -> None:
        self.refresh()
        self.post_message(self.Scrolled(self))

    def follow(self) -> None:
        """Keep the newest row in sight from now on."""
        self.scroll.follow()
        self._scrolled()

    def stay(self) -> None:
        """Leave the rows where they are from now on."""
        self.scroll.stay()
        self.post_message(self.Scrolled(self))

    def action_scroll_lines(self, lines: int) -> None:
        """Scroll up or down."""
        self.scroll.scroll_by(lines)
        self._scrolled()

    def action_scroll_pages(self, pages: int) -> None:
        """Scroll up or down by the rows in sight."""
        self.scroll.scroll_pages(pages)
        self._scrolled()

    def action_to_first(self) -> None:
        """Scroll to the first line."""
        self.scroll.scroll_to(self.rows.top)
        self._scrolled()

    def action_to_last(self) -> None:
        """Scroll to the last line, and follow it."""
        self.follow()

    def action_sideways(self, direction: int) -> None:
        """Scroll left or right, for long lines."""
        self.scroll.scroll_sideways(direction)
        self.refresh()

    # The mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.action_scroll_lines(-_WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.action_scroll_lines(_WHEEL)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll left."""
        event.stop()
        self.action_sideways(-1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll right."""
        event.stop()
        self.action_sideways(1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self._mouse_at(event).x == self.size.width - 1:
            self._dragging = True
            self.capture_mouse()
            event.stop()
            self._drag(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._dragging:
            self._drag(event)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go of the scroll bar."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def _drag(self, event: events.MouseEvent) -> None:
        self.scroll.drag_thumb(self._mouse_at(event).y)
        self._scrolled()

    def _mouse_at(self, event: events.MouseEvent) -> Offset:
        """Return the mouse's place inside the frame."""
        return event.offset - Offset(self.gutter.left, self.gutter.top)

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked line, if the step that wrote it is known."""
        offset, rows = self._mouse_at(event), self.scroll.sight.rows
        if self.screen.get_selected_text() or offset.x >= self.size.width - 1:
            return
        if 0 <= offset.y < len(rows) and self.rows.first <= rows[offset.y].line < self.rows.end:
            line = self.buffer.line(rows[offset.y].line)
            step = self.program.author(line.stream, line.offset)
            if step is not None:
                self.post_message(self.LineChosen(self, step))

    def on_resize(self) -> None:
        """Draw anew: there is more to see, or less."""
        self.rows.forget_breaks()
        self.scroll.top = TextRow(self.scroll.top.line)
        self.paint(always=True)
