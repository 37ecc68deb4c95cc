"""Every lane has a name, at both levels: what it runs, or the thread that it is."""

from __future__ import annotations

import sys

import pytest

from coroplay.trace import CoroutineKind, How, Switch
from tests.probe.conftest import Recorder
from tests.support.steps import names

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])


def test_a_greenlet_that_runs_at_once_has_the_name_of_what_it_runs(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(
        """
        import functools, json
        from greenlet import greenlet
        class Own(greenlet):
            def run(self, n): return n
        class Service:
            def work(self): pass
        def f(n): return n
        greenlet(json.dumps).switch([1])
        greenlet(len).switch("abc")
        greenlet("abc".upper).switch()
        greenlet(Service().work).switch()
        greenlet(functools.partial(f, 1)).switch()
        greenlet(lambda: 1).switch()
        Own().switch(1)
        """,
        level=level,
    )
    found = names(recording)[1:]
    if accelerator == "c":
        expected = ["dumps", "len", "upper", "Service.work", "f", "<lambda:13>", "Own"]
        assert found == expected
    else:
        # What a greenlet runs can't be read once it has started: its first own function tells.
        assert all(found)
        assert found[-1] == "Own"
        if level == "lines" or sys.version_info >= (3, 12):
            assert found[3:6] == ["work", "f", "<lambda:13>"]


def test_greenlets_of_gevents_and_threads_have_names(record: Recorder, level: str) -> None:
    recording = record(
        """
        from gevent import monkey; monkey.patch_all()
        import functools, threading
        import gevent
        from concurrent.futures import ThreadPoolExecutor
        class Own(gevent.Greenlet):
            def _run(self): pass
        class Service:
            def run(self, n): pass
        def f(n, k=1): pass
        gevent.sleep(0)
        gevent.joinall([
            gevent.spawn(lambda: 1), gevent.spawn(functools.partial(f, 3)),
            gevent.spawn(Service().run, 4), Own.spawn(), gevent.spawn(f, 2, k=5),
        ])
        for n in range(2):
            thread = threading.Thread(target=f, args=(n,), name=f"worker-{n}")
            thread.start(); thread.join()
        with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
            list(pool.map(f, [1]))
        """,
        level=level,
    )
    assert [one for one in names(recording) if one not in ("main", "hub")] == [
        "<lambda:12>",
        "f(3)",
        "Service.run(4)",
        "Own",
        "f(2, k=5)",
        "worker-0",
        "worker-1",
        "pool_0",
    ]


def test_threads_have_names_however_they_are_started(record: Recorder, level: str) -> None:
    recording = record(
        """
        import _thread, threading
        from gevent.threadpool import ThreadPool
        def named(): print("named")
        def raw(): print("raw"); done.release()
        thread = threading.Thread(target=named, name="worker"); thread.start(); thread.join()
        done = threading.Lock(); done.acquire()
        _thread.start_new_thread(raw, ()); done.acquire()
        ThreadPool(1).apply(print, ("pool",))
        """,
        level=level,
    )
    found = names(recording)
    assert {"worker", "raw"} <= set(found)
    assert "thread of gevent's pool" in found
    assert "" not in found


def test_a_lane_of_a_library_takes_the_name_of_the_first_own_function(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import sys, gevent
        from greenlet import greenlet, getcurrent
        code = "def apply_target(target, *args): return target(*args)\\n"
        library = {}
        exec(compile(code, "/nowhere/library.py", "exec"), library)
        apply_target = library["apply_target"]
        def handle(n):
            deeper()
        def deeper(): getcurrent().parent.switch()
        def job(n): gevent.sleep(0)
        g = greenlet(apply_target); g.switch(handle, 1); g.switch()
        gevent.spawn(apply_target, job, 2).join()
        gevent.spawn(map, job, [1]).join()
        """,
        level=level,
    )
    found = [one for one in names(recording) if one not in ("main", "hub")]
    assert found[:2] == ["handle", "job"]
    assert found[2].startswith("map(")


def test_no_greenlet_is_left_without_a_name(record: Recorder, level: str) -> None:
    recording = record(
        """
        from greenlet import greenlet
        late = greenlet()
        def f(): pass
        late.run = f
        late.switch()
        greenlet(greenlet).switch(f)
        class Strange:
            def __call__(self): pass
            __name__ = property(lambda self: 1 / 0)
        greenlet(Strange()).switch()
        """,
        level=level,
    )
    assert all(names(recording))


def test_a_builtin_that_calls_a_function_of_the_program_keeps_its_name(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet
        ordered = greenlet(sorted)
        print(ordered.switch([3, 1], key=lambda n: -n))
    """,
        level=level,
    )
    (name,) = (one.name for one in recording.coroutines[1:])
    # Without lines, only the accelerator sees the greenlet before it starts.
    assert name == "sorted" or (accelerator == "python" and level == "switches")


def test_the_threads_of_gevents_pool_have_names_that_say_so(record: Recorder, level: str) -> None:
    recording = record(
        """
        from gevent.threadpool import ThreadPool
        def job(): pass
        ThreadPool(1).spawn(job).get()
        """,
        level=level,
    )
    found = {one.name: one for one in recording.coroutines if one.name not in ("main", "hub")}
    assert sorted(found) == ["thread of gevent's pool", "worker of gevent's pool"]
    thread, worker = (found[name] for name in sorted(found))
    assert (thread.kind, worker.kind) == (CoroutineKind.THREAD, CoroutineKind.GREENLET)
    [start] = [one for one in recording if isinstance(one, Switch) and one.origin == thread.id]
    assert (start.target, start.how, start.place) == (worker.id, How.START, None)


def test_functions_of_gevents_own_that_are_compiled_have_their_names(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import gevent
        from gevent.event import Event
        from gevent.pool import Pool
        done, pool = Event(), Pool(1)
        gevent.joinall([gevent.spawn(done.set), gevent.spawn(gevent.sleep, 0)])
        pool.map(len, ["a", "b"])
        """,
        level=level,
    )
    found = names(recording)
    assert [one for one in found if one.startswith(("Event", "sleep"))] == [
        "Event.set",
        "sleep(0)",
    ]
    waits = [one.wait for one in recording if isinstance(one, Switch) and one.wait]
    assert not [one for one in waits if any("<" in member.name for member in one.members)]
