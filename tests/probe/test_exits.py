"""GreenletExit: one that was thrown into a greenlet kills it, its own is a result like another."""

from __future__ import annotations

import sys

import pytest

from coroplay.trace import Finish, HowEnded, Recording
from tests.probe.conftest import Recorder

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])
NEWER = sys.version_info >= (3, 12)


def ends(recording: Recording) -> dict[str, tuple[HowEnded, str | None]]:
    known = {one.id: one.name for one in recording.coroutines}
    return {
        known[step.coroutine]: (step.how, step.exception or step.value)
        for step in recording
        if isinstance(step, Finish) and known[step.coroutine] != "main"
    }


def test_a_greenlet_that_raises_greenlet_exit_itself_is_not_killed(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, getcurrent, GreenletExit
        back = getcurrent().switch
        def at_once(): raise GreenletExit(1)
        def within():
            try: raise GreenletExit(2)
            finally: back()
        def after_another():
            try: back()
            except GreenletExit: raise GreenletExit(3)
        def later():
            try: back()
            except GreenletExit: pass
            back()
            raise GreenletExit(4)
        def after_failure():
            try: back()
            except KeyError: raise GreenletExit(5)
        for run in (at_once, within, after_another, later, after_failure):
            g = greenlet(run); g.switch()
            if run is after_another: g.throw()
            if run is later: g.throw()
            if run is after_failure: g.throw(KeyError("k"))
            g.switch()
        """,
        level=level,
    )
    found = ends(recording)
    exits = {
        name: (HowEnded.EXITED, f"GreenletExit({number})")
        for number, name in enumerate(
            ("at_once", "within", "after_another", "later", "after_failure"), 1
        )
    }
    if NEWER or level == "lines":
        assert found == exits
    else:
        assert {how for how, _ in found.values()} <= {HowEnded.UNSEEN, HowEnded.EXITED}


def test_a_greenlet_that_is_killed_is_killed_however_it_takes_it(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet, getcurrent, GreenletExit
        back = getcurrent().switch
        def in_finally():
            try: back()
            finally: back()
        def deep():
            def inner(): yield back()
            list(inner())
        def again():
            try: back()
            except GreenletExit as error: raise error
        def twice():
            try: back()
            except GreenletExit: pass
            back()
        for run in (in_finally, deep, again, twice):
            g = greenlet(run); g.switch(); g.throw()
            if run is in_finally: g.switch()
            if run is twice: g.throw()
        """,
        level=level,
    )
    names = ("in_finally", "deep", "again", "twice")
    how = HowEnded.KILLED if NEWER or level == "lines" else HowEnded.UNSEEN
    assert [ends(recording)[name][0] for name in names] == [how] * 4


def test_a_greenlet_of_gevents_ends_by_what_it_raises_returns_or_is_killed_with(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import gevent
        from gevent import GreenletExit, sleep
        from gevent.event import Event
        def raises(): raise GreenletExit(1)
        def returns(): return GreenletExit(2)
        def returns_what_it_caught():
            try: sleep(9)
            except GreenletExit as error: return error
        def after_another():
            try: sleep(9)
            except GreenletExit: raise GreenletExit(3)
        def killed(): sleep(9)
        def slowly():
            try: sleep(9)
            finally: sleep(0)
        all = [gevent.spawn(run) for run in
               (raises, returns, returns_what_it_caught, after_another, killed, slowly)]
        all += [gevent.spawn(Event().wait)]
        sleep(0)
        gevent.killall(all)
        """,
        level=level,
    )
    assert ends(recording) == {
        "raises": (HowEnded.EXITED, "GreenletExit(1)"),
        "returns": (HowEnded.RETURNED, "GreenletExit(2)"),
        "returns_what_it_caught": (HowEnded.RETURNED, "GreenletExit()"),
        "after_another": (HowEnded.EXITED, "GreenletExit(3)"),
        "killed": (HowEnded.KILLED, "GreenletExit()"),
        "slowly": (HowEnded.KILLED, "GreenletExit()"),
        "Event.wait": (HowEnded.KILLED, "GreenletExit()"),
    }


def test_greenlet_exit_is_an_exception_like_another_where_there_is_no_parent(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import sys, threading
        from greenlet import GreenletExit
        threading.excepthook = sys.unraisablehook = lambda _: None
        def work(): raise GreenletExit
        one = threading.Thread(target=work, name="one"); one.start(); one.join()
        """,
        level=level,
    )
    how, _ = ends(recording).get("one", (HowEnded.UNSEEN, None))
    assert how in (HowEnded.FAILED, HowEnded.UNSEEN)
