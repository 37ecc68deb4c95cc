"""Scrolling over very many lines without the layout having anything to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

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
        self.top = 0
        """The first line in sight."""
        self.left = 0
        """The first column in sight."""
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
        self.seen_end = self.top = self.left = 0

    @property
    def first(self) -> int:
        """The number of the first line."""
        raise NotImplementedError

    @property
    def end(self) -> int:
        """The number after that of the last line."""
        raise NotImplementedError

    def bar(self, y: int) -> Segment:
        """The scroll bar's part of a row."""
        height, lines = self.size.height, self.end - self.first
        style = self.base
        if lines > height:
            start, stop = self._thumb(height, lines)
            if start <= y < stop:
                return Segment("▐", style + self.get_component_rich_style("scroller--bar"))
        return Segment(" ", style)

    def _thumb(self, height: int, lines: int) -> tuple[int, int]:
        size = max(1, height * height // lines)
        top = self.top - self.first
        start = round((height - size) * top / max(1, lines - height))
        return start, start + size

    # Scrolling

    @property
    def last_top(self) -> int:
        """The first line in sight when the last one is."""
        return max(self.first, self.end - self.size.height)

    def scroll_lines_to(self, top: int) -> None:
        """Have that line at the top, as far as there are lines."""
        self.top = max(self.first, min(top, self.last_top))
        following = self.top >= self.last_top
        if following != self.following:
            self.following = following
        self.seen_end = self.end if following else max(self.seen_end, 0)
        self.refresh()
        self.post_message(self.Scrolled(self))

    def follow(self) -> None:
        """Keep the newest line in sight from now on."""
        self.scroll_lines_to(self.last_top)

    def unfollow(self) -> None:
        """Stay where it is."""
        self.following = False
        self.seen_end = self.end
        self.post_message(self.Scrolled(self))

    def action_scroll_lines(self, lines: int) -> None:
        """Up or down."""
        self.scroll_lines_to(self.top + lines)

    def action_scroll_pages(self, pages: int) -> None:
        """Up or down by what is in sight."""
        self.scroll_lines_to(self.top + pages * max(1, self.size.height - 1))

    def action_to_first(self) -> None:
        """To the first line."""
        self.scroll_lines_to(self.first)

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
        self.scroll_lines_to(self.top - _WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel."""
        event.stop()
        self.scroll_lines_to(self.top + _WHEEL)

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
        span = self.last_top - self.first
        self.scroll_lines_to(self.first + round(share * span))
