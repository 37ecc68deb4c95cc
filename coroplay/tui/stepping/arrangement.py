"""Arrangements of the step-through's panes for the room there is."""

from __future__ import annotations

from typing import Final

from textual.geometry import Size
from textual.widget import Widget

WIDE: Final = 88
"""Columns from which on the two sources stand side by side."""
WIDER: Final = 100
"""Columns from which on the exchange is broader."""
BROAD: Final = 140
"""Columns from which on the exchange is broader still."""
FURTHER: Final = ("third", "fourth")
"""Names of the panes for two more coroutines."""
TALL: Final = 36
"""Rows from which on, if it is wide, two more coroutines get a pane."""
TINY: Final = 48
"""Columns below which there is no room for the exchange."""
FLAT: Final = 20
"""Rows below which all but the source gets as few rows as can be."""
ROOMY: Final = 30
"""Rows from which on the other coroutines get more rows."""


def arrange(widget: Widget, size: Size) -> None:
    """Set the classes that the widget's stylesheet goes by."""
    widget.set_class(size.width >= WIDE, "-wide")
    widget.set_class(size.width >= WIDER, "-wider")
    widget.set_class(size.width >= BROAD, "-broad")
    widget.set_class(size.width < TINY, "-tiny")
    widget.set_class(size.height < FLAT, "-flat")


def room_for_more(size: Size) -> bool:
    """Return True if further coroutines get panes of their own."""
    return size.height >= TALL and size.width >= WIDE


def most_others(size: Size) -> int:
    """Return the number of rows for coroutines without a pane."""
    if size.height < FLAT:
        return 1
    return 4 if size.height >= ROOMY else 2


CSS: Final = """
StepThrough {
    layout: vertical;
    & > SentenceView { height: 3; padding: 0 1; }
    & > OthersView { height: 0; padding: 0 1; }
    & > #step-panes {
        layout: grid;
        height: 1fr;
        grid-size: 2 2;
        grid-columns: 1fr 30;
        grid-rows: 1fr 1fr;
        & > ExchangePane { row-span: 2; }
        & > .further { display: none; }
    }
    &.-wide > #step-panes {
        grid-size: 3 1;
        grid-columns: 1fr 25 1fr;
        grid-rows: 1fr;
        padding: 0 1;
        & > ExchangePane { row-span: 1; }
    }
    &.-more > #step-panes {
        grid-size: 3 2;
        grid-rows: 1fr 1fr;
        & > ExchangePane { row-span: 2; }
        & > .further { display: block; padding: 1 0 0 0; }
    }
    &.-tiny > #step-panes {
        grid-size: 1 2;
        grid-columns: 1fr;
        & > ExchangePane { display: none; }
    }
    &.-wider > #step-panes { grid-columns: 1fr 31 1fr; }
    &.-broad > #step-panes { grid-columns: 1fr 44 1fr; }
    &.-flat > SentenceView { height: 2; }
}
"""
