"""Faults that the test suites of greenlet and gevent have shown, each as a small program."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Finish, Recording
from tests.support.programs import Workbench
from tests.support.steps import Teller

LEVELS = ("lines", "switches")


@pytest.mark.parametrize("level", LEVELS)
def test_a_hook_that_raises_is_taken_away_as_greenlet_does(bench: Workbench, level: str) -> None:
    script = bench.script("""
        import greenlet
        main = greenlet.getcurrent()
        def run():
            while True: main.switch()
        def hook(event, args):
            print(event)
            raise ValueError("from the hook")
        other = greenlet.greenlet(run, main)
        other.switch()
        print(greenlet.settrace(hook))
        try: other.switch()
        except ValueError as error: print(error)
        print(greenlet.gettrace())
        again = greenlet.greenlet(run)
        again.switch()
        again.switch()
    """)
    record = bench.new_record()
    assert bench.watched(record, script, level=level) == bench.plain(script)
    with Recording(record) as recording:
        assert Teller(recording).switches()[-4:] == [
            "main start to run",
            "run switch to main",
            "main switch to run",
            "run switch to main",
        ]


def test_gevent_itself_may_be_what_is_watched_line_by_line(bench: Workbench) -> None:
    """Then lines are recorded while it is being imported, before it can tell of spawns."""
    target = ("-m", "gevent.tests.test__GreenletExit")
    assert bench.watched(bench.new_record(), *target) == bench.plain(*target)


def test_a_greenlet_of_a_library_is_killed_when_the_program_drops_it(bench: Workbench) -> None:
    """Its frame's variables hold itself; what is read of them must not keep it."""
    bench.script(
        """
        import greenlet
        def run():
            def worker():
                try: greenlet.getcurrent().parent.switch()
                finally: print("killed", mine)
            mine = greenlet.greenlet(worker)
            mine.switch()
            mine = None
            print("dropped")
        """,
        "site-packages/library.py",
    )
    script = bench.script("""
        import sys
        sys.path.insert(0, "site-packages")
        import library
        library.run()
    """)
    assert bench.watched(bench.new_record(), script) == bench.plain(script)


@pytest.mark.parametrize("level", LEVELS)
def test_a_program_that_counts_its_lists_finds_no_more_of_them(
    bench: Workbench, level: str
) -> None:
    script = bench.script("""
        import gc, greenlet
        main = greenlet.getcurrent()
        def run():
            main.switch()
        def gen():
            yield
        def lists():
            gc.collect()
            return len([one for one in gc.get_objects() if type(one) is list])
        def grow():
            some = tuple(map(greenlet.greenlet, [run] * 200)) + tuple(gen() for _ in range(200))
            for one in some: one.switch() if type(one) is greenlet.greenlet else next(one)
            return some
        for _ in range(2):
            before = lists(); kept = grow(); after = lists()
            print(after - before < 20)
        def count(n):
            while True: n += yield n
        numbers = count(0); before = lists(); next(numbers)
    """)
    with Path(script).open("a") as file:
        # Each call is a place of its own.
        file.write("numbers.send(max(1, 1))\n" * 30 + "print(lists() - before < 20)\n")
    assert bench.watched(bench.new_record(), script, level=level) == bench.plain(script)


@pytest.mark.parametrize("level", LEVELS)
def test_gevent_that_is_not_compiled_works_as_it_does_unwatched(
    bench: Workbench, level: str
) -> None:
    script = bench.script("""
        import gevent
        def fails(): raise KeyError("k")
        def gives(n): gevent.sleep(0); return n
        one, other = gevent.spawn(fails), gevent.spawn(gives, 2)
        gevent.joinall([one, other])
        print(one.exception, other.value)
    """)
    recording = bench.record(script, level=level, PURE_PYTHON="1")
    with recording:
        assert recording.notes.silent_why == ""
        ends = [one for one in recording if isinstance(one, Finish)]
        found = {recording.coroutine(one.coroutine).name: one for one in ends}
        assert found["fails"].exception == "KeyError('k')"
        assert found["gives(2)"].value == "2"
