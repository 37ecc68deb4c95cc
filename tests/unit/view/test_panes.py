"""A coroutine's pane: its state in words and its variables."""

from __future__ import annotations

from coroplay.trace import Output, Recording, Status
from coroplay.trace.view import Moment, Pane, pane
from tests.support.steps import find
from tests.unit.view.lessons import Lessons
from tests.unit.view.shared import sentences


def panes(recording: Recording, name: str) -> list[Pane]:
    one = find(recording, name)
    start = recording.coroutine(one).spawned
    return [pane(Moment(recording, index), one) for index in range(start, len(recording))]


def states(recording: Recording, name: str) -> list[str]:
    return list(dict.fromkeys(one.state for one in panes(recording, name)))


def test_the_states_of_a_generator_in_words(lessons: Lessons) -> None:
    shown = states(lessons["yield"], "consumer(0.0)")
    assert shown[:3] == ["· has not started yet", "▶ running", "▶ running, line 20"]
    assert "‖ suspended at line 23" in shown
    assert shown[-1] == "■ closed"


def test_a_greenlet_that_ended_tells_its_value_and_one_that_did_not_stays_suspended(
    lessons: Lessons,
) -> None:
    assert states(lessons["greenlet"], "eat")[-1] == "■ finished with None"
    assert states(lessons["greenlet"], "play")[-1] == "‖ suspended at line 14"


def test_a_failure_is_told(lessons: Lessons) -> None:
    recording = lessons.of("""
        from greenlet import greenlet
        def fails():
            1 / 0
        try:
            greenlet(fails).switch()
        except ZeroDivisionError:
            pass
    """)
    assert states(recording, "fails")[-1] == "✗ failed: ZeroDivisionError('division by zero')"


def test_a_sleeper_has_less_and_less_time_left(lessons: Lessons) -> None:
    shown = [
        one for one in panes(lessons["basics"], "cook('soup', 0.2)")
        if one.status is Status.WAITING
    ]  # fmt: skip
    left = [one.left for one in shown]
    assert left[0] == 1.0
    assert all(one is not None and 0 <= one <= 1 for one in left)
    assert left == sorted(left, key=lambda one: -(one or 0))
    assert left[-1] != left[0]
    assert shown[0].state == "─ waiting for its sleep of 0.2 s to end, 0.2 s left"
    assert shown[0].brief_state == "─ sleep 0.2 s, 0.2 s left"


def test_a_sleep_of_no_time_has_none_left_to_tell(lessons: Lessons) -> None:
    recording = lessons.of("import gevent\ngevent.sleep(0)\n")
    assert "─ waiting for its sleep of 0 s to end" in states(recording, "main")


def test_the_hub_is_told_in_words_of_its_own(lessons: Lessons) -> None:
    shown = states(lessons["queue"], "hub")
    assert {"▶ looks for who can go on", "‖ suspended while others run"} <= set(shown)


def test_of_one_in_another_thread_only_the_last_line_is_told(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        from gevent.threadpool import ThreadPool
        def work(n):
            return n
        pool = ThreadPool(1)
        pool.spawn(work, 3).get()
        gevent.sleep(0.05)
        print("idle")
    """)
    index = next(step.step for step in recording if isinstance(step, Output))
    worker, *_ = (one for one in recording.state(index).running if one != 1)
    moment = Moment(recording, index)
    assert pane(moment, worker).words == "has control in its thread, last at line 4"
    assert pane(moment, 1).words == "running, line 8"


def test_changes_are_news_only_where_the_line_before_made_them(lessons: Lessons) -> None:
    recording = lessons["yield"]
    news = [
        (one.name, one.value, one.was)
        for shown in panes(recording, "producer")
        for one in shown.variables
        if one.changed
    ]
    assert ("n", "0", None) in news
    assert ("n", "1", "0") in news
    assert news.count(("n", "2", "1")) == 1
    for shown in panes(recording, "producer"):
        if shown.status is not Status.RUNNING:
            assert not any(one.changed or one.was for one in shown.variables)


def test_a_suspended_one_keeps_its_locals(lessons: Lessons) -> None:
    shown = [
        one for one in panes(lessons["yield"], "consumer(0.0)") if one.status is Status.SUSPENDED
    ]
    assert [v.name for v in shown[-1].variables] == ["pace", "answer", "n"]


def test_what_has_ended_is_not_waited_for_any_more(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        def tea(): gevent.sleep(0.01)
        def coffee(): gevent.sleep(0.05)
        gevent.joinall([gevent.spawn(tea), gevent.spawn(coffee)])
    """)
    told = list(dict.fromkeys(s for s in states(recording, "main") if "waiting" in s))
    assert told == [
        "─ waiting for tea, coffee to end",
        "─ waiting for coffee to end",
        "─ waiting to go on, now that tea, coffee ended",
    ]


def test_a_greenlet_that_nobody_has_started_is_not_called_ready(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        class Task(gevent.Greenlet):
            def _run(self): pass
        made = Task()
        spawned = Task.spawn()
        gevent.sleep(0)
    """)
    said = [one for one in sentences(recording) if "a Greenlet" in one]
    assert said == [
        "main makes Task #1, a Greenlet, which has not run yet.",
        "main spawns Task #2, a Greenlet. It is ready; the hub will start it when its turn comes.",
    ]


def test_a_generator_that_yields_though_it_was_closed_throws_nothing(lessons: Lessons) -> None:
    recording = lessons.of("""
        def refuse():
            try: yield 1
            except GeneratorExit: yield 2
        r = refuse()
        next(r)
        try: r.close()
        except RuntimeError: pass
    """)
    assert (
        "refuse yields at line 3, though it was closed: Python raises"
        " RuntimeError('generator ignored GeneratorExit') in main at line 6."
    ) in sentences(recording)


def test_a_greenlet_that_is_to_start_later_is_not_called_ready(lessons: Lessons) -> None:
    recording = lessons.of("""
        import gevent
        def tea(): print("tea")
        gevent.spawn_later(0.05, tea).join()
    """)
    assert states(recording, "tea")[0] == "· has not started yet"
    spawned = "main spawns tea, a Greenlet that is to start later, after 50 ms."
    assert spawned in sentences(recording)
