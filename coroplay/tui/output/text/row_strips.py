"""Strips for rows of output: the gutter, and the part of a line in sight with what is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.segment import Segment
from textual.selection import Selection
from textual.strip import Strip

from coroplay.tui.drawing.ansi import Piece
from coroplay.tui.output.text.columns import breaks, columns, window
from coroplay.tui.output.text.gutter import Author, gutter, gutter_width
from coroplay.tui.output.text.rows import TextRow
from coroplay.tui.output.text.styling import OutputStyles, part_of, restyled, styled_line
from coroplay.tui.runs.buffer import OutputLine

_MORE: Final = "…"
"""Sign at the end of a row that goes on to the right."""


class Drawing(NamedTuple):
    """A view's state, while its rows are drawn."""

    styles: OutputStyles
    width: int
    """Columns of the view, with its scroll bar."""
    wrapped: bool
    left: int
    """The first column in sight."""
    words: re.Pattern[str] | None
    """The words that are searched."""
    found: int | None
    """The line that the search stands at."""
    selection: Selection | None

    @property
    def room(self) -> int:
        """The columns that there are for text."""
        return text_room(self.width)


def text_room(width: int) -> int:
    """Return the columns for text in a view of that width."""
    return max(2, width - 1 - gutter_width(width))


def row_strip(
    drawing: Drawing, line: OutputLine, row: TextRow, author: Author | None, *, later: bool
) -> Strip:
    """Draw one row of a line; `later` if it was written after the cursor."""
    styles, room = drawing.styles, drawing.room
    before = gutter(drawing.width, line.stream, author, styles, goes_on=row.row > 0)
    text = styled_line(line, styles, later=later)
    whole = "".join(part for part, _ in text)
    starts = columns(whole)
    first, stop, lead = _part_in_sight(drawing, whole, starts, row.row)
    text = _with_marks(drawing, line.number, text, whole, first, stop)
    shown = [Segment(part, styles.base + style) for part, style in text]
    strip = Strip(shown, starts[stop] - starts[first]).apply_offsets(first, line.number)
    strip = Strip.join([Strip.blank(lead, styles.base), strip])
    strip = Strip.join([before, strip.adjust_cell_length(room, styles.base)])
    if not drawing.wrapped and starts[-1] > drawing.left + room:
        more = Strip([Segment(_MORE, styles.note)])
        strip = Strip.join([strip.crop(0, strip.cell_length - 1), more])
    return strip.adjust_cell_length(drawing.width - 1, styles.base)


def _part_in_sight(
    drawing: Drawing, text: str, starts: Sequence[int], row: int
) -> tuple[int, int, int]:
    """Return a row's first character, the one after its last, and the blanks before them."""
    if drawing.wrapped:
        # It may have been written over, and be shorter than it was a moment ago.
        rows = breaks(text, starts, drawing.room)[row : row + 2]
        begins = [*rows, len(starts) - 1, len(starts) - 1]
        return begins[0], begins[1], 0
    first, stop = window(starts, drawing.left, drawing.room)
    return first, stop, starts[first] - drawing.left if first < stop else 0


def _with_marks(
    drawing: Drawing, number: int, text: list[Piece], whole: str, first: int, stop: int
) -> list[Piece]:
    """Return these characters of a line, with matches and the selection marked."""
    styles, selection = drawing.styles, drawing.selection
    text = part_of(text, first, stop)
    if drawing.words is not None:
        style = styles.current if number == drawing.found else styles.found
        spans = [m.span() for m in drawing.words.finditer(whole) if m.end() > first]
        text = restyled(text, [(a - first, b - first) for a, b in spans if a < stop], style)
    span = selection.get_span(number) if selection is not None else None
    if span is not None:
        end = span[1] if span[1] >= 0 else len(whole)
        text = restyled(text, [(span[0] - first, end - first)], styles.selection)
    return text
