"""Strips for a lane, the axis and the legend of a timeline, in their colours."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.strip import Strip
from textual.style import Style

from coroplay.coroutine_colours import symbol
from coroplay.trace import Status
from coroplay.trace.view import Lane, Window
from coroplay.trace.view.timeline.axis import clock, ticks
from coroplay.trace.view.timeline.boxes import LINES, SEVERAL
from coroplay.trace.view.timeline.lane_histories import CODES
from coroplay.tui.drawing.canvas import Canvas, Cell, fit_name

PLAYHEAD: Final = "╋"
_KEPT: Final = (SEVERAL, LINES[Status.FINISHED], LINES[Status.FAILED])
_LEGEND: Final = (
    (LINES[Status.RUNNING], "running"),
    (LINES[Status.WAITING], "waiting"),
    (LINES[Status.SUSPENDED], "suspended"),
    (SEVERAL, "several switches"),
    (LINES[Status.FINISHED], "finished"),
    (LINES[Status.FAILED], "failed"),
    (PLAYHEAD, "you are here"),
)


def label_width(names: list[str], most: int) -> int:
    """Return the columns for symbol and name, so that the longest fits if there is room."""
    return min(most, max((cell_len(name) for name in names), default=0) + 4)


def label(canvas: Canvas, coroutine: int, name: str, width: int) -> Strip:
    """Draw symbol and name at the left of a lane."""
    text = f"{symbol(coroutine)} {fit_name(name, width - 4)}"
    ink = canvas.coroutine_ink(coroutine)
    return canvas.strip([(set_cell_size(text, width), ink)], width)


def past(canvas: Canvas, lane: Lane) -> Strip:
    """Draw a lane in full colour."""
    own = canvas.coroutine_ink(lane.coroutine)
    strong = canvas.coroutine_ink(lane.coroutine, bold=True)
    inks = {
        CODES[Status.RUNNING]: strong,
        CODES[Status.WAITING]: own,
        CODES[Status.FINISHED]: own,
        CODES[Status.FAILED]: canvas.ink("mark"),
        CODES[Status.SUSPENDED]: canvas.ink("muted"),
    }
    cells: list[Cell] = []
    for code, group in groupby(zip(lane.codes, lane.glyphs, strict=False), key=_code):
        text = "".join(glyph for _, glyph in group)
        cells += _joints(text, inks.get(code, canvas.ink("faint")), strong)
    return canvas.strip(cells, len(lane.glyphs))


def _code(pair: tuple[int, str]) -> int:
    return pair[0]


def _joints(text: str, ink: Style, strong: Style) -> list[Cell]:
    """Draw switches, which interrupt a plain line, in the coroutine's colour."""
    plain = {*LINES.values(), " ", "│"}
    return [
        ("".join(group), ink if is_plain else strong)
        for is_plain, group in groupby(text, key=plain.__contains__)
    ]


def future(canvas: Canvas, lane: Lane) -> Strip:
    """Draw a lane after the cursor: dimmed."""
    return canvas.strip([(lane.glyphs, canvas.ink("faint"))], len(lane.glyphs))


def playhead(canvas: Canvas, glyph: str) -> Strip:
    """Draw the cursor's column in a lane, over the sign that is there."""
    shown = glyph if glyph in _KEPT else PLAYHEAD if glyph not in " │" else "┃"
    return canvas.strip([(shown, canvas.ink("mark"))], 1)


def axis(canvas: Canvas, window: Window, indent: int, at: int, t_ns: int) -> Strip:
    """Draw the axis with its marks, and the time at the playhead."""
    row = [" "] * (indent + window.width)
    for tick in ticks(window.start_ns, window.span_ns, window.width):
        start = indent + tick.column
        if start + len(tick.label) <= len(row):
            row[start : start + len(tick.label)] = tick.label
    text = "".join(row)
    if at < 0:
        return canvas.strip([(text, canvas.ink("muted"))], len(row))
    time = clock(t_ns, window.span_ns)
    here = f"▼ {time}"
    start = at if at + len(here) <= len(row) else at - len(here) + 1
    if start < at:
        here = f"{time} ▼"
    clear = range(max(indent, start - 2), start + len(here) + 2)
    for tick in ticks(window.start_ns, window.span_ns, window.width):
        stop = indent + tick.column + len(tick.label)
        if indent + tick.column < clear.stop and stop > clear.start:
            row[indent + tick.column : stop] = " " * len(tick.label)
    text = "".join(row[: indent + window.width])
    cells = [
        (text[:start], canvas.ink("muted")),
        (here, canvas.ink("mark")),
        (text[start + len(here) :], canvas.ink("muted")),
    ]
    return canvas.strip(cells, indent + window.width)


def last_row(canvas: Canvas, where: str, width: int, *, legend: bool) -> Strip:
    """Draw the legend, if that is wanted, and at the right the lanes and keys in `where`."""
    cells: list[Cell] = []
    used = 0
    for sign, word in _LEGEND if legend else ():
        if used + len(word) + 5 > width - len(where) - 2:
            break
        ink = canvas.ink("mark" if sign == PLAYHEAD else "plain")
        cells += [(f"{sign} ", ink), (f"{word}   ", canvas.ink("muted"))]
        used += len(word) + 5
    room = width - used - len(where) - 1
    if room >= 0:
        cells.append((" " * room + where, canvas.ink("muted")))
    return canvas.strip(cells, width)
