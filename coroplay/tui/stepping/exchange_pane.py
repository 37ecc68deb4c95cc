"""The exchange between two source panes: arrows between two lifelines, one row a switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.style import Style

from coroplay.coroutine_colours import symbol
from coroplay.trace.view import Arrow, End, Pair, Tense
from coroplay.tui.drawing.canvas import Canvas, Cell, fit, fit_name

HEAD: Final = 2
"""Rows above the first arrow."""
_LINE: Final = "│"
_BARE: Final = 5
"""Columns of an arrow besides its label."""
_LONGEST_TAG: Final = 16


class ExchangePane(Canvas):
    """The switches around the cursor."""

    @dataclass
    class ArrowChosen(Message):
        """A row was clicked."""

        pane: ExchangePane
        step: int

        @property
        def control(self) -> ExchangePane:
            """The pane that was clicked."""
            return self.pane

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._arrows: Sequence[Arrow] = ()
        self._pair: Pair | None = None
        self._name_of: Callable[[int], str] = str
        self._cache: dict[tuple[object, ...], Strip] = {}

    @property
    def room(self) -> int:
        """The number of arrows that there is room for."""
        return max(1, self.size.height - HEAD)

    def show_arrows(
        self, arrows: Sequence[Arrow], pair: Pair | None, name: Callable[[int], str]
    ) -> None:
        """Show these arrows between these two coroutines; `name` returns a coroutine's name."""
        self._arrows, self._pair, self._name_of = arrows, pair, name
        self.redraw()

    def forget_strips(self) -> None:
        """Drop the arrows that were drawn: the colours are others."""
        self._cache.clear()

    def redraw(self) -> None:
        """Draw the arrows at the size there is."""
        width, height = self.size
        if width < 8 or not height or self._pair is None:
            self.put(())
            return
        if len(self._cache) > 2000:
            self._cache.clear()
        empty = self._between([(" " * (width - 4), self.ink("plain"))], width, "faint")
        rows = [self._heads(width), empty, *(self._row(arrow, width) for arrow in self._arrows)]
        if not self._arrows and self._pair.right is not None:
            words = "no switch yet".center(width - 4)
            rows.append(self._between([(words, self.ink("muted"))], width, "faint"))
        self.put([*rows, *[empty] * max(0, height - len(rows))][:height])

    def _heads(self, width: int) -> Strip:
        pair = self._pair
        assert pair is not None
        cells: list[Cell] = [(" ", self.ink("plain")), self._sign(pair.left)]
        cells.append((" " * (width - 4), self.ink("plain")))
        if pair.right is not None:
            cells.append(self._sign(pair.right))
        return self.strip(cells, width)

    def _sign(self, coroutine: int) -> Cell:
        return symbol(coroutine), self.coroutine_ink(coroutine, bold=True)

    def _row(self, arrow: Arrow, width: int) -> Strip:
        key = (arrow, width, self._pair)
        known = self._cache.get(key)
        if known is None:
            known = self._cache[key] = self._draw(arrow, width)
        return known

    def _draw(self, arrow: Arrow, width: int) -> Strip:
        cells = self._arrow(arrow, width - 4)
        if arrow.tense is Tense.CURRENT:
            band = "cursor-row" if arrow.exact else None
            cells = [(text, self.on_band(style, band)) for text, style in cells]
        return self._between(cells, width, arrow.tense.value)

    def _between(self, cells: list[Cell], width: int, tense: str) -> Strip:
        """Draw cells between the two lifelines, with a mark beside the current row."""
        pair = self._pair
        assert pair is not None
        here = tense == Tense.CURRENT
        dim = tense in (Tense.FUTURE, "faint")
        left = self.ink("faint") if dim else self.coroutine_ink(pair.left)
        right = self.ink("faint")
        if not dim and pair.right is not None:
            right = self.coroutine_ink(pair.right)
        mark = ("▸" if here else " ", self.ink("mark"))
        back = ("◂" if here else " ", self.ink("mark"))
        far = (_LINE if pair.right is not None else " ", right)
        inner = self.strip(cells, width - 4)
        edge = [self.strip([mark, (_LINE, left)], 2), inner, self.strip([far, back], 2)]
        return Strip.join(edge)

    def _arrow_inks(self, arrow: Arrow) -> tuple[Style, Style]:
        """Return the styles of an arrow's line, and of its label."""
        match arrow.tense:
            case Tense.FUTURE:
                return self.ink("faint"), self.ink("faint")
            case Tense.PAST:
                return self.ink("muted"), self.ink("plain")
            case Tense.CURRENT:
                lively = self.coroutine_ink(arrow.origin, bold=True)
                return lively, self.ink("strong")

    def _arrow(self, arrow: Arrow, width: int) -> list[Cell]:
        line, text = self._arrow_inks(arrow)
        ends = {arrow.start, arrow.end}
        if ends == {End.OUTSIDE}:
            return self._elsewhere(arrow, width, line, text)
        if End.OUTSIDE not in ends and arrow.start is not arrow.end:
            return _shaft(arrow, width, line, text, to_right=arrow.end is End.RIGHT)
        other = arrow.target if arrow.end is End.OUTSIDE else arrow.origin
        tag = self._tag(other, width - cell_len(arrow.label) - _BARE - 2)
        shaft = width - cell_len(tag) - 2
        tag_ink = line if arrow.tense is Tense.FUTURE else self.coroutine_ink(other)
        at_right = End.LEFT in ends
        going_right = at_right == (arrow.end is End.OUTSIDE)
        cells = _shaft(arrow, shaft, line, text, to_right=going_right)
        tagged: list[Cell] = [(" " + tag + " ", tag_ink)]
        return cells + tagged if at_right else tagged + cells

    def _elsewhere(self, arrow: Arrow, width: int, line: Style, text: Style) -> list[Cell]:
        """Draw a switch between two coroutines of which neither is in a pane."""
        room = (width - cell_len(arrow.label) - _BARE - 4) // 2
        one, other = self._tag(arrow.origin, room), self._tag(arrow.target, room)
        shaft = width - cell_len(one) - cell_len(other) - 4
        cells = _shaft(arrow, shaft, line, text, to_right=True)
        faint = arrow.tense is Tense.FUTURE
        inks = [line if faint else self.coroutine_ink(c) for c in (arrow.origin, arrow.target)]
        return [(f" {one} ", inks[0]), *cells, (f" {other} ", inks[1])]

    def _tag(self, coroutine: int, width: int) -> str:
        """Return symbol and name in that many columns, the symbol alone if there are few."""
        sign = symbol(coroutine)
        width = min(width, _LONGEST_TAG)
        return f"{sign} {fit_name(self._name_of(coroutine), width - 2)}" if width >= 5 else sign

    def on_click(self, event: events.Click) -> None:
        """Choose the arrow in the row that was clicked."""
        at = event.y - HEAD
        if 0 <= at < len(self._arrows):
            self.post_message(self.ArrowChosen(self, self._arrows[at].step))


def _shaft(arrow: Arrow, width: int, line: Style, text: Style, *, to_right: bool) -> list[Cell]:
    """Draw an arrow of exactly that many columns with its label in the middle."""
    room = max(0, width - _BARE)
    label = arrow.label if cell_len(arrow.label) <= room else fit(arrow.brief, room)
    dashes = width - 1 - cell_len(label) - 2
    if dashes < 2 or not label:
        bare = "─" * max(0, width - 1)
        return [(bare + "▶" if to_right else "◀" + bare, line)]
    before = dashes // 2
    head, tail = "─" * before, "─" * (dashes - before)
    if to_right:
        return [(head + " ", line), (label, text), (f" {tail}▶", line)]
    return [(f"◀{head} ", line), (label, text), (f" {tail}", line)]
