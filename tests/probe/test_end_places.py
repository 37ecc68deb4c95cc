"""The places at which coroutines fail: where the exception came from, and not what ran last."""

from __future__ import annotations

import textwrap

import pytest

from coroplay.trace import Finish, HowEnded, Line, Recording
from tests.probe.conftest import Recorder


def ends(recording: Recording, source: str) -> dict[str, str]:
    """The line at which each coroutine but main came to its end."""
    return {name: line for name, line in all_ends(recording, source).items() if name != "main"}


def all_ends(recording: Recording, source: str) -> dict[str, str]:
    lines = textwrap.dedent(source).strip().splitlines()
    known = {one.id: one.name for one in recording.coroutines}
    found = [one for one in recording if isinstance(one, Finish) and one.place]
    return {known[one.coroutine]: lines[one.place.line - 1].strip() for one in found if one.place}


FAILURES = """
    import contextlib, functools, json
    from greenlet import greenlet
    def helper(*_):
        raise ValueError("from helper")
    def after():
        return "after"
    def by_finally():
        try: raise KeyError("own")
        finally: after()
    def by_helper():
        try:
            try: helper()
            finally: after()
        finally:
            after()
    class Closing:
        def __enter__(self): return self
        def __exit__(self, *_):
            after()
    def by_with():
        with Closing():
            raise KeyError("within")
    @contextlib.contextmanager
    def managed():
        try: yield
        finally: after()
    def by_manager():
        with managed():
            raise KeyError("managed")
    def by_bare_raise():
        try: helper()
        except ValueError:
            after()
            raise
    def by_another():
        try: helper()
        except ValueError as error:
            another = KeyError(error)
        try: raise another
        finally: after()
    def by_saved():
        try: helper()
        except ValueError as error: saved = error
        try: raise saved
        finally: after()
    def by_cause():
        try: helper()
        except ValueError as error:
            try: raise KeyError("caused") from error
            finally: after()
    def by_first():
        try: helper()
        except ValueError as error:
            try: raise KeyError("second")
            except KeyError: after()
            after()
            raise
    def by_first_again():
        try: helper()
        except ValueError as error:
            try: raise KeyError("second")
            except KeyError: after()
            try: raise
            finally: after()
    def by_library():
        try: json.loads("{")
        finally: after()
    def by_callback():
        try: functools.reduce(helper, [1, 2])
        finally: after()
    def gen_by_finally():
        yield 1
        try: helper()
        finally: after()
    def by_generator():
        try: list(gen_by_finally())
        finally: after()
    for run in (by_finally, by_helper, by_with, by_manager, by_bare_raise, by_another, by_saved,
                by_cause, by_first, by_first_again, by_library, by_callback, by_generator):
        try: greenlet(run).switch()
        except Exception: after()
"""


def test_a_failure_is_at_the_line_that_raised_whatever_ran_after_it(record: Recorder) -> None:
    assert ends(record(FAILURES), FAILURES) == {
        "by_finally": 'try: raise KeyError("own")',
        "by_helper": 'raise ValueError("from helper")',
        "by_with": 'raise KeyError("within")',
        "managed": "try: yield",
        "by_manager": 'raise KeyError("managed")',
        "by_bare_raise": 'raise ValueError("from helper")',
        "by_another": "try: raise another",
        "by_saved": "try: raise saved",
        "by_cause": 'try: raise KeyError("caused") from error',
        "by_first": 'raise ValueError("from helper")',
        "by_first_again": 'raise ValueError("from helper")',
        "by_library": 'try: json.loads("{")',
        "by_callback": 'raise ValueError("from helper")',
        "gen_by_finally": 'raise ValueError("from helper")',
        "by_generator": "try: list(gen_by_finally())",
    }


KILLS = """
    import gevent
    from gevent.event import Event
    from greenlet import greenlet, getcurrent
    def after():
        return "after"
    def kept():
        try: getcurrent().parent.switch()
        finally:
            after()
    g = greenlet(kept); g.switch(); g.throw()
    never = Event()
    def wait():
        never.wait()
    def waits():
        try: wait()
        finally: after()
    def dies():
        try: raise KeyError("dies")
        finally: after()
    def gets(of):
        try: of.get()
        finally: after()
    g = gevent.spawn(waits); gevent.sleep(0); g.kill()
    d = gevent.spawn(dies)
    g = gevent.spawn(gets, d)
    gevent.joinall([d, g])
    def closed():
        try: yield 1
        finally:
            after()
    g = closed(); next(g); g.close()
"""


def test_a_kill_is_at_the_line_that_waited(record: Recorder) -> None:
    assert ends(record(KILLS), KILLS) == {
        "kept": "try: getcurrent().parent.switch()",
        "waits": "never.wait()",
        "dies": 'try: raise KeyError("dies")',
        "gets(dies)": "try: of.get()",
        "closed": "try: yield 1",
    }


LATER = """
    import atexit, sys, threading
    def after(*_):
        return "after"
    threading.excepthook = after
    sys.excepthook = after
    atexit.register(after)
    def work():
        try: raise KeyError("in a thread")
        finally: after()
    t = threading.Thread(target=work, name="worker"); t.start(); t.join()
    HOW
"""


@pytest.mark.parametrize("how", ["raise KeyError(1)", "sys.exit(3)", "x = 1"])
def test_what_runs_after_the_end_does_not_move_it(record: Recorder, how: str) -> None:
    source = LATER.replace("HOW", how)
    recording = record(source, status={"raise KeyError(1)": 1, "sys.exit(3)": 3, "x = 1": 0}[how])
    assert all_ends(recording, source) == {
        "worker": 'try: raise KeyError("in a thread")',
        "main": how,
    }


AWAITS = """
    import asyncio
    def after():
        return "after"
    async def inner():
        await asyncio.sleep(0)
        raise KeyError("inner")
    async def main():
        await inner()
    async def last():
        try: await inner()
        finally: after()
    try: asyncio.run(main())
    except KeyError: after()
    asyncio.run(CHOSEN())
"""


@pytest.mark.parametrize(
    ("chosen", "line"), [("main", 'raise KeyError("inner")'), ("last", "asyncio.run(last())")]
)
def test_a_failure_below_an_event_loop_is_at_a_line_that_it_came_through(
    record: Recorder, chosen: str, line: str
) -> None:
    source = AWAITS.replace("CHOSEN", chosen)
    assert all_ends(record(source, status=1), source)["main"] == line


LEFT_BY_FINALLY = """
    def after():
        return "after"
    def a():
        try: raise ValueError("v")
        except ValueError:
            yield "a"
        finally: after()
    def b():
        try:
            try: raise ValueError("v")
            except ValueError as e:
                yield "b"
        finally: after()
    def c():
        for _ in range(2):
            try:
                try: int("x")
                except ValueError as e:
                    yield "c"
            except TypeError as e:
                pass
            finally: after()
    def d():
        try: raise ValueError("v")
        except ValueError as e:
            yield "d"
            raise RuntimeError("r") from e
        finally: after()
    def e():
        try: raise TypeError("first")
        finally:
            try:
                try: raise
                finally:
                    yield "e"
                    raise KeyError("second")
            except ValueError: pass
    for one in (a, b, c, d, e):
        closed = one()
        next(closed)
        closed.close()
        dropped = one()
        next(dropped)
        del dropped
        thrown = one()
        next(thrown)
        try: thrown.throw(IndexError("i"))
        except IndexError: pass
    for one in (d, e):
        failed = one()
        next(failed)
        try: next(failed)
        except (RuntimeError, KeyError): pass
"""


def test_what_leaves_an_except_by_a_finally_is_what_was_raised_last(record: Recorder) -> None:
    recording = record(LEFT_BY_FINALLY)
    lines = textwrap.dedent(LEFT_BY_FINALLY).strip().splitlines()
    told = [
        (
            step.how,
            "" if step.place is None else lines[step.place.line - 1].strip(),
            step.exception or "",
        )
        for step in recording
        if isinstance(step, Finish) and recording.coroutine(step.coroutine).name != "main"
    ]
    expected = [
        end
        for name in "abcde"
        for end in (
            (HowEnded.CLOSED, f'yield "{name}"', ""),
            (HowEnded.DROPPED, f'yield "{name}"', ""),
            (HowEnded.FAILED, f'yield "{name}"', "IndexError('i')"),
        )
    ]
    assert told == [
        *expected,
        (HowEnded.FAILED, 'raise RuntimeError("r") from e', "RuntimeError('r')"),
        (HowEnded.FAILED, 'raise KeyError("second")', "KeyError('second')"),
    ]


def test_no_line_runs_where_an_exception_is_raised_again_with_the_way_it_came(
    record: Recorder,
) -> None:
    recording = record(
        """
        import gevent, sys
        from gevent.event import AsyncResult
        result = AsyncResult()
        def getter():
            try: result.get()
            except ZeroDivisionError: pass
        one = gevent.spawn(getter)
        gevent.sleep(0)
        try: 1 / 0
        except ZeroDivisionError: result.set_exception(sys.exc_info()[1], sys.exc_info())
        one.join()
        """
    )
    (getter,) = (one.id for one in recording.coroutines if one.name == "getter")
    ran = [one.place.line for one in recording if isinstance(one, Line) and one.place]
    theirs = [one for one in recording if isinstance(one, Line) and one.coroutine == getter]
    assert ran.count(9) == 1
    assert {one.place.line for one in theirs if one.place} == {5, 6}
