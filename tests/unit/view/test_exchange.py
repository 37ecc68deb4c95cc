"""The exchange: arrows between two lifelines."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coroplay.trace import Recording, Switch, layout
from coroplay.trace.layout import Kind, Verb
from coroplay.trace.view import End, Switches, Tense, exchange
from tests.support.steps import find
from tests.support.writing import Written
from tests.unit.view.lessons import Lessons
from tests.unit.view.shared import pairs, sentences, switch_steps


@pytest.mark.parametrize("height", [1, 2, 3, 10, 50])
def test_the_exchange_has_one_current_row_and_fits(lessons: Lessons, height: int) -> None:
    recording = lessons["queue"]
    switches = Switches(recording)
    first = switch_steps(recording)[0]
    for index, shown in enumerate(pairs(recording)):
        arrows = exchange(switches, index, height, shown)
        assert len(arrows) <= height
        steps = [arrow.step for arrow in arrows]
        assert steps == sorted(steps)
        current = [arrow.step for arrow in arrows if arrow.tense is Tense.CURRENT]
        assert current == ([max(s for s in switch_steps(recording) if s <= index)]
                           if index >= first else [])  # fmt: skip
        assert all((arrow.step > index) == (arrow.tense is Tense.FUTURE) for arrow in arrows)
        assert all(arrow.exact == (arrow.step == index) for arrow in arrows)


def test_the_exchange_of_lesson_1_goes_to_and_fro_with_its_values(lessons: Lessons) -> None:
    recording = lessons["yield"]
    shown = pairs(recording)[-1]
    arrows = exchange(Switches(recording), len(recording) - 1, 20, shown)
    assert [arrow.label for arrow in arrows] == [
        "start",
        "yield ''",
        "send 1",
        "yield '200 OK'",
        "send 2",
        "yield '200 OK'",
        "send 3",
        "yield '200 OK'",
        "close",
        "closed",
    ]
    ways = [(arrow.start, arrow.end) for arrow in arrows]
    assert ways == [(End.LEFT, End.RIGHT), (End.RIGHT, End.LEFT)] * 5


def test_the_exchange_shows_the_way_through_the_hub(lessons: Lessons) -> None:
    recording = lessons["queue"]
    waits = [s for s in recording if isinstance(s, Switch) and s.how == "wait"]
    index = waits[2].step
    shown = pairs(recording)[index]
    arrow = next(a for a in exchange(Switches(recording), index, 10, shown) if a.exact)
    assert arrow.end is End.OUTSIDE
    assert arrow.target == find(recording, "hub")
    assert arrow.start in (End.LEFT, End.RIGHT)


def labels(recording: Recording) -> list[str]:
    end = len(recording) - 1
    return [one.label for one in exchange(Switches(recording), end, 99, pairs(recording)[-1])]


def test_a_wake_tells_how_long_the_one_who_is_woken_waited(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        def tick(n):
            for _ in range(n): gevent.sleep(0.11)
        gevent.joinall([gevent.spawn(tick, 3)])
    """)
    told = [re.sub(r"(0\.\d)\d* s", r"\1 s", one) for one in labels(recording)]
    # Not since the last tick, at which the hub had something to do.
    assert told[-1] == "wake after 0.3 s"
    assert told.count("wake after 0.1 s") == 3
    wake = exchange(Switches(recording), len(recording) - 1, 99, pairs(recording)[-1])[-1]
    assert wake.brief == wake.value


def test_a_timeout_that_ends_a_wait_is_no_exception_of_the_programs(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        slow = gevent.spawn(gevent.sleep, 5)
        slow.join(timeout=0.1)
    """)
    assert "time is up" in labels(recording)
    assert any(
        s == "The hub ends the wait of main, whose time of 0.1 s is up. It goes on at line 3."
        for s in sentences(recording)
    )
    assert not any("raised in" in s or "throws" in s for s in sentences(recording))


def test_what_another_throws_is_not_the_end_of_the_time(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        from gevent.queue import Empty, Queue
        def take(): Queue().get(timeout=0.2)
        taker = gevent.spawn(take)
        def end():
            gevent.sleep(0.15)
            taker.throw(Empty())
        ender = gevent.spawn(end)
        gevent.sleep(0.18)
    """)
    assert "time is up" not in labels(recording)
    assert not any("time of 0.2 s is up" in said for said in sentences(recording))


@pytest.mark.parametrize(
    ("verb", "text", "label"),
    [
        (Verb.FINISH, "5", "return 5"),
        (Verb.FAIL, "KeyError()", "fail KeyError()"),
        (Verb.IGNORED, "KeyError()", "fail KeyError()"),
        (Verb.CLOSED, None, "closed"),
        (Verb.KILLED, "GreenletExit()", "killed"),
        (Verb.EXITED, "GreenletExit(5)", "exited GreenletExit(5)"),
        (Verb.DROP, None, "dropped"),
        (Verb.UNSEEN, None, "end"),
    ],
)
def test_an_arrow_back_says_how_its_origin_ended(
    tmp_path: Path, verb: Verb, text: str | None, label: str
) -> None:
    made = Written()
    main, work = made.spawn("main", Kind.MAIN, at_once=True), made.spawn("work", creator=1)
    made.switch(Verb.START, main, work)
    reference = 0 if text is None else made.text(text)
    made.step(verb, work, made.row(layout.DETAILS, 0, 0, reference, 0))
    made.switch(Verb.RETURN, work, main)
    with Recording(made.save(tmp_path)) as recording:
        *_, last = exchange(Switches(recording), 4, 10, pairs(recording)[4])
        assert last.label == label
