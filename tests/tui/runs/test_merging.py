"""Bytes of two pipes, put in the order in which they were written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coroplay.tui.runs.buffer import Buffer, Stream
from coroplay.tui.runs.merging import Merger

OUT, ERROR = Stream.OUT, Stream.ERROR


def lines(buffer: Buffer) -> list[bytes]:
    return [buffer.line(number).data for number in range(buffer.end)]


def test_bytes_of_one_stream_are_shown_at_once() -> None:
    buffer = Buffer()
    merger = Merger(buffer)
    merger.came(OUT, b"at once\n")
    merger.flow()
    assert lines(buffer) == [b"at once"]


def test_bytes_of_both_wait_for_their_steps() -> None:
    buffer = Buffer()
    merger = Merger(buffer)
    merger.came(OUT, b"second\nfourth\n")
    merger.came(ERROR, b"first\nthird\n")
    merger.flow()
    assert not lines(buffer)
    steps = [(ERROR, b"first\n"), (OUT, b"second\n"), (ERROR, b"third\n"), (OUT, b"fourth\n")]
    for step, (stream, data) in enumerate(steps):
        merger.wrote(step, stream, data)
    merger.flow()
    assert lines(buffer) == [b"first", b"second", b"third", b"fourth"]


def test_bytes_that_no_step_wrote_are_shown_in_the_end_and_whole() -> None:
    buffer = Buffer()
    merger = Merger(buffer)
    merger.came(OUT, b"recorded\n")
    merger.came(ERROR, b"from\nC\n")
    merger.wrote(0, OUT, b"recorded\n")
    merger.settle(behind=True, over=False)
    assert not lines(buffer)
    merger.settle(behind=False, over=True)
    assert sorted(lines(buffer)) == [b"C", b"from", b"recorded"]
    assert lines(buffer).index(b"C") == lines(buffer).index(b"from") + 1


@given(
    st.lists(st.tuples(st.sampled_from([OUT, ERROR]), st.integers(0, 3)), max_size=30),
    st.integers(0, 4),
)
def test_whatever_was_recorded_stands_in_its_order(
    written: list[tuple[Stream, int]], late: int
) -> None:
    buffer = Buffer()
    merger = Merger(buffer)
    told = [(stream, f"{step} {kind}\n".encode()) for step, (stream, kind) in enumerate(written)]
    for stream in (OUT, ERROR):
        merger.came(stream, b"".join(data for one, data in told if one is stream))
    for step, (stream, data) in enumerate(told):
        merger.wrote(step, stream, data)
        if step % (late + 1) == 0:
            merger.flow()
    merger.settle(behind=False, over=True)
    assert b"".join(line + b"\n" for line in lines(buffer)) == b"".join(d for _, d in told)
