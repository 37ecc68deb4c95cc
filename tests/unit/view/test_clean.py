"""Nothing that steers a terminal gets through."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.trace.view import clean

HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text())
def test_no_character_that_steers_a_terminal_is_left(text: str) -> None:
    assert not {unicodedata.category(c) for c in clean(text)} & HARMFUL
    assert len(clean(text, 10)) <= 10


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S", "Zs"])))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\nb\tc", "a␊b␉c"),
        ("\x7f\x9b31m", "␡\N{REPLACEMENT CHARACTER}31m"),
        ("left\u202eright", "left\N{REPLACEMENT CHARACTER}right"),
        ("naïve 世界 🙂", "naïve 世界 🙂"),
    ],
)
def test_what_would_steer_is_made_visible(text: str, shown: str) -> None:
    assert clean(text) == shown
