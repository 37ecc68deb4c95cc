"""Columns of characters, and the breaks of a line into rows."""

from __future__ import annotations

from itertools import pairwise

from rich.cells import cell_len

from coroplay.tui.output.text.columns import breaks, columns

MIXED = "abc漢字漢字e\u0301e\u0301fgh 漢"


def rows(text: str, width: int) -> list[str]:
    begins = [*breaks(text, columns(text), width), len(text)]
    return [text[a:b] for a, b in pairwise(begins)]


def test_a_line_is_broken_where_it_is_too_wide() -> None:
    assert rows("abcdefgh", 3) == ["abc", "def", "gh"]
    assert rows("abcdef", 3) == ["abc", "def"]
    assert rows("", 3) == [""]


def test_no_wide_character_and_no_mark_is_torn_off() -> None:
    assert rows(MIXED, 4) == ["abc", "漢字", "漢字", "e\u0301e\u0301fg", "h 漢"]


def test_rows_hold_all_of_the_line_and_no_more_than_fits() -> None:
    for width in range(2, 20):
        broken = rows(MIXED, width)
        assert "".join(broken) == MIXED
        assert all(0 < cell_len(row.removesuffix(" ")) <= width for row in broken)


def test_words_are_not_broken_where_they_fit_into_a_row() -> None:
    assert rows("one two three", 5) == ["one ", "two ", "three"]
    assert rows("one two three", 7) == ["one two ", "three"]
    assert rows("    words in", 9) == ["    words ", "in"]
    assert rows("a verylongword b", 6) == ["a ", "verylo", "ngword ", "b"]
    assert rows("      far in", 4) == ["    ", "  fa", "r in"]
