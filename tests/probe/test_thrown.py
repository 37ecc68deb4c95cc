"""Exceptions that are thrown into greenlets: named where they were seen, and only there."""

from __future__ import annotations

import sys

import pytest

from coroplay.trace import Finish, How, HowEnded, Output, Recording, Switch
from tests.probe.conftest import Recorder

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])
NEWER = sys.version_info >= (3, 12)


def thrown(recording: Recording) -> list[tuple[str, str, str, str | None]]:
    known = {one.id: one.name for one in recording.coroutines}
    return [
        (known[step.origin], str(step.how), known[step.target], step.value)
        for step in recording
        if isinstance(step, Switch) and step.how in (How.THROW, How.KILL)
    ]


def ends(recording: Recording) -> list[tuple[str, HowEnded, str | None, bool]]:
    known = {one.id: one.name for one in recording.coroutines}
    return [
        (known[step.coroutine], step.how, step.exception or step.value, step.never_ran)
        for step in recording
        if isinstance(step, Finish) and known[step.coroutine] != "main"
    ]


def test_a_timeout_is_what_the_hub_throws_whatever_is_raised_next(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import gevent
        from gevent.event import Event
        from gevent.queue import Queue, Empty
        ev = Event()
        def quiet():
            ev.wait(timeout=0.01)
            try: int("x")
            except ValueError: pass
        def same():
            try: ev.wait(timeout=0.02) or int("y")
            except ValueError: pass
        def getter():
            try: Queue().get(timeout=0.01)
            except Empty: pass
        def loud():
            with gevent.Timeout(0.01, KeyError("own")): ev.wait()
        for f in (quiet, same, getter):
            gevent.spawn(f).join()
        try: loud()
        except KeyError: pass
        """,
        level=level,
    )
    assert thrown(recording) == [
        ("hub", "throw", "quiet", "Timeout(0.01)"),
        ("hub", "throw", "same", "Timeout(0.02)"),
        ("hub", "throw", "getter", "Empty()"),
        ("hub", "throw", "main", "KeyError('own')"),
    ]


def test_who_is_gone_after_a_throw_is_told_to_be_gone_after_it(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from gevent.event import Event
        from greenlet import greenlet
        def never(): yield
        def parked(): main.switch()
        def waits():
            generator, one = never(), greenlet(parked)
            one.switch()
            Event().wait(0.01)
        import greenlet as module
        main = module.getcurrent()
        waits()
        print("gone")
        """,
        level=level,
    )
    throw = next(s.step for s in recording if isinstance(s, Switch) and s.how is How.THROW)
    others = [s for s in recording if isinstance(s, Finish) and s.coroutine != 1]
    assert len(others) == (2 if level == "lines" else 1)
    assert all(end.step > throw for end in others)


def test_an_exception_that_nobody_saw_is_not_named_after_the_next(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, getcurrent
        def catches():
            try: getcurrent().parent.switch()
            except KeyError: pass
            try: int("x")
            except ValueError: pass
        g = greenlet(catches); g.switch()
        throw = g.throw
        throw(KeyError("k"))
        """,
        level=level,
    )
    seen = NEWER or level == "lines"
    assert thrown(recording) == [("main", "throw", "catches", "KeyError('k')" if seen else None)]


UNSTARTED = """
    from greenlet import greenlet
    class Sub(greenlet):
        def run(self, a): return a
    def never(): print("never")
    kept = [greenlet(never), greenlet(never), Sub(), Sub()]
    kept[0].throw()
    for n, args in ((1, (ValueError, "early")), (2, (KeyError("late"),))):
        try: kept[n].throw(*args)
        except (ValueError, KeyError): pass
    try: kept[3].throw(IndexError, 7)
    except IndexError: pass
"""


def test_a_greenlet_that_is_thrown_into_before_its_start_never_runs(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(UNSTARTED, level=level)
    assert not any(one.how is How.START for one in recording if isinstance(one, Switch))
    found = ends(recording)
    assert all(never_ran for *_, never_ran in found)
    assert [(how, text) for _, how, text, _ in found] == [
        (HowEnded.KILLED, "GreenletExit()" if level == "lines" else None),
        *(
            (HowEnded.FAILED, text if NEWER or level == "lines" else None)
            for text in ("ValueError('early')", "KeyError('late')", "IndexError(7)")
        ),
    ]
    named = ["never", "never", "Sub", "Sub"]
    if accelerator == "c":
        assert [name for name, *_ in found] == named
    into, back = thrown(recording)[::2], thrown(recording)[1::2]
    assert into[0][1] == "kill"
    assert {one[2] for one in back} | {one[0] for one in into} >= {"main"}


def test_a_greenlet_of_gevents_is_killed_before_its_start(record: Recorder, level: str) -> None:
    recording = record(
        """
        import gevent
        def work(): pass
        gevent.sleep(0)
        one = gevent.spawn(work); one.kill()
        two = gevent.spawn(work)
        two.kill(ValueError("v"))
        three = gevent.Greenlet(work)
        three.kill()
        gevent.sleep(0)
        """,
        level=level,
    )
    expected = [
        ("work", HowEnded.KILLED, "GreenletExit()", True),
        ("work", HowEnded.FAILED, "ValueError('v')", True),
        ("work", HowEnded.KILLED, "GreenletExit()", True),
    ]
    # Without lines, a Greenlet is met when it is told to start.
    assert ends(recording) == (expected if level == "lines" else expected[:2])


def test_the_end_of_who_is_killed_before_its_start_is_told_with_the_next_output(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import gevent
        def work(): pass
        gevent.sleep(0)
        one = gevent.spawn(work)
        one.kill()
        print("next")
        """,
        level=level,
    )
    kinds = [type(step) for step in recording if isinstance(step, Finish | Switch | Output)]
    assert kinds[-3:] == [Finish, Output, Finish]


def test_who_is_killed_while_it_runs_is_killed_and_not_failed(record: Recorder, level: str) -> None:
    recording = record(
        """
        import gevent
        from greenlet import greenlet, getcurrent, GreenletExit
        def parked(): getcurrent().parent.switch()
        def leaves(): raise GreenletExit
        def job(): gevent.sleep(9)
        one = greenlet(parked); one.switch(); one.throw()
        two = greenlet(leaves); two.switch()
        three = gevent.spawn(job); gevent.sleep(0); three.kill()
        """,
        level=level,
    )
    found = {name: how for name, how, *_ in ends(recording)}
    raw = HowEnded.KILLED if NEWER or level == "lines" else HowEnded.UNSEEN
    assert found["parked"] is raw
    assert found["job"] is HowEnded.KILLED
    assert raw in found.values()


def test_what_a_function_in_c_fails_with_is_seen_where_it_arrives(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet
        def f(n): return n
        for run, args in ((int, ("x",)), (f, ())):
            try: greenlet(run).switch(*args)
            except (ValueError, TypeError): pass
        g = greenlet(len); g.switch("abc")
        """,
        level=level,
    )
    found = [(how, text) for _, how, text, _ in ends(recording)]
    assert [how for how, _ in found] == [HowEnded.FAILED, HowEnded.FAILED, HowEnded.UNSEEN]
    if NEWER or level == "lines":
        assert (found[0][1] or "").startswith("ValueError(")
        assert (found[1][1] or "").startswith("TypeError(")
    else:
        assert [text for _, text in found] == [None, None, None]


def test_control_that_comes_back_from_a_dead_greenlet_is_nobody_elses(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, getcurrent
        def f(x): return x
        first = greenlet(f); first.switch(4)
        first.switch("again"); getcurrent().switch()
        try: first.throw(KeyError("k"))
        except KeyError: pass
        """,
        level=level,
    )
    found = [one for one in recording if isinstance(one, Switch)][-3:]
    lines = level == "lines"
    assert [(one.origin, one.how, one.target) for one in found] == [
        (1, How.SWITCH, 1),
        (1, How.SWITCH, 1),
        (1, How.THROW, 1),
    ]
    assert [one.value for one in found[:2]] == ["'again'" if lines else None, None]
    assert [one.place.line for one in found if one.place] == [4, 4, 5]


def test_the_exception_that_kills_an_unstarted_greenlet_is_not_guessed(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, GreenletExit
        def work(): pass
        one = greenlet(work)
        print(repr(one.throw(GreenletExit("early"))))
    """,
        level=level,
    )
    told = {text for _, _, text, _ in ends(recording) if text is not None}
    assert told <= {"GreenletExit('early')"}
    values = {one.value for one in recording if isinstance(one, Switch) and one.value}
    assert values <= {"GreenletExit('early')"}


def test_a_greenlet_that_nothing_refers_to_is_dropped_and_not_killed(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, getcurrent, GreenletExit
        def parked(): getcurrent().parent.switch()
        def catches():
            try: getcurrent().parent.switch()
            except GreenletExit: return "caught"
        def killed(): getcurrent().parent.switch()
        for f in (parked, catches):
            g = greenlet(f); g.switch()
            del g
        g = greenlet(killed); g.switch(); g.throw()
        """,
        level=level,
    )
    if not NEWER and level == "switches":
        pytest.skip("what is thrown is not seen there")
    assert [(name, how) for name, how, *_ in ends(recording)] == [
        ("parked", HowEnded.DROPPED),
        ("catches", HowEnded.RETURNED),
        ("killed", HowEnded.KILLED),
    ]
    known = {one.id: one.name for one in recording.coroutines}
    dropped = [
        known[step.target]
        for step in recording
        if isinstance(step, Switch) and step.how is How.DROPPING
    ]
    assert dropped == ["parked", "catches"]
