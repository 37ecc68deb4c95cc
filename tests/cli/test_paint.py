"""Text for the terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coroplay.cli.paint import Paint, pad, plain, width


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = plain(text)
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert "\u202e" not in shown


def test_what_can_be_shown_stays_as_it_is() -> None:
    assert plain("naïve 课程 ▸") == "naïve 课程 ▸"


def test_control_characters_are_written_out() -> None:
    assert plain("a\x1b[2J\n\tb\x9b\u202e") == r"a\x1b[2J\n\tb\x9b\u202e"


def test_wide_characters_take_two_cells() -> None:
    assert width("课a") == 3
    assert width("e\u0301") == 1
    assert pad("课", 4) + "|" == "课  |"


def test_without_colour_text_is_only_text() -> None:
    paint = Paint(enabled=False)
    assert paint.coroutine(1, paint.bold(paint.dim(paint.alarm("x")))) == "x"


def test_colours_are_the_same_for_the_same_coroutine_and_differ_for_neighbours() -> None:
    paint = Paint(enabled=True)
    assert paint.coroutine(3, "x") == paint.coroutine(3, "x") != paint.coroutine(4, "x")
