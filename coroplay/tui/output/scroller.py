"""Scrolling over very many lines without the layout having anything to do with it.

Only lines in sight are ever asked how many rows they take: it is as quick in a million of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from coroplay.tui.bindings import OUTPUT, bindings

_WHEEL: Final = 3
_SIDEWAYS: Final = 8


class Place(NamedTuple):
    """One row of what there is to see."""

    line: int
    row: int = 0
    """Which of the rows that the line takes."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What stands on the screen."""

    rows: list[Place]
    """From the top; there may be fewer than there is room for."""
    thumb: range
    """Those rows of the screen in which the scroll bar shows how far down it is; none if there is
    nothing else to see."""


class Scroller(Widget, can_focus=True):
    """Lines with numbers, of which some are in sight, and a scroll bar of one column."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"scroller--bar"}
    DEFAULT_CSS = """
    Scroller > .scroller--bar { color: $scrollbar; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(OUTPUT)

    @dataclass
    class Scrolled(Message):
        """It follows the output now, or doesn't any more."""

        view: Scroller

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.following = True
        """Whether the newest line is kept in sight."""
        self.seen_end = 0
        """The end of the lines when they were last followed."""
        self.top = Place(0)
        """The first row in sight."""
        self.left = 0
        """The first column in sight."""
        self._sight: Sight | None = None
        """What is in sight, until it is to be drawn again."""
        self._dragging = False
        self.base = Style.null()
        """The style of what has none of its own, while lines are drawn."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """What is in sight. To ask for the style is dear, and it is the same for all lines."""
        self.base = self.rich_style
        return super().render_lines(crop)

    def start_anew(self) -> None:
        """Follow other lines, from their first one."""
        self.following = True
        self.seen_end = self.left = 0
        self.top = Place(0)

    @property
    def first(self) -> int:
        """The number of the first line."""
        raise NotImplementedError

    @property
    def end(self) -> int:
        """The number after that of the last line."""
        raise NotImplementedError

    def rows(self, line: int) -> int:  # noqa: ARG002 - for those whose lines take several
        """How many rows a line takes, at least one."""
        return 1

    def draw_again(self) -> None:
        """Something else may be in sight than before."""
        self._sight = None
        self.refresh()

    @property
    def sight(self) -> Sight:
        """What is in sight."""
        if self._sight is None:
            self._sight = Sight(self._rows_in_sight(), self._thumb())
        return self._sight

    def _rows_in_sight(self) -> list[Place]:
        found: list[Place] = []
        line, row = self.top
        while line < self.end and len(found) < self.size.height:
            found += [Place(line, one) for one in range(row, self.rows(line))]
            line, row = line + 1, 0
        return found[: self.size.height]

    def _thumb(self) -> range:
        height, lines, span = self.size.height, self.end - self.first, self._depth(self.last_top)
        if span <= 0:
            return range(0)
        size = max(1, int(height * (lines - span) / lines))
        start = round((height - size) * self._depth(self.top) / span)
        return range(start, start + size)

    def _depth(self, place: Place) -> float:
        """How far below the first line that is, in lines."""
        return place.line - self.first + place.row / self.rows(place.line)

    def bar(self, y: int) -> Segment:
        """The scroll bar's part of a row."""
        if y in self.sight.thumb:
            return Segment("▐", self.base + self.get_component_rich_style("scroller--bar"))
        return Segment(" ", self.base)

    # Scrolling

    def moved(self, place: Place, by: int) -> Place:
        """The place so many rows further down, or up, as far as there are rows."""
        line, row = place.line, place.row + by
        while row < 0 and line > self.first:
            line -= 1
            row += self.rows(line)
        while line < self.end and row >= (rows := self.rows(line)):
            line, row = line + 1, row - rows
        return Place(line, max(0, row)) if line < self.end else Place(self.end)

    @property
    def last_top(self) -> Place:
        """The first row in sight when the last one is."""
        return self.moved(Place(self.end), -self.size.height)

    def scroll_to_place(self, top: Place) -> None:
        """Have that row at the top, as far as there are rows."""
        last = self.last_top
        self.top = max(Place(self.first), min(top, last))
        self.following = self.top >= last
        self.seen_end = self.end if self.following else max(self.seen_end, 0)
        self.draw_again()
        self.post_message(self.Scrolled(self))

    def follow(self) -> None:
        """Keep the newest line in sight from now on."""
        self.scroll_to_place(self.last_top)

    def unfollow(self) -> None:
        """Stay where it is."""
        self.following = False
        self.seen_end = self.end
        self.post_message(self.Scrolled(self))

    def action_scroll_lines(self, lines: int) -> None:
        """Up or down."""
        self.scroll_to_place(self.moved(self.top, lines))

    def action_scroll_pages(self, pages: int) -> None:
        """Up or down by what is in sight."""
        self.action_scroll_lines(pages * max(1, self.size.height - 1))

    def action_to_first(self) -> None:
        """To the first line."""
        self.scroll_to_place(Place(self.first))

    def action_to_last(self) -> None:
        """To the last line."""
        self.follow()

    def action_sideways(self, direction: int) -> None:
        """Left or right, for long lines."""
        self.left = max(0, self.left + direction * _SIDEWAYS)
        self.refresh()

    # The mouse

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel."""
        event.stop()
        self.action_scroll_lines(-_WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self.action_scroll_lines(_WHEEL)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """The wheel."""
        event.stop()
        self.action_sideways(-1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """The wheel."""
        event.stop()
        self.action_sideways(1)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the scroll bar."""
        if self.mouse_at(event).x == self.size.width - 1:
            self._dragging = True
            self.capture_mouse()
            event.stop()
            self._drag(self.mouse_at(event).y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the scroll bar."""
        if self._dragging:
            self._drag(self.mouse_at(event).y)

    def on_mouse_up(self, _event: events.MouseUp) -> None:
        """Let go of the scroll bar."""
        if self._dragging:
            self._dragging = False
            self.release_mouse()

    def mouse_at(self, event: events.MouseEvent) -> Offset:
        """Where the mouse is, without the frame."""
        return event.offset - Offset(self.gutter.left, self.gutter.top)

    def _drag(self, y: int) -> None:
        share = min(1.0, max(0.0, y / max(1, self.size.height - 1)))
        depth = share * self._depth(self.last_top)
        line = self.first + int(depth)
        self.scroll_to_place(Place(line, int(depth % 1 * self.rows(line))))
