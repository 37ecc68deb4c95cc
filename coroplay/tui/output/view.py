"""Shows one program's output: only the lines in sight are ever decoded, and it paints when told.

It scrolls by itself: the layout has nothing to do however much a program prints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from coroplay.tui.inks import ink
from coroplay.tui.output.ansi import Piece, pieces, plain
from coroplay.tui.output.buffer import Buffer, Line, Stream
from coroplay.tui.output.columns import columns, window
from coroplay.tui.output.scroller import Scroller
from coroplay.tui.output.styling import part_of, restyled
from coroplay.tui.running.program import Running
from coroplay.tui.stepping.palette import symbol

_NO_TIME: Final = 34
"""Columns below which the text needs the room of the time."""
_MOST_COPIED: Final = 100_000
"""Lines that are copied at most."""


class OutputView(Scroller):
    """The lines that a program printed, with when and by whom."""

    ALLOW_SELECT = True
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "output--time",
        "output--error",
        "output--typed",
        "output--later",
        "output--note",
        "output--found",
        "output--current",
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
    }
    """

    @dataclass
    class LineChosen(Message):
        """A line was clicked that was written at that step."""

        view: OutputView
        step: int

        @property
        def control(self) -> OutputView:
            """The view it happened in."""
            return self.view

    def __init__(self, program: Running, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.program = program
        self.cursor: int | None = None
        """The step after which output is dimmed; None for the last one."""
        self.found: int | None = None
        """The line that a search stands at."""
        self._words: re.Pattern[str] | None = None
        """What is searched."""
        self._painted: tuple[int, ...] = ()
        self._painted_end = 0

    def take(self, program: Running) -> None:
        """Show the output of another program from now on."""
        self.program = program
        self.cursor = self.found = self._words = None
        self.start_anew()
        self._painted = ()  # All of it is drawn with the first words, or by the screen's next tick.

    @property
    def buffer(self) -> Buffer:
        """What it shows."""
        return self.program.output

    @property
    def first(self) -> int:
        """The number of the first line."""
        return self.buffer.first_line

    @property
    def end(self) -> int:
        """The number after that of the last line."""
        return self.buffer.end

    @property
    def unseen(self) -> int:
        """How many lines have come below what was followed."""
        return 0 if self.following else max(0, self.buffer.end - self.seen_end)

    def paint(self, *, always: bool = False) -> None:
        """Draw again if there is anything new to draw."""
        survey = self.program.survey
        upto = survey.upto if survey else 0
        now = (*self.buffer.offsets.values(), upto, self.cursor if self.cursor is not None else -1)
        if now == self._painted and not always:
            return
        is_only_more = now[-2:] == self._painted[-2:] and not always
        first_new, self._painted, self._painted_end = self._painted_end - 1, now, self.buffer.end
        top = self.top
        if self.following:
            self.top = self.last_top
            self.seen_end = self.buffer.end
        self.top = max(self.buffer.first_line, min(self.top, self.last_top))
        if is_only_more and self.top == top == self.last_top == self.first:
            first = max(0, first_new - top)
            self.refresh(Region(0, first, self.size.width, self.size.height - first))
        else:
            self.refresh()

    def mark(self, words: re.Pattern[str] | None) -> None:
        """Mark these words from now on, wherever they stand."""
        self.found, self._words = None, words
        self.refresh()

    def stand_at(self, number: int) -> None:
        """Bring a line with the words that are marked into the middle."""
        self.found = number
        self._bring_into_sight(number)
        self.scroll_lines_to(number - self.size.height // 2)

    def _bring_into_sight(self, number: int) -> None:
        """Sideways: the words may stand far to the right."""
        text = plain(self.buffer.line(number).data)
        match = self._words.search(text) if self._words is not None else None
        if match is not None:
            starts = columns(text)
            left, right = starts[match.start()], starts[match.end()]
            room = max(1, self.size.width - 1 - self._gutter_width)
            if not self.left <= left <= right <= self.left + room:
                self.left = max(0, left - room // 2) if right > room else 0

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of what is in sight."""
        number = self.top + y
        width = self.size.width - 1
        if not self.buffer.first_line <= number < self.buffer.end:
            strip = Strip.blank(width, self.base)
        else:
            strip = self._strip(self.buffer.line(number), width)
        return Strip.join([strip, Strip([self.bar(y)])])

    def _strip(self, line: Line, width: int) -> Strip:
        step = self.program.author(line.stream, line.offset)
        text = self._content(line, step)
        whole = "".join(part for part, _ in text)
        starts = columns(whole)
        room = max(0, width - self._gutter_width)
        first, stop = window(starts, self.left, room)
        text = self._with_marks(line.number, text, whole, first, stop)
        shown = [Segment(part, self.base + style) for part, style in text]
        lead = starts[first] - self.left if first < stop else 0
        strip = Strip(shown, starts[stop] - starts[first]).apply_offsets(first, line.number)
        strip = Strip.join([Strip.blank(lead, self.base), strip]).extend_cell_length(
            room, self.base
        )
        return Strip.join([self._gutter(line, step), strip])

    @property
    def _gutter_width(self) -> int:
        """The columns of time, symbol and mark."""
        return 3 if self.size.width < _NO_TIME else 10

    def _gutter(self, line: Line, step: int | None) -> Strip:
        base = self.base
        time_style = self.get_component_rich_style("output--time")
        mark, mark_style = "│", base
        if line.stream is Stream.ERROR:
            mark, mark_style = "!", self.get_component_rich_style("output--error")
        recording = self.program.recording
        if step is None or recording is None:
            blank = "" if self.size.width < _NO_TIME else " " * 7
            return Strip([Segment(f"{blank}· ", time_style), Segment(mark, mark_style)])
        coroutine = recording.who(step)
        style = base + ink(self.app, coroutine)
        if self._is_later(step):
            style = time_style
        time = "" if self.size.width < _NO_TIME else f"{short_time(recording.time(step)):>6} "
        mark_style = style if mark == "│" else mark_style
        return Strip(
            [
                Segment(time, time_style),
                Segment(symbol(coroutine) + " ", style),
                Segment(mark, mark_style),
            ]
        )

    def _is_later(self, step: int) -> bool:
        return self.cursor is not None and step > self.cursor

    def _content(self, line: Line, step: int | None) -> list[Piece]:
        text = pieces(line.data, line.colours)
        if line.left_out:
            note = f" … {line.left_out:,} bytes more in this line"
            text.append((note, self.get_component_rich_style("output--note")))
        if step is not None and self._is_later(step):
            later = self.get_component_rich_style("output--later")
            text = [(part, later) for part, _ in text]
        elif line.stream is not Stream.OUT:
            name = "output--error" if line.stream is Stream.ERROR else "output--typed"
            text = [(part, self.get_component_rich_style(name) + style) for part, style in text]
        return text

    def _with_marks(
        self, number: int, text: list[Piece], whole: str, first: int, stop: int
    ) -> list[Piece]:
        """Those of a line's characters, with what is found and what is selected marked."""
        text = part_of(text, first, stop)
        if self._words is not None:
            name = "output--current" if number == self.found else "output--found"
            style = self.get_component_rich_style(name)
            spans = [m.span() for m in self._words.finditer(whole) if m.end() > first]
            text = restyled(text, [(a - first, b - first) for a, b in spans if a < stop], style)
        selection = self.text_selection
        span = selection.get_span(number) if selection is not None else None
        if span is not None:
            style = self.screen.get_component_rich_style("screen--selection")
            end = span[1] if span[1] >= 0 else len(whole)
            text = restyled(text, [(span[0] - first, end - first)], style)
        return text

    # Selection

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text that is selected, without the gutter."""
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
        """The selection changed."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A line that was written at a known step is gone to."""
        offset = self.mouse_at(event)
        number = self.top + offset.y
        if self.screen.get_selected_text() or offset.x >= self.size.width - 1:
            return
        if self.buffer.first_line <= number < self.buffer.end:
            line = self.buffer.line(number)
            step = self.program.author(line.stream, line.offset)
            if step is not None:
                self.post_message(self.LineChosen(self, step))

    def on_resize(self) -> None:
        """There is more to see, or less."""
        self.paint(always=True)


def short_time(t_ns: int) -> str:
    """Seconds in at most six characters."""
    seconds = t_ns / 1e9
    return f"{seconds:.2f}" if seconds < 1000 else f"{seconds:.0f}"
