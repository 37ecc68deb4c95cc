"""A coroutine's state in the columns that a row has for it."""

from __future__ import annotations

from rich.cells import cell_len

from coroplay.trace.view import Pane
from coroplay.tui.drawing.canvas import fit


def fit_state(pane: Pane, width: int) -> str:
    """Return glyph and words in that many columns, in fewer words rather than cut."""
    return fit(pane.state if cell_len(pane.state) <= width else pane.brief_state, width)
