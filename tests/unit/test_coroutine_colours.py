"""A coroutine looks the same wherever it is shown."""

from __future__ import annotations

from coroplay.cli.paint import Paint
from coroplay.coroutine_colours import COLOURS, symbol
from coroplay.trace.view import GLYPHS
from coroplay.tui.drawing.coroutine_colours import colour, variables


def test_the_app_and_the_command_line_give_a_coroutine_the_same_colour_of_the_table() -> None:
    paint = Paint(enabled=True)
    for coroutine in range(1, 30):
        chosen = variables(dark=True)[colour(coroutine).removeprefix("$")]
        [row] = [one for one in COLOURS if one.on_dark == chosen]
        assert paint.coroutine(coroutine, "x") == f"\x1b[{row.terminal}mx\x1b[0m"


def test_no_two_colours_are_alike_on_any_background() -> None:
    for column in zip(*COLOURS, strict=True):
        assert len(set(column)) == len(COLOURS)


def test_no_symbol_of_a_coroutine_is_the_sign_of_a_state() -> None:
    assert not {symbol(one) for one in range(1, 30)} & set(GLYPHS.values())
