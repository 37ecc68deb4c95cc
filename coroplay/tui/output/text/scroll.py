"""Scrolling over very many rows without the layout having anything to do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from coroplay.tui.output.text.rows import TextRow, TextRows

_SIDEWAYS: Final = 8
"""Columns that a key scrolls."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The rows on the screen."""

    rows: list[TextRow]
    """From the top; there may be fewer than there is room for."""
    thumb: range
    """Rows of the screen in which the scroll bar shows how far down it is; none if all rows are in
    sight."""


class Scroll:
    """The part of the rows that is in sight, and if it goes along with the newest row."""

    def __init__(self, rows: TextRows, height: Callable[[], int]) -> None:
        """`height` tells the rows that there is room for, at any time."""
        self.following = True
        """True while the newest row is kept in sight."""
        self.top = TextRow(0)
        """The first row in sight."""
        self.left = 0
        """The first column in sight."""
        self._rows = rows
        self._height = height
        self._seen_end = 0
        """The end of the lines when the newest row was last in sight."""
        self._sight: Sight | None = None

    @property
    def sight(self) -> Sight:
        """The rows in sight and the thumb of the scroll bar."""
        if self._sight is None:
            rows = self._rows.from_top(self.top, self._height())
            self._sight = Sight(rows, self._thumb())
        return self._sight

    @property
    def last_top(self) -> TextRow:
        """The first row in sight when the last row is."""
        return self._rows.below(TextRow(self._rows.end), -self._height())

    @property
    def unseen(self) -> int:
        """Number of lines that have come out of sight, below the rows."""
        return 0 if self.following else max(0, self._rows.end - self._seen_end)

    def forget_sight(self) -> None:
        """Work out anew what is in sight."""
        self._sight = None

    def keep_up(self) -> bool:
        """Follow the newest row, if that is wanted; return True if all rows fit, as before."""
        before, last = self.top, self.last_top
        if self.following:
            self.top = last
            self._seen_end = self._rows.end
        self.top = max(self._rows.top, min(self.top, last))
        self._sight = None
        return self.top == before == last == self._rows.top

    def scroll_to(self, top: TextRow) -> None:
        """Have that row at the top, as far as there are rows."""
        last = self.last_top
        self.top = max(self._rows.top, min(top, last))
        self.following = self.top >= last
        self._seen_end = self._rows.end if self.following else max(self._seen_end, 0)
        self._sight = None

    def scroll_by(self, rows: int) -> None:
        """Scroll that many rows down, or up."""
        self.scroll_to(self._rows.below(self.top, rows))

    def scroll_pages(self, pages: int) -> None:
        """Scroll down or up by the rows in sight."""
        self.scroll_by(pages * max(1, self._height() - 1))

    def scroll_sideways(self, direction: int) -> None:
        """Scroll left or right, for long lines."""
        self.left = max(0, self.left + direction * _SIDEWAYS)

    def follow(self) -> None:
        """Keep the newest row in sight from now on."""
        self.scroll_to(self.last_top)

    def stay(self) -> None:
        """Leave the rows where they are from now on."""
        self.following = False
        self._seen_end = self._rows.end

    def drag_thumb(self, y: int) -> None:
        """Scroll so that the thumb comes to that row of the screen."""
        share = min(1.0, max(0.0, y / max(1, self._height() - 1)))
        self.scroll_to(self._rows.at_depth(share * self._rows.depth(self.last_top)))

    def _thumb(self) -> range:
        height, lines = self._height(), self._rows.end - self._rows.first
        span = self._rows.depth(self.last_top)
        if span <= 0:
            return range(0)
        size = max(1, int(height * (lines - span) / lines))
        start = round((height - size) * self._rows.depth(self.top) / span)
        return range(start, start + size)
