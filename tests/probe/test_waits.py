"""Waits of parked coroutines, in words a person recognises."""

from __future__ import annotations

import re

import pytest

from coroplay.trace import How, Recording, Status, Switch
from coroplay.trace.layout import WaitKind
from coroplay.trace.view import WaitWords
from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import find

PLAY = "other = gevent.spawn(play, 'Lyon')"
WAITS = {
    # The call: what is prepared, the wait in words with lines, and without.
    "gevent.sleep(2)": ("", "for its sleep of 2 s to end", None),
    "gevent.sleep(seconds=1)": ("", "for its sleep of 1 s to end", None),
    "gevent.sleep(pause)": (
        "pause = 0.25",
        "for its sleep of 0.25 s to end",
        "for its sleep to end",
    ),
    "gevent.sleep(float('2.5') / 2)": (
        "",
        "for its sleep of 1.25 s to end",
        "for its sleep to end",
    ),
    "nap(3)": ("nap = gevent.sleep", "for its sleep of 3 s to end", None),
    "other.join()": (PLAY, "for play('Lyon') to end", "to join other"),
    "other.join(timeout=3)": (
        PLAY,
        "for play('Lyon') to end, at most 3 s",
        "to join other, at most 3 s",
    ),
    "other.get()": (PLAY, "for the result of play('Lyon')", "for a value from other"),
    "self.other.get(timeout=4)": (
        "self = Box(); self." + PLAY,
        "for the result of play('Lyon'), at most 4 s",
        "for a value from self.other, at most 4 s",
    ),
    "gevent.spawn(play, 'Nice').join()": ("", "for play('Nice') to end", "to join play"),
    "gevent.spawn(play, 'Nice').get()": (
        "",
        "for the result of play('Nice')",
        "for a value from play",
    ),
    "gevent.joinall([other])": (PLAY, "for play('Lyon') to end", "for all of other"),
    "gevent.joinall({other}, timeout=9)": (
        PLAY,
        "for play('Lyon') to end, at most 9 s",
        "for all of other, at most 9 s",
    ),
    "gevent.joinall(many)": (
        "many = [gevent.spawn(play, n) for n in range(6)]",
        "for play(0), play(1), play(2), play(3) and 2 more to end",
        "for all of many",
    ),
    "gevent.joinall([gevent.spawn(play, 'a'), gevent.spawn(play, 'b')])": (
        "",
        "for play('a'), play('b') to end",
        "for all of play \N{MULTIPLICATION SIGN}2",
    ),
    "gevent.joinall([gevent.spawn(play, n) for n in 'ab'])": (
        "",
        None,
        "for all of several things",
    ),
    "gevent.wait([event, other])": (
        "event = Event(); " + PLAY,
        "for all of event, play('Lyon')",
        "for all of event, other",
    ),
    "gevent.wait([event, other], count=1)": (
        "event = Event(); " + PLAY,
        "for any of event, play('Lyon')",
        "for any of event, other",
    ),
    "next(gevent.iwait([event]))": ("event = Event()", "for event", None),
    "queue.get()": ("queue = Queue()", "for an item from queue", "for a value from queue"),
    "queue.get(timeout=3)": (
        "queue = Queue()",
        "for an item from queue, at most 3 s",
        "for a value from queue, at most 3 s",
    ),
    "queue.put(2)": (
        "queue = Queue(1); queue.put(1)",
        "for room in queue queue",
        "to put into queue",
    ),
    "for item in queue: print(item)": (
        "queue = Queue()",
        "for an item from queue",
        "for the next item of queue",
    ),
    "[print(item) for item in self.queue]": (
        "self = Box(); self.queue = Queue()",
        "for an item from self.queue",
        "for the next item of self.queue",
    ),
    "tasks.join()": (
        "tasks = JoinableQueue(); tasks.put(1)",
        "for all items of tasks to be done",
        "to join tasks",
    ),
    "Queue().get()": ("", "for a value from Queue()", None),
    "event.wait()": ("event = Event()", "for event event", "for event"),
    "event.wait(timeout=5)": (
        "event = Event()",
        "for event event, at most 5 s",
        "for event, at most 5 s",
    ),
    "event.wait(limit)": (
        "event = Event(); limit = 5",
        "for event event, at most 5 s",
        "for event",
    ),
    "result.get()": ("result = AsyncResult()", "for result result", "for a value from result"),
    "lock.acquire()": (
        "lock = Semaphore(0)",
        "to acquire semaphore lock",
        "to acquire lock",
    ),
    "mine.acquire()": (
        "mine = RLock(); gevent.spawn(mine.acquire); gevent.sleep(0)",
        "to acquire lock mine",
        "to acquire mine",
    ),
    "with lock, open('/dev/null'): print('got it')": (
        "lock = Semaphore(0)",
        "to acquire semaphore lock",
        "to enter lock",
    ),
    "with open('/dev/null'), self.lock: print('got it')": (
        "self = Box(); self.lock = Semaphore(0)",
        "to acquire semaphore self.lock",
        "to enter self.lock",
    ),
    "pool.join()": (
        "pool = Pool(1); pool.spawn(play, 1)",
        "for all of pool pool",
        "to join pool",
    ),
    "pool.spawn(play, 2)": (
        "pool = Pool(1); pool.spawn(play, 1)",
        "for room in pool pool",
        "in pool.spawn",
    ),
    "for one in Pool(2).imap_unordered(play, 'ab'): print(one)": (
        "",
        "for the next item of Pool(2).imap_unordered(…)",
        None,
    ),
    "[g.get() for g in [other]]": (
        "global g; g = Queue(); " + PLAY,
        "for the result of play('Lyon')",
        "for a value from g",
    ),
}

PROGRAM = """
    import gevent, os
    from gevent.queue import JoinableQueue, Queue
    from gevent.event import Event, AsyncResult
    from gevent.lock import RLock, Semaphore
    from gevent.pool import Pool
    class Box: pass
    def play(name): gevent.sleep(5)
"""


def program() -> str:
    parts = [PROGRAM.rstrip()]
    for number, (call, (before, *_)) in enumerate(WAITS.items()):
        parts.append(f"    def f{number}():\n        {before or 'pass'}\n        {call}")
    spawned = ", ".join(f"gevent.spawn(f{number})" for number in range(len(WAITS)))
    parts.append(f"    spawned = [{spawned}]\n    for _ in range(5): gevent.sleep(0)")
    parts.append("    os._exit(0)\n")
    return "\n".join(parts)


def waits(recording: Recording, name: str) -> str:
    """What the coroutine of that name waits for at the end, in words."""
    last = len(recording) - 1
    state = recording.state(last).of(find(recording, name))
    assert state.status is Status.WAITING
    # Numbers tell apart those of the same name, of which a program here has several.
    return re.sub(r" #\d+", "", WaitWords(recording).clause(state.waiting_on, last))


def said(recording: Recording) -> dict[str, str]:
    return {call: waits(recording, f"f{number}") for number, call in enumerate(WAITS)}


def test_a_wait_names_its_object_and_its_seconds(record: Recorder) -> None:
    expected = {call: lines for call, (_, lines, _) in WAITS.items() if lines}
    seen = said(record(program()))
    assert {call: seen[call] for call in expected} == expected


def test_without_lines_a_wait_says_what_its_source_says(record: Recorder) -> None:
    seen = said(record(program(), level="switches"))
    assert seen == {call: bare or lines for call, (_, lines, bare) in WAITS.items()}


def test_waits_for_a_socket_name_what_is_at_its_other_end(record: Recorder) -> None:
    recording = record("""
        import gevent, os
        from gevent import socket
        def serve(listener):
            got, _ = listener.accept()
            held.append(got)
            listener.accept()
        def ask(port):
            plug = socket.create_connection(("127.0.0.1", port))
            plug.recv(10)
        held = []
        listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
        port = listener.getsockname()[1]
        server = gevent.spawn(serve, listener)
        client = gevent.spawn(ask, port)
        while not held: gevent.sleep(0.001)
        gevent.sleep(0); gevent.sleep(0.001); gevent.sleep(0)
        print(port, flush=True)
        os._exit(0)
    """)
    port = next(step.text.strip() for step in recording if hasattr(step, "text"))
    assert waits(recording, f"ask({port})") == f"in recv on 127.0.0.1:{port}"
    assert waits(recording, "serve(<socket>)") == f"in accept on 127.0.0.1:{port}"


def test_patched_sleep_is_a_wait_too(record: Recorder) -> None:
    recording = record("""
        from gevent import monkey; monkey.patch_all()
        import gevent, os, time
        def f(seconds): time.sleep(seconds)
        g = gevent.spawn(f, 3); gevent.sleep(0)
        os._exit(0)
    """)
    assert waits(recording, "f(3)") == "for its sleep of 3 s to end"


def test_a_wait_in_a_library_is_shown_by_the_programs_own_call(record: Recorder) -> None:
    recording = record("""
        from gevent import monkey; monkey.patch_all()
        import gevent, os, subprocess, sys
        def f(): subprocess.run([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        g = gevent.spawn(f); gevent.sleep(0)
        os._exit(0)
    """)
    waiting = recording.state(len(recording) - 1).of(find(recording, "f"))
    assert waiting.status is Status.WAITING
    assert waiting.place is not None
    assert waiting.place.source.startswith("subprocess.run(")
    assert waits(recording, "f") == "in subprocess.run"


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_someone_who_waits_is_woken_in_the_order_of_the_clock(record: Recorder, level: str) -> None:
    recording = record(
        """
        import gevent
        def f(n): gevent.sleep(n / 5)
        gevent.joinall([gevent.spawn(f, n) for n in (3, 1, 2)])
        """,
        level=level,
    )
    woken = [
        recording.coroutine(step.target).name
        for step in recording
        if isinstance(step, Switch) and step.how is How.WAKE and step.target != 1
    ]
    assert woken == ["f(1)", "f(2)", "f(3)"]


@pytest.mark.parametrize("around", ["if True", "class Box", "def f()"])
def test_a_variable_of_a_comprehension_is_not_taken_for_the_modules(
    record: Recorder, around: str
) -> None:
    recording = record(f"""
        import gevent, os
        from gevent.queue import Queue
        def play(): gevent.spawn(os._exit, 0); gevent.sleep(5)
        g, other = Queue(), gevent.spawn(play)
        {around}:
            got = [g.get() for g in [other]]
        f()
    """)
    assert waits(recording, "main") == "for the result of play"


MONKEY = """
    from gevent import monkey; monkey.patch_all()
    import gevent, os, queue, subprocess, sys, threading, time
    from concurrent.futures import Future
    event, lock, work = threading.Event(), threading.Lock(), queue.Queue()
    lock.acquire()
    condition, bound, future = threading.Condition(), threading.Semaphore(0), Future()
    sleeper = threading.Thread(target=time.sleep, args=(9,), name="sleeper")
    sleeper.start()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
"""
PATCHED = {
    "time.sleep(3)": "for its sleep of 3 s to end",
    "event.wait(7)": "for event event, at most 7 s",
    "lock.acquire()": "to acquire lock lock",
    "lock.acquire(timeout=6)": "to acquire lock lock, at most 6 s",
    "bound.acquire()": "to acquire semaphore bound",
    "work.get(timeout=2)": "for an item from work, at most 2 s",
    "future.result(5)": "for result future, at most 5 s",
    "condition.acquire() and condition.wait()": "for condition condition",
    "child.wait()": "for process child to end",
}


def test_patched_waits_are_told_like_those_of_gevent(record: Recorder) -> None:
    parts = [MONKEY.rstrip(), "    def join(): sleeper.join(8)"]
    parts += [f"    def f{n}(): {call}" for n, call in enumerate(PATCHED)]
    spawned = ", ".join(["join", *(f"f{n}" for n in range(len(PATCHED)))])
    parts.append(f"    spawned = [gevent.spawn(one) for one in ({spawned})]")
    parts.append("    for _ in range(5): gevent.sleep(0)\n    os._exit(0)\n")
    recording = record("\n".join(parts))
    seen = {call: waits(recording, f"f{n}") for n, call in enumerate(PATCHED)}
    assert seen == PATCHED
    assert re.fullmatch("for .* to end, at most 8 s", waits(recording, "join"))


def test_reading_the_source_gives_no_warning_of_its_own(bench: Workbench) -> None:
    script = bench.script(r"""
        import gevent
        from gevent.queue import Queue
        queue = Queue()
        def read():
            for item in queue:
                print("\d", item)
        def take():
            print((yield))
        reader = gevent.spawn(read)
        gevent.sleep(0)
        queue.put(1); queue.put(StopIteration)
        reader.join()
        taker = take(); next(taker)
        taker.send("\w") if reader else None
    """)
    plain, watched = bench.plain(script), bench.watched(bench.new_record(), script)
    assert watched.masked().but_for_the_reference() == plain.masked().but_for_the_reference()


WARNED_OF = r"""
    import gevent, sys, warnings
    from gevent.event import Event
    {prepare}
    event, other = Event(), gevent.spawn(gevent.sleep, 0)
    event.wait(1if 0else 0.001)
    event.wait("\\d" is 1 or 0.001)
    event.wait(len(f"{{1if event else 2}}\\d") / 3000)
    gevent.joinall([gevent.spawn(gevent.sleep, b"\\777" and 0)])
    for one in gevent.iwait([0x0or other]):
        print("\\d")
    with gevent.Timeout(0x1or 1): gevent.sleep(0o1and 0)
    print(getattr(sys.modules[__name__], "__warningregistry__", None), warnings.filters[:1])
"""
WAYS = {
    "raised": "warnings.simplefilter('error')",
    "shown": "warnings.simplefilter('always'); warnings.showwarning = lambda *given: print(given)",
}


@pytest.mark.parametrize("prepare", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("level", ["lines", "switches"])
def test_reading_the_source_gives_no_warning_to_filters_and_hooks_of_the_programs(
    bench: Workbench, level: str, prepare: str
) -> None:
    script = bench.script(WARNED_OF.format(prepare=prepare))
    plain = bench.plain(script, PYTHONWARNINGS="ignore")
    watched = bench.watched(bench.new_record(), script, level=level, PYTHONWARNINGS="ignore")
    assert plain.status == 0
    assert watched.masked().but_for_the_reference() == plain.masked().but_for_the_reference()


def test_a_wait_of_a_site_where_the_object_changes_is_told_of_each(record: Recorder) -> None:
    source = """
        import gevent
        from gevent.event import AsyncResult
        from gevent.queue import Queue
        def set_all():
            for one in sources:
                gevent.sleep(0.001)
                one.put(1) if isinstance(one, Queue) else one.set(1)
        sources = [Queue(), AsyncResult(), Queue()]
        gevent.spawn(set_all)
        for source in sources:
            source.get()
    """
    for level, expected in {
        "lines": ["for an item from source", "for result source", "for an item from source"],
        "switches": ["for a value from source"] * 3,
    }.items():
        recording = record(source, level=level)
        words = WaitWords(recording)
        told = [
            words.clause(step.wait, step.step)
            for step in recording
            if isinstance(step, Switch) and step.how is How.WAIT and step.origin == 1
        ]
        assert told == expected


SEVERAL = """
    import gevent
    from gevent import wait, joinall
    def work(): gevent.sleep(0.001)
    def spawn(): return [gevent.spawn(work), gevent.spawn(work)]
    d = spawn()
    for one in gevent.iwait(objects=d, timeout=7): pass
    e = spawn()
    gevent.wait(objects=e, timeout=7)
    f = spawn()
    wait(f, timeout=7)
    g = spawn()
    joinall(greenlets=g, timeout=7)
    gevent.spawn_later(0.01, work)
    gevent.wait(timeout=7)
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_wait_for_several_things_has_its_seconds(record: Recorder, level: str) -> None:
    recording = record(SEVERAL, level=level)
    waits = [
        one.wait
        for one in recording
        if isinstance(one, Switch) and one.how is How.WAIT and one.origin == 1
    ]
    assert waits
    assert [one.seconds if one else None for one in waits] == [7.0] * len(waits)
    kinds = {one.kind for one in waits if one}
    assert kinds == {WaitKind.ANY, WaitKind.ALL, WaitKind.REST}


REBOUND = """
    import gevent
    limit = 7
    def work(seconds):
        global limit
        gevent.sleep(seconds)
        limit = 9
    def spawn(): return [gevent.spawn(work, 0.001), gevent.spawn(work, 0.01)]
    a = spawn()
    gevent.joinall(a, timeout=limit)
    limit = 7
    b = spawn()
    for one in gevent.iwait(b, timeout=limit): limit = 8
    c = spawn()
    for one in gevent.iwait(c, timeout=6): pass
"""


def test_the_seconds_of_a_wait_are_those_with_which_it_was_called(record: Recorder) -> None:
    recording = record(REBOUND)
    told = [
        (one.place.line, one.wait.seconds)
        for one in recording
        if isinstance(one, Switch) and one.origin == 1 and one.wait and one.place
    ]
    lines = {line for line, _ in told}
    assert len(told) > len(lines) == 3
    seconds = dict(zip(sorted(lines), (7.0, None, 6.0), strict=True))
    assert told == [(line, seconds[line]) for line, _ in told]


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_an_acquire_that_must_not_wait_only_gives_way_to_others(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        from gevent import monkey; monkey.patch_all()
        import gevent, threading
        lock = threading.Lock()
        def hold():
            with lock: gevent.sleep(0.05)
        held = gevent.spawn(hold)
        gevent.sleep(0)
        lock.acquire(blocking=False)
        lock.acquire(False)
        """,
        level=level,
    )
    kinds = [
        one.wait.kind
        for one in recording
        if isinstance(one, Switch) and one.wait and one.place and one.place.line in (8, 9)
    ]
    assert set(kinds) <= {WaitKind.SLEEP}


ACQUIRES = """
    from gevent import monkey; monkey.patch_all()
    import gevent, threading
    lock = threading.Lock()
    def hold():
        with lock: gevent.sleep(0.01)
    def acquire(flag):
        lock.acquire(flag)
    for flag in {flags}:
        held = gevent.spawn(hold)
        gevent.sleep(0)
        acquire(flag)
        if flag: lock.release()
        held.join()
"""


@pytest.mark.parametrize("flags", [(False, True), (True, False)])
def test_without_lines_it_is_not_said_whether_an_acquire_waits_that_may_or_may_not(
    record: Recorder, flags: tuple[bool, bool]
) -> None:
    recording = record(ACQUIRES.format(flags=flags), level="switches")
    waits = [
        one.wait.kind
        for one in recording
        if isinstance(one, Switch) and one.wait and one.place and one.place.line == 7
    ]
    assert len(waits) >= 2
    assert set(waits) == {WaitKind.CALL}


def test_a_wait_of_the_hub_or_of_another_library_is_told_as_a_call(record: Recorder) -> None:
    recording = record("""
        from gevent import monkey; monkey.patch_all()
        import concurrent.futures, gevent
        hub = gevent.get_hub()
        hub.wait(hub.loop.timer(0.001))
        with concurrent.futures.ThreadPoolExecutor() as pool:
            concurrent.futures.wait([pool.submit(gevent.sleep, 0.01)])
    """)
    waits = [one.wait for one in recording if isinstance(one, Switch) and one.place and one.wait]
    assert waits[0].kind is WaitKind.CALL
    assert WaitKind.ALL not in {one.kind for one in waits}
