"""What stands before a row of output: when it was written and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.segment import Segment
from textual.strip import Strip

from coroplay.tui.drawing.coroutine_colours import symbol
from coroplay.tui.drawing.inks import ink
from coroplay.tui.runs.buffer import Stream

if TYPE_CHECKING:
    from coroplay.tui.output.view import OutputView
    from coroplay.tui.runs.buffer import Line

_NO_TIME: Final = 34
"""Columns below which the text needs the room of the time."""
_TIME: Final = 7


def gutter_width(width: int) -> int:
    """The columns of time, symbol and mark in a view that is so wide."""
    return 3 if width < _NO_TIME else 3 + _TIME


def gutter(view: OutputView, line: Line, step: int | None, *, goes_on: bool) -> Strip:
    """For a row of that line, or for one on which the line only goes on."""
    has_time = view.size.width >= _NO_TIME
    muted = view.get_component_rich_style("output--time")
    mark, mark_style = "│", view.base
    time, sign, style = "", "·", muted
    recording = view.program.recording
    if step is not None and recording is not None:
        coroutine = recording.who(step)
        time, sign = short_time(recording.time(step)), symbol(coroutine)
        style = muted if view.is_later(step) else view.base + ink(view.app, coroutine)
        mark_style = style
    if line.stream is Stream.ERROR:
        mark, mark_style = "!", view.get_component_rich_style("output--error")
    if goes_on:
        time, sign = "", " "
    return Strip(
        [
            Segment(f"{time:>{_TIME - 1}} " if has_time else "", muted),
            Segment(f"{sign} ", style),
            Segment(mark, mark_style),
        ]
    )


def short_time(t_ns: int) -> str:
    """Seconds in at most six characters."""
    seconds = t_ns / 1e9
    return f"{seconds:.2f}" if seconds < 1000 else f"{seconds:.0f}"
