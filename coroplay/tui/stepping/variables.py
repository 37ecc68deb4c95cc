"""The locals under a source pane: one a row while they fit, side by side when there are many."""

from __future__ import annotations

from rich.cells import cell_len
from textual.strip import Strip

from coroplay.trace.view import Pane, Variable
from coroplay.tui.drawing.canvas import Canvas, Cell, fit

_INDENT = "  "
_LONGEST_NAME = 16


def variable_rows(canvas: Canvas, pane: Pane, width: int, most: int) -> list[Strip]:
    """Draw a pane's locals, in `most` rows at the most."""
    known = pane.variables
    if not known or most < 1:
        return []
    if len(known) <= most:
        longest = min(_LONGEST_NAME, max(cell_len(one.name) for one in known))
        return [canvas.strip(_cells(canvas, one, width, longest), width) for one in known]
    return _side_by_side(canvas, known, width, most)


def _side_by_side(
    canvas: Canvas, known: tuple[Variable, ...], width: int, most: int
) -> list[Strip]:
    # Changed variables first: there must be room for them.
    ordered = sorted(known, key=lambda one: not one.changed)
    counted = len(f"{_INDENT}+{len(ordered)}")
    rows: list[list[Cell]] = [[]]
    used = shown = 0
    for one in ordered:
        cells = _cells(canvas, one, width // 2, 0)
        length = sum(cell_len(text) for text, _ in cells)
        # At the end of the last row stands how many are left, if any are.
        taken = counted if len(rows) == most and one is not ordered[-1] else 0
        if used and used + length > width - taken:
            if len(rows) == most:
                break
            rows.append([])
            used = 0
        rows[-1] += cells
        used += length
        shown += 1
    if shown < len(ordered):
        rest = f"{_INDENT}+{len(ordered) - shown}"
        tail = canvas.strip([(rest, canvas.ink("muted"))], len(rest))
        last = Strip.join([canvas.strip(rows[-1], max(0, width - len(rest))), tail])
        return [*(canvas.strip(row, width) for row in rows[:-1]), last]
    return [canvas.strip(row, width) for row in rows]


def _cells(canvas: Canvas, one: Variable, width: int, longest: int) -> list[Cell]:
    name = fit(one.name, longest or _LONGEST_NAME)
    news = "" if not one.changed else f"  was {one.was}" if one.was is not None else "  new"
    news = fit(news, max(6, width // 3))
    room = max(4, width - len(_INDENT) - max(longest, cell_len(name)) - 3 - cell_len(news))
    mark = "▸ " if one.changed else _INDENT
    ink = "value" if one.changed else "plain"
    return [
        (mark, canvas.ink("mark")),
        (name + " " * (longest - cell_len(name)), canvas.ink("strong" if one.changed else "muted")),
        (" = ", canvas.ink("muted")),
        (fit(one.value, room), canvas.ink(ink)),
        (news, canvas.ink("muted")),
    ]
