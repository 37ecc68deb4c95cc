"""The gutter before a row of output: the time of its writing, and its author."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from coroplay.coroutine_colours import symbol
from coroplay.tui.output.text.styling import OutputStyles
from coroplay.tui.runs.buffer import Stream

_NO_TIME: Final = 34
"""Columns below which the text needs the room of the time."""
_TIME: Final = 7


class Author(NamedTuple):
    """The coroutine that wrote a line, and the time at which it did."""

    coroutine: int
    t_ns: int
    ink: Style


def gutter_width(width: int) -> int:
    """Return the columns of time, symbol and mark in a view of that width."""
    return 3 if width < _NO_TIME else 3 + _TIME


def gutter(
    width: int, stream: Stream, author: Author | None, styles: OutputStyles, *, goes_on: bool
) -> Strip:
    """Draw the gutter of a line's first row in a view of that width, or of one that goes on."""
    mark, mark_style = "│", styles.base
    time, sign, style = "", "·", styles.time
    if author is not None:
        time, sign = short_time(author.t_ns), symbol(author.coroutine)
        style = mark_style = author.ink
    if stream is Stream.ERROR:
        mark, mark_style = "!", styles.error
    if goes_on:
        time, sign = "", " "
    return Strip(
        [
            Segment(f"{time:>{_TIME - 1}} " if width >= _NO_TIME else "", styles.time),
            Segment(f"{sign} ", style),
            Segment(mark, mark_style),
        ]
    )


def short_time(t_ns: int) -> str:
    """Return seconds in at most six characters."""
    seconds = t_ns / 1e9
    return f"{seconds:.2f}" if seconds < 1000 else f"{seconds:.0f}"
