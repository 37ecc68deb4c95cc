"""Scrolling over rows: the newest is followed, long lines count as several, ends hold."""

from __future__ import annotations

from coroplay.tui.output.text.rows import TextRow, TextRows
from coroplay.tui.output.text.scroll import Scroll
from coroplay.tui.runs.buffer import Buffer, Stream

HEIGHT, WIDTH = 4, 10


def scrolled(buffer: Buffer, *, wrapped: bool = False) -> Scroll:
    return Scroll(TextRows(buffer, lambda: WIDTH, wrapped=wrapped), lambda: HEIGHT)


def filled(lines: int) -> Buffer:
    buffer = Buffer()
    buffer.append(Stream.OUT, b"".join(b"line %d\n" % n for n in range(lines)))
    return buffer


def test_the_newest_row_is_followed_until_one_scrolls_up() -> None:
    buffer = filled(9)
    scroll = scrolled(buffer)
    assert not scroll.keep_up()
    assert scroll.top == (5, 0)
    scroll.scroll_by(-1)
    buffer.append(Stream.OUT, b"one more\nand another\n")
    scroll.keep_up()
    assert scroll.top == (4, 0)
    assert scroll.unseen == 2
    scroll.follow()
    assert (scroll.top, scroll.unseen) == ((7, 0), 0)


def test_rows_that_all_fit_leave_nothing_to_scroll() -> None:
    scroll = scrolled(filled(3))
    assert scroll.keep_up()
    assert scroll.sight.rows == [(0, 0), (1, 0), (2, 0)]
    assert not scroll.sight.thumb
    scroll.scroll_pages(1)
    assert scroll.top == (0, 0)
    assert scroll.following


def test_a_wrapped_line_is_scrolled_row_by_row() -> None:
    buffer = Buffer()
    buffer.append(Stream.OUT, b"x" * 35 + b"\nend\n")
    scroll = scrolled(buffer, wrapped=True)
    scroll.scroll_to(TextRow(0))
    assert scroll.sight.rows == [(0, 0), (0, 1), (0, 2), (0, 3)]
    scroll.scroll_by(1)
    assert scroll.sight.rows == [(0, 1), (0, 2), (0, 3), (1, 0)]
    assert scroll.following


def test_the_thumb_is_dragged_from_the_first_row_to_the_last() -> None:
    scroll = scrolled(filled(40))
    scroll.drag_thumb(0)
    assert scroll.top == (0, 0)
    assert scroll.sight.thumb == range(1)
    scroll.drag_thumb(HEIGHT - 1)
    assert scroll.top == scroll.last_top == (36, 0)
    assert scroll.sight.thumb == range(3, 4)
