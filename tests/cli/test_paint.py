"""Text for the terminal."""

from __future__ import annotations

from coroplay.cli.paint import Paint, pad, width


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
