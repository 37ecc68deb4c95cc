"""Nothing of a text from outside steers a terminal or upsets its columns."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.sanitizing import clean

HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text())
def test_no_character_that_steers_a_terminal_is_left(text: str) -> None:
    assert not {unicodedata.category(c) for c in clean(text)} & HARMFUL
    assert clean(text).isprintable()
    assert len(clean(text, 10)) <= 10


@given(st.text())
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


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
        ("two\u2028lines\x85", "two\N{REPLACEMENT CHARACTER}lines\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_characters_that_would_steer_become_visible(text: str, shown: str) -> None:
    assert clean(text) == shown


@pytest.mark.parametrize("text", ["naïve 世界 🙂", "课程 ▸", "e\u0301", "ก็"])
def test_letters_of_every_script_stay(text: str) -> None:
    assert clean(text) == text


def test_spaces_of_every_kind_are_shown_as_spaces() -> None:
    assert clean("a\xa0b\u3000c\u2009d") == "a b c d"


def test_a_mark_without_a_letter_gets_a_ring_to_sit_on() -> None:
    assert clean("\u0301x") == "◌x"


def test_a_flood_of_marks_is_cut_down() -> None:
    assert clean("e" + "\u0301" * 3000) == "e" + "\u0301" * 4
