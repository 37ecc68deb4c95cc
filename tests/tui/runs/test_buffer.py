"""Finding lines in very much output."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coroplay.tui.runs.buffer import MOST_SHOWN, Buffer, Stream


def lines_of(buffer: Buffer) -> list[bytes]:
    return [buffer.line(number).data for number in range(buffer.first_line, buffer.end)]


def test_an_empty_buffer_has_no_line() -> None:
    buffer = Buffer()
    assert len(buffer) == 0
    with pytest.raises(IndexError):
        buffer.line(0)


@given(st.lists(st.binary(max_size=9).map(lambda data: data.replace(b"\r", b"\n")), max_size=30))
def test_lines_are_those_of_the_bytes_however_they_come(pieces: list[bytes]) -> None:
    buffer = Buffer()
    for piece in pieces:
        buffer.append(Stream.OUT, piece)
    wanted = b"".join(pieces).split(b"\n")
    if wanted[-1] == b"":
        wanted.pop()
    assert lines_of(buffer) == wanted


@given(
    st.lists(st.tuples(st.sampled_from([Stream.OUT, Stream.ERROR]), st.binary(max_size=6))),
)
def test_two_streams_never_share_a_line_and_offsets_are_their_own(
    pieces: list[tuple[Stream, bytes]],
) -> None:
    buffer = Buffer()
    whole = {Stream.OUT: b"", Stream.ERROR: b""}
    for stream, data in pieces:
        buffer.append(stream, data)
        whole[stream] += data
    for number in range(buffer.end):
        line = buffer.line(number)
        if line.stream is not Stream.TYPED:
            assert whole[line.stream][line.offset :].startswith(line.data)


def test_blocks_are_sealed_and_lines_across_them_are_whole() -> None:
    buffer = Buffer()
    for number in range(30_000):
        buffer.append(Stream.OUT, b"line %d\n" % number)
    assert buffer.line(0).data == b"line 0"
    assert buffer.line(17_171).data == b"line 17171"
    assert buffer.line(29_999).data == b"line 29999"


def test_a_huge_line_is_cut_and_says_by_how_much() -> None:
    buffer = Buffer()
    for _ in range(160):
        buffer.append(Stream.OUT, b"x" * 65_536)
    buffer.append(Stream.OUT, b"\nnext\n")
    line = buffer.line(0)
    assert len(line.data) == MOST_SHOWN
    assert line.left_out == 160 * 65_536 - MOST_SHOWN
    assert buffer.line(1).data == b"next"


def test_of_a_long_line_written_over_and_over_the_end_is_shown() -> None:
    buffer = Buffer()
    for number in range(20_000):
        buffer.append(Stream.OUT, b"\rdone %5d" % number)
    assert buffer.line(0).data.endswith(b"done 19999")


def test_the_oldest_lines_go_when_there_is_too_much_and_numbers_stay() -> None:
    buffer = Buffer(most_kept=1 << 20)
    for number in range(300_000):
        buffer.append(Stream.OUT, b"line %d\n" % number)
    assert buffer.size <= 1 << 20
    assert buffer.first_line > 0
    assert buffer.end == 300_000
    assert buffer.line(buffer.first_line).data == b"line %d" % buffer.first_line
    assert buffer.line(299_999).data == b"line 299999"


def test_what_is_left_of_a_line_whose_beginning_went_is_not_shown() -> None:
    buffer = Buffer(most_kept=1 << 18)
    for _ in range(12):
        buffer.append(Stream.OUT, b"y" * 65_000)
    buffer.append(Stream.OUT, b"\n" + b"short\n" * 30_000)
    assert set(lines_of(buffer)) == {b"short"}


def test_what_is_typed_goes_on_behind_a_prompt() -> None:
    buffer = Buffer()
    buffer.append(Stream.OUT, b"who? ")
    buffer.append(Stream.TYPED, b"Ada\n")
    buffer.append(Stream.OUT, b"hello\n")
    assert lines_of(buffer) == [b"who? Ada", b"hello"]
    assert buffer.line(1).offset == 5


def test_colours_hold_until_they_are_reset() -> None:
    buffer = Buffer()
    buffer.append(Stream.OUT, b"\x1b[31mred\nstill\n\x1b[0mplain\nafter\n")
    assert buffer.line(1).colours == b"\x1b[31m"
    assert buffer.line(3).colours == b""


def test_a_line_longer_than_what_is_kept_still_shows_its_beginning() -> None:
    buffer = Buffer(most_kept=1 << 20)
    buffer.append(Stream.OUT, b"before\nbegins")
    for _ in range(100):
        buffer.append(Stream.OUT, b"x" * 100_000)
    line = buffer.line(buffer.end - 1)
    assert line.data.startswith(b"beginsxxx")
    assert line.left_out == len("begins") + 10_000_000 - len(line.data)
    assert buffer.size <= 1 << 20
    buffer.append(Stream.OUT, b"\n" + b"after\n" * 400_000)
    assert buffer.line(buffer.end - 1).data == b"after"
    assert buffer.line(buffer.first_line).data == b"after"
    assert buffer.line(buffer.first_line).left_out == 0
