"""A coroutine's colour and symbol."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.cells import cell_len
from textual.color import Color

from coroplay.coroutine_colours import symbol
from coroplay.trace.view import GLYPHS
from coroplay.tui.drawing.coroutine_colours import colour, variables


def luminance(value: str) -> float:
    """Relative luminance, as the guidelines for accessible web content define it."""
    parts = (part / 255 for part in Color.parse(value).rgb)
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("dark", "background"), [(True, "#1e1e2e"), (False, "#e0e0e0")])
def test_every_colour_can_be_read_on_its_background(dark: bool, background: str) -> None:
    for value in variables(dark).values():
        lighter, darker = sorted((luminance(value), luminance(background)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, value


def test_fifty_coroutines_look_different_also_without_colour_next_to_each_other() -> None:
    signs = [(colour(one), symbol(one)) for one in range(1, 57)]
    assert len(set(signs)) == 56
    assert all(a[1] != b[1] for a, b in pairwise(signs))


def test_symbols_and_signs_are_one_cell_wide_and_no_symbol_is_a_sign() -> None:
    symbols = {symbol(one) for one in range(1, 50)}
    assert all(cell_len(sign) == 1 for sign in symbols | set(GLYPHS.values()))
    assert not symbols & set(GLYPHS.values())


def test_every_colour_is_a_theme_variable() -> None:
    assert {colour(one).removeprefix("$") for one in range(1, 50)} == set(variables(dark=True))
