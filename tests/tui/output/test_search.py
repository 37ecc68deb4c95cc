"""A search finds words in output of every kind, and goes from match to match."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.tui.drawing.ansi import plain
from coroplay.tui.output.search import Search
from coroplay.tui.runs.buffer import MOST_SHOWN, SEALED_AT, Buffer, Stream

WORDS = (
    b"Ab",
    b"b",
    b"\n",
    b"\r",
    b"\x1b[31m",
    b"\x1b[0m",
    b"\t",
    "漢字".encode(),
    b"\xff",
    b"\x1b]0;",
)


def filled(*pieces: bytes, most_kept: int = 48 << 20) -> Buffer:
    buffer = Buffer(most_kept)
    for piece in pieces:
        buffer.append(Stream.OUT, piece)
    return buffer


def searched(search: Search) -> Search:
    async def search_all() -> None:
        while search.behind:
            await search.search_block()

    asyncio.run(search_all())
    return search


def lines_with(search: Search) -> list[int]:
    found: list[int] = []
    at = search.nearest(-1, 1)
    while at is not None:
        found.append(at)
        at = search.nearest(at, 1)
    return found


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        (b"\x1b[31mre\x1b[1md\x1b[0m", "red"),
        (b"\x1b[2K\x1b[1Gred", "red"),
        ("前に漢字がある".encode(), "漢字"),
        (b" 99%\r100%", "100%"),
        (b"long text\rcut", "cutg"),
        (b"with a return\r", "return"),
        (b"a\tb", "a       b"),
        (b"Upper Case", "upper c"),
        ("ÄRGER".encode(), "ärger"),
        (b"not \xff text", "\ufffd text"),
    ],
)
def test_words_are_found_as_they_are_shown(line: bytes, wanted: str) -> None:
    buffer = filled(b"before\n", line + b"\n", b"after\n")
    assert lines_with(searched(Search(buffer, wanted))) == [1]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [(b" 99%\r100%", "99"), (b"\x1b[31mred\x1b[0m", "31"), (b"a\x1b]0;t\x07b", "t")],
)
def test_what_is_not_shown_is_not_found(line: bytes, wanted: str) -> None:
    assert lines_with(searched(Search(filled(line + b"\n"), wanted))) == []


@given(
    st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join), max_size=12),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(b"".join), max_size=4),
    st.sampled_from(["ab", "b", "漢", "bb", "\ufffd"]),
)
def test_the_lines_are_those_that_show_the_words_also_when_more_comes(
    pieces: list[bytes], more: list[bytes], wanted: str
) -> None:
    buffer = filled(*pieces)
    search = searched(Search(buffer, wanted))
    for piece in more:
        buffer.append(Stream.OUT, piece)
        searched(search)
    shown = [plain(buffer.line(number).data).lower() for number in range(buffer.end)]
    wanted_lines = [number for number, text in enumerate(shown) if wanted in text]
    assert lines_with(search) == wanted_lines
    assert len(search) == len(wanted_lines)
    assert [search.place(number) for number in wanted_lines] == [*range(1, len(search) + 1)]
    assert [search.nearest(number, -1) for number in wanted_lines[1:]] == wanted_lines[:-1]


def test_the_newest_is_known_first_and_each_look_is_a_small_one() -> None:
    buffer = filled(*(b"line %d\n" % number for number in range(100_000)))
    search = Search(buffer, "line")

    async def look_thrice() -> None:
        for _ in range(3):
            await search.search_block()

    asyncio.run(look_thrice())
    assert search.nearest(buffer.end, -1) == 99_999
    assert 0 < len(search) <= 3 * SEALED_AT // len(b"line 0\n")
    assert search.waits(-1)
    assert len(searched(search)) == 100_000


def test_lines_that_are_not_kept_any_more_do_not_count() -> None:
    buffer = filled(*(b"line %d\n" % n for n in range(50_000)), most_kept=1 << 18)
    search = searched(Search(buffer, "line"))
    before = len(search)
    for number in range(50_000, 80_000):
        buffer.append(Stream.OUT, b"line %d\n" % number)
    searched(search)
    assert len(search) == len(buffer) != before
    assert search.nearest(-1, 1) == buffer.first_line
    assert search.nearest(buffer.first_line, -1) is None


def test_of_a_line_that_is_cut_what_is_shown_is_looked_through() -> None:
    buffer = filled(b"near " + b"x" * MOST_SHOWN + b" far\n")
    assert lines_with(searched(Search(buffer, "near"))) == [0]
    assert lines_with(searched(Search(buffer, "far"))) == []
