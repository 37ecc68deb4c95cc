"""Several programs' lines on one screen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coroplay.host.prefix import LONGEST_HELD, Piece, Prefixer, Stream

OUT, ERR = Stream.STDOUT, Stream.STDERR


def prefixer(*, one_screen: bool = True) -> Prefixer:
    return Prefixer([b"a| ", b"b| "], one_screen=one_screen)


def text(pieces: list[Piece]) -> bytes:
    return b"".join(piece.data for piece in pieces)


def test_each_line_gets_its_programs_prefix() -> None:
    assert text(prefixer().feed(1, OUT, b"one\ntwo\n")) == b"b| one\nb| two\n"


def test_a_line_is_held_until_it_is_whole() -> None:
    lines = prefixer()
    assert lines.feed(0, OUT, b"he") == []
    assert text(lines.feed(0, OUT, b"llo\n")) == b"a| hello\n"


def test_a_prompt_is_shown_after_a_moment_and_its_line_goes_on() -> None:
    lines = prefixer()
    lines.feed(0, OUT, b"name? ")
    assert lines.holding
    assert text(lines.idle()) == b"a| name? "
    assert not lines.holding
    assert text(lines.feed(0, OUT, b"ok\n")) == b"ok\n"


def test_another_programs_line_never_lands_in_an_unfinished_one() -> None:
    lines = prefixer()
    lines.feed(0, OUT, b"name? ")
    lines.idle()
    assert text(lines.feed(1, OUT, b"news\n")) == b"\nb| news\n"
    assert text(lines.feed(0, OUT, b"ok\n")) == b"a| ok\n"


def test_after_enter_the_next_line_begins_afresh_without_an_empty_one() -> None:
    lines = prefixer()
    lines.feed(0, OUT, b"name? ")
    lines.idle()
    lines.entered()
    assert text(lines.feed(1, OUT, b"news\n")) == b"b| news\n"


def test_errors_go_to_the_error_stream_with_the_prefix_too() -> None:
    assert prefixer().feed(0, ERR, b"oh\n") == [Piece(ERR, b"a| oh\n")]


def test_outputs_that_go_different_ways_do_not_break_each_others_lines() -> None:
    lines = prefixer(one_screen=False)
    lines.feed(0, OUT, b"name? ")
    lines.idle()
    assert lines.feed(1, ERR, b"oh\n") == [Piece(ERR, b"b| oh\n")]
    assert lines.feed(0, OUT, b"ok\n") == [Piece(OUT, b"ok\n")]


def test_a_last_line_without_an_end_gets_one_when_the_program_ends() -> None:
    lines = prefixer()
    lines.feed(0, OUT, b"bye")
    assert text(lines.ended(0)) == b"a| bye\n"
    assert lines.ended(0) == []


def test_a_shown_prompt_gets_its_line_ended_when_the_program_ends() -> None:
    lines = prefixer()
    lines.feed(0, OUT, b"name? ")
    lines.idle()
    assert text(lines.ended(0)) == b"\n"


def test_a_line_without_end_is_not_held_for_ever() -> None:
    lines = prefixer()
    assert text(lines.feed(0, OUT, b"x" * (LONGEST_HELD + 1))) == b"a| " + b"x" * (LONGEST_HELD + 1)


@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.binary(max_size=20)), max_size=20))
def test_no_byte_is_lost_or_changed_whatever_the_bytes(writes: list[tuple[int, bytes]]) -> None:
    lines = prefixer()
    shown = b"".join(text(lines.feed(program, OUT, data)) for program, data in writes)
    shown += text(lines.ended(0)) + text(lines.ended(1))
    for program, prefix in enumerate([b"a| ", b"b| "]):
        written = b"".join(data for source, data in writes if source == program)
        expected = written.split(b"\n") if written else []
        if written.endswith(b"\n"):
            expected.pop()
        assert expected == whose(shown, prefix)


def whose(shown: bytes, prefix: bytes) -> list[bytes]:
    lines = shown.split(b"\n")
    assert lines.pop() == b""
    return [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]
