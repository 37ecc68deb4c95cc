"""Shows one program's output: only the lines in sight are ever decoded, and it paints when told.

It scrolls by itself: the layout has nothing to do however much a program prints.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip

from coroplay.tui.drawing.ansi import Piece, pieces, plain
from coroplay.tui.output.columns import breaks, columns, window
from coroplay.tui.output.gutter import gutter, gutter_width
from coroplay.tui.output.scroller import Place, Scroller
from coroplay.tui.output.styling import part_of, restyled
from coroplay.tui.runs.buffer import Buffer, Line, Stream
from coroplay.tui.runs.program import Running

_BREAKS_KEPT: Final = 512
_MORE: Final = "…"
"""At the end of a row of which more stands to the right."""
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
        self._wrapped = False
        self._breaks: dict[int, Sequence[int]] = {}
        """With which characters the rows of a line begin, for those last looked at."""

    def take(self, program: Running) -> None:
        """Show the output of another program from now on."""
        self.program = program
        self.cursor = self.found = self._words = None
        self.start_anew()
        self._breaks.clear()
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
        top, last = self.top, self.last_top
        if self.following:
            self.top = last
            self.seen_end = self.buffer.end
        self.top = max(Place(self.first), min(self.top, last))
        if is_only_more and self.top == top == last == Place(self.first):
            self._draw_from(first_new)
        else:
            self.draw_again()

    def _draw_from(self, line: int) -> None:
        """Nothing has moved, and above that line nothing is new."""
        self._sight = None
        rows = self.sight.rows
        y = next((y for y, place in enumerate(rows) if place.line >= line), 0)
        self.refresh(Region(0, y, self.size.width, self.size.height - y))

    def mark(self, words: re.Pattern[str] | None) -> None:
        """Mark these words from now on, wherever they stand."""
        self.found, self._words = None, words
        self.refresh()

    def stand_at(self, number: int) -> None:
        """Bring the words that are marked, in that line, into the middle."""
        self.found = number
        place = Place(number, self._bring_into_sight(number))
        self.scroll_to_place(self.moved(place, -(self.size.height // 2)))

    def _bring_into_sight(self, number: int) -> int:
        """Sideways, if they stand far to the right; in which of the line's rows they are."""
        text = plain(self.buffer.line(number).data)
        match = self._words.search(text) if self._words is not None else None
        if match is None:
            return 0
        if self._wrapped:
            return bisect_right(self._breaks_of(number), match.start()) - 1
        starts = columns(text)
        left, right = starts[match.start()], starts[match.end()]
        if not self.left <= left <= right <= self.left + self._room:
            self.left = max(0, left - self._room // 2) if right > self._room else 0
        return 0

    # Long lines

    def wrap(self, wrapped: bool) -> None:
        """Wrap long lines from now on, or cut them off."""
        self._wrapped, self.left = wrapped, 0
        self.top = Place(self.top.line)
        self.paint(always=True)

    def rows(self, line: int) -> int:
        """How many rows a line takes."""
        is_there = self.first <= line < self.end
        return len(self._breaks_of(line)) if self._wrapped and is_there else 1

    def _breaks_of(self, number: int) -> Sequence[int]:
        found = self._breaks.get(number)
        if found is None:
            text = "".join(part for part, _ in self._text(self.buffer.line(number)))
            found = breaks(columns(text), self._room)
            if number < self.buffer.complete:  # Others may still grow.
                if len(self._breaks) >= _BREAKS_KEPT:
                    self._breaks.clear()
                self._breaks[number] = found
        return found

    @property
    def _room(self) -> int:
        """The columns that there are for text."""
        return max(2, self.size.width - 1 - gutter_width(self.size.width))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One row of what is in sight."""
        rows = self.sight.rows
        if y < len(rows) and self.first <= rows[y].line < self.end:
            strip = self._strip(self.buffer.line(rows[y].line), rows[y].row)
        else:
            strip = Strip.blank(self.size.width - 1, self.base)
        return Strip.join([strip, Strip([self.bar(y)])])

    def _strip(self, line: Line, row: int) -> Strip:
        step = self.program.author(line.stream, line.offset)
        before = gutter(self, line, step, goes_on=row > 0)
        text = self._content(line, step)
        whole = "".join(part for part, _ in text)
        starts = columns(whole)
        first, stop, lead = self._part_in_sight(starts, row)
        text = self._with_marks(line.number, text, whole, first, stop)
        shown = [Segment(part, self.base + style) for part, style in text]
        strip = Strip(shown, starts[stop] - starts[first]).apply_offsets(first, line.number)
        strip = Strip.join([Strip.blank(lead, self.base), strip])
        strip = Strip.join([before, strip.adjust_cell_length(self._room, self.base)])
        if not self._wrapped and starts[-1] > self.left + self._room:
            more = Segment(_MORE, self.get_component_rich_style("output--note"))
            strip = Strip.join([strip.crop(0, strip.cell_length - 1), Strip([more])])
        return strip.adjust_cell_length(self.size.width - 1, self.base)

    def _part_in_sight(self, starts: Sequence[int], row: int) -> tuple[int, int, int]:
        """The first character of a row, the one after its last, and the blanks before them."""
        if self._wrapped:
            # It may have been written over, and be shorter than it was a moment ago.
            begins = [*breaks(starts, self._room)[row : row + 2], len(starts) - 1, len(starts) - 1]
            return begins[0], begins[1], 0
        first, stop = window(starts, self.left, self._room)
        return first, stop, starts[first] - self.left if first < stop else 0

    def is_later(self, step: int) -> bool:
        """Whether that step comes after the cursor."""
        return self.cursor is not None and step > self.cursor

    def _text(self, line: Line) -> list[Piece]:
        text = pieces(line.data, line.colours)
        if line.left_out:
            note = f" … {line.left_out:,} bytes more in this line"
            text.append((note, self.get_component_rich_style("output--note")))
        return text

    def _content(self, line: Line, step: int | None) -> list[Piece]:
        text = self._text(line)
        if step is not None and self.is_later(step):
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
        offset, rows = self.mouse_at(event), self.sight.rows
        if self.screen.get_selected_text() or offset.x >= self.size.width - 1:
            return
        if 0 <= offset.y < len(rows) and self.first <= rows[offset.y].line < self.end:
            line = self.buffer.line(rows[offset.y].line)
            step = self.program.author(line.stream, line.offset)
            if step is not None:
                self.post_message(self.LineChosen(self, step))

    def on_resize(self) -> None:
        """There is more to see, or less."""
        self._breaks.clear()
        self.top = Place(self.top.line)
        self.paint(always=True)
