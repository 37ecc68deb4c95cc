"""Waits in words: what is still waited for, each thing once, and lengths of time."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Recording, Wait
from coroplay.trace.layout import Kind, WaitKind
from coroplay.trace.model import Awaited
from coroplay.trace.view import WaitWords
from coroplay.trace.view.words.waits import describe_seconds
from tests.support.writing import Written

LESSON = (
    "main",
    "tea('green')",
    "waiter",
    "waiter",
)


def recorded(folder: Path, *ended: int) -> Recording:
    """A recording with a few Greenlets, of which these end, one a step."""
    made = Written()
    for name in LESSON:
        made.spawn(name, Kind.MAIN if name == "main" else Kind.GEVENT)
    for one in ended:
        made.finish(one)
    return Recording(made.save(folder / "recording"))


def wait(kind: WaitKind, *members: int | str, more: int = 0, seconds: float | None = None) -> Wait:
    named = tuple(
        Awaited(None, one) if isinstance(one, str) else Awaited(one, "") for one in members
    )
    return Wait(kind, "", seconds, named, more)


def told(recording: Recording, one: Wait) -> tuple[str, str]:
    """The wait after the last step: in a clause, and in few words."""
    words, last = WaitWords(recording), len(recording) - 1
    return words.clause(one, last), words.label(one, last)


def test_those_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    with recorded(tmp_path) as recording:
        assert told(recording, wait(WaitKind.ALL, 3, 4)) == (
            "for waiter #1, waiter #2 to end",
            "join of waiter #1, waiter #2",
        )


def test_what_has_ended_is_not_named_as_waited_for(tmp_path: Path) -> None:
    with recorded(tmp_path, 3) as recording:
        assert told(recording, wait(WaitKind.ALL, 3, 4)) == (
            "for waiter #2 to end",
            "join of waiter #2",
        )
        assert told(recording, wait(WaitKind.ALL, 3, "event")) == (
            "for all of event",
            "all of event",
        )


def test_after_all_have_ended_the_wait_is_said_to_be_over(tmp_path: Path) -> None:
    with recorded(tmp_path, 3, 4, 2) as recording:
        assert told(recording, wait(WaitKind.ALL, 3, 4, seconds=2)) == (
            "to go on, now that waiter #1, waiter #2 ended",
            "waiter #1, waiter #2 ended",
        )
        assert told(recording, wait(WaitKind.RESULT, 2)) == (
            "to go on, now that tea ended",
            "tea ended",
        )


def test_of_many_that_were_not_all_looked_at_nobody_says_that_all_ended(tmp_path: Path) -> None:
    with recorded(tmp_path, 3, 4) as recording:
        assert told(recording, wait(WaitKind.ALL, 3, 4, more=9))[1] == "join of 9 things"


def test_a_name_is_not_said_twice(tmp_path: Path) -> None:
    with recorded(tmp_path) as recording:
        assert told(recording, wait(WaitKind.ALL, "play", "play", "eat"))[1] == (
            "all of play \N{MULTIPLICATION SIGN}2, eat"
        )
        many = [f"task{n}" for n in range(4)]
        assert told(recording, wait(WaitKind.ALL, "play", *many, "play"))[1] == (
            "all of play \N{MULTIPLICATION SIGN}2, task0, task1, task2 and 1 more"
        )
        assert told(recording, wait(WaitKind.ALL, 3, 3))[1] == "join of waiter #1"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (2, "2 s"),
        (2.0004, "2 s"),
        (0.25, "0.25 s"),
        (0.2498, "0.25 s"),
        (0.125, "0.125 s"),
        (12.345, "12.3 s"),
        (3661, "3661 s"),
        (0.1, "0.1 s"),
        (0.05, "50 ms"),
        (0.0123, "12.3 ms"),
        (0.00001, "10 µs"),
    ],
)
def test_a_length_of_time_has_three_digits_wherever_it_is_told(seconds: float, words: str) -> None:
    assert describe_seconds(seconds) == words


def test_a_sleep_is_as_long_in_all_words(tmp_path: Path) -> None:
    with recorded(tmp_path) as recording:
        assert told(recording, wait(WaitKind.SLEEP, seconds=0.05)) == (
            "for its sleep of 50 ms to end",
            "sleep 50 ms",
        )
