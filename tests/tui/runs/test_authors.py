"""Laying the recording's output steps along a stream of bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coroplay.tui.runs.authors import Authors


def test_each_byte_has_the_step_that_wrote_it() -> None:
    authors = Authors()
    authors.came(b"one\ntwo\n")
    authors.wrote(5, b"one\n")
    authors.wrote(9, b"two\n")
    assert [authors.step(at) for at in (0, 3, 4, 7, 8)] == [5, 5, 9, 9, None]


def test_steps_may_be_known_before_their_bytes_come() -> None:
    authors = Authors()
    authors.wrote(5, b"one\n")
    authors.came(b"on")
    assert authors.step(0) is None
    authors.came(b"e\n")
    assert authors.step(0) == 5


def test_what_came_by_another_way_has_no_author() -> None:
    authors = Authors()
    authors.came(b"one\nfrom C\ntwo\n")
    authors.wrote(5, b"one\n")
    authors.wrote(9, b"two\n")
    assert authors.step(4) is None
    assert authors.step(11) == 9


def test_a_step_whose_bytes_went_elsewhere_is_given_up() -> None:
    authors = Authors()
    authors.wrote(1, b"never comes\n")
    authors.wrote(2, b"x" * 50 + b"\n")
    for _ in range(3000):
        authors.came(b"x" * 50 + b"\n")
    assert authors.step(0) == 2


@given(st.lists(st.binary(min_size=1, max_size=8), max_size=40), st.integers(1, 30))
def test_bytes_in_any_pieces_find_their_steps(written: list[bytes], size: int) -> None:
    authors = Authors()
    for step, data in enumerate(written):
        authors.wrote(step, data)
    whole = b"".join(written)
    for start in range(0, len(whole), size):
        authors.came(whole[start : start + size])
    at = 0
    for step, data in enumerate(written):
        assert authors.step(at) == step
        at += len(data)


def test_steps_that_were_recorded_in_another_order_than_they_came_have_their_bytes() -> None:
    authors = Authors()
    authors.came(b"first\nsecond\nthird\n")
    authors.wrote(7, b"second\n")
    assert [authors.step(at) for at in (0, 6)] == [None, 7]
    authors.wrote(8, b"first\n")
    authors.wrote(9, b"third\n")
    assert [authors.step(at) for at in (0, 5, 6, 12, 13)] == [8, 8, 7, 7, 9]


def test_what_was_skipped_is_divided_among_steps_and_nobody() -> None:
    authors = Authors()
    authors.came(b"C\none\nC\ntwo\n")
    authors.wrote(3, b"two\n")
    authors.wrote(4, b"one\n")
    assert [authors.step(at) for at in (0, 2, 6, 8)] == [None, 4, None, 3]


def test_bytes_that_went_elsewhere_are_waited_for_until_later_ones_have_come() -> None:
    authors = Authors()
    authors.wrote(1, b"into a file\n")
    authors.wrote(2, b"here\n")
    authors.came(b"here\n")
    assert authors.step(0) is None
    assert authors.is_stuck
    authors.give_up_lost()
    assert authors.step(0) == 2
    assert not authors.is_stuck
