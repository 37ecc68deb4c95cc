"""Bytes of a program become text and colours, and nothing that steers a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color
from rich.style import Style

from coroplay.tui.drawing.ansi import pieces, plain

PARTS = (
    *(b"a", b"bc d", b"\t", b"\r", b"\b", b"\n", b"\x00", b"\xff", b"\x1b", b"[", b"31m", b"\x07"),
    *(
        b"\x1b[1m",
        b"\x1b[K",
        b"\x1b]8;;",
        b"\x1b\\",
        b"\xc2\x9b",
        b"\x9b",
        "漢".encode(),
        "\u0301".encode(),
    ),
)


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"plain", "plain"),
        (b"\x1b]0;title\x07after", "after"),
        (b"\x1b]52;c;cHduZWQ=\x1b\\after", "after"),
        (b"\x1b[2J\x1b[Hafter", "after"),
        (b"\x1bP$q q\x1b\\after", "after"),
        (b"\x1b_apc\x1b\\after", "after"),
        (b"\x1bcafter", "after"),
        (b"\x1b(0after", "after"),
        (b"\xc2\x9b2Jafter", "after"),
        (b"\xc2\x9d0;t\xc2\x9cafter", "after"),
        (b"\x1b[38;5", ""),
        (b"\x1b]0;never ends", ""),
        (b"bad \xff\xfe bytes", "bad \ufffd\ufffd bytes"),
        (b"a\tb", "a       b"),
        (b"  1%\r 50%\r100%", "100%"),
        (b"long text\rcut", "cutg text"),
        (b"ab\bc", "ac"),
        (b"nul \x00 bel \x07", "nul \u2400 bel "),
        ("漢字 and 😀".encode(), "漢字 and 😀"),
        ("over \u202e ride".encode(), "over \ufffd ride"),
    ],
)
def test_only_text_is_left(data: bytes, shown: str) -> None:
    assert plain(data) == shown


def test_colours_are_kept() -> None:
    red = Style(color=Color.from_ansi(1))
    assert pieces(b"\x1b[31mred\x1b[0m plain") == [("red", red), (" plain", Style.null())]
    assert pieces(b"\x1b[1;38;5;200mx") == [("x", Style(bold=True, color=Color.from_ansi(200)))]
    assert pieces(b"\x1b[48;2;1;2;3mx") == [("x", Style(bgcolor=Color.from_rgb(1, 2, 3)))]
    assert pieces(b"still", colours=b"\x1b[31m") == [("still", red)]


@given(st.binary(max_size=200))
def test_whatever_the_bytes_nothing_that_a_terminal_obeys_is_left(data: bytes) -> None:
    assert plain(data).isprintable()


@given(st.lists(st.sampled_from(PARTS), max_size=20).map(b"".join))
def test_text_alone_is_what_the_coloured_pieces_say(data: bytes) -> None:
    assert plain(data) == "".join(text for text, _ in pieces(data))
