"""The ends of coroutines, coroutines on threads, and the authors of output."""

from __future__ import annotations

import sys
import textwrap

import pytest

from coroplay.trace import CoroutineKind, Finish, HowEnded, Line, Status
from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import Teller, at, find, names, outputs


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_values_and_exceptions_are_kept_even_where_nobody_looks(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import gevent
        gevent.get_hub().NOT_ERROR = (Exception,)
        def good(): return {"a": 1}
        def bad(): raise KeyError("k", 2)
        def none(): pass
        gevent.spawn(good); gevent.spawn(bad); gevent.spawn(none)
        gevent.sleep(0)
        """,
        level=level,
    )
    assert Teller(recording).finishes()[:3] == [
        "good returned {'a': 1}",
        "bad failed KeyError('k', 2)",
        "none returned None",
    ]
    state = recording.state(len(recording) - 1)
    bad = state.of(find(recording, "bad"))
    assert (bad.status, bad.outcome) == (Status.FAILED, "KeyError('k', 2)")
    good = state.of(find(recording, "good"))
    assert (good.status, good.outcome) == (Status.FINISHED, "{'a': 1}")


MAIN_ENDS = {
    "x = 1": (0, None, None),
    "raise ValueError('v')": (1, None, "ValueError('v')"),
    "import sys; sys.exit()": (0, "SystemExit()", None),
    "import sys; sys.exit(3)": (3, "SystemExit(3)", None),
    "import sys; sys.exit('text')": (1, "SystemExit('text')", None),
    "raise KeyboardInterrupt": (-2, None, "KeyboardInterrupt()"),
    "def f(:": (1, None, None),
}


@pytest.mark.parametrize("program", [one for one in MAIN_ENDS if one != "def f(:"])
def test_the_end_of_the_program_is_the_end_of_main(record: Recorder, program: str) -> None:
    status, value, exception = MAIN_ENDS[program]
    last = list(record(program + "\n", status=status))[-1]
    assert isinstance(last, Finish)
    assert last.coroutine == 1
    assert last.exception == exception
    assert last.value == value


def test_a_syntax_error_is_the_end_of_main(record: Recorder) -> None:
    recording = record("def f(:\n", status=1)
    last = recording[-1]
    assert isinstance(last, Finish)
    assert (last.exception or "").startswith("SyntaxError(")
    assert not any(isinstance(step, Line) for step in recording)


def test_who_did_not_finish_still_stands_at_the_end(record: Recorder) -> None:
    recording = record("""
        from greenlet import greenlet, getcurrent
        def f(): getcurrent().parent.switch()
        g = greenlet(f); g.switch()
        import os; os._exit(0)
    """)
    state = recording.state(len(recording) - 1)
    assert state.of(find(recording, "f")).status is Status.SUSPENDED
    assert state.running == [1]


THREADS = """
    import threading
    from greenlet import greenlet
    def work(n):
        def inner(): return n
        g = greenlet(inner)
        got = g.switch()
        print("worker", got)
    t = threading.Thread(target=work, args=(7,), name="worker"); t.start(); t.join()
    print("main")
"""


@pytest.mark.xfail(
    sys.version_info < (3, 12), strict=True, reason="without lines, no function is looked at"
)
@pytest.mark.parametrize(
    ("level", "options"),
    [("switches", ()), ("lines", ("--budget", "20"))],
    ids=["without lines", "past the lines"],
)
def test_a_function_that_was_called_before_still_names_its_greenlet_and_ends_it(
    record: Recorder, level: str, options: tuple[str, ...]
) -> None:
    recording = record(
        """
        from greenlet import greenlet
        def work(n, deeper=True):
            print(n)
            if deeper: work(n + 1, False)
            return -n
        def often():
            for n in range(1000): abs_of(n)
        def abs_of(n): return abs(n)
        work(10)
        often(); greenlet(work).switch(20)
        often(); greenlet(often).switch(); greenlet(abs_of).switch(-5)
        often(); greenlet(work).switch(30)
        """,
        level=level,
        options=options,
    )
    assert names(recording) == ["main", "work", "often", "abs_of", "work"]
    assert Teller(recording).finishes()[:-1] == [
        "work returned -20",
        "often returned None",
        "abs_of returned 5",
        "work returned -30",
    ]
    tell = Teller(recording)
    wrote = [(tell.name(one.coroutine), one.text) for one in outputs(recording)]
    assert wrote == [
        *(("main", "10\n"), ("main", "11\n"), ("work", "20\n"), ("work", "21\n")),
        *(("work", "30\n"), ("work", "31\n")),
    ]


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_thread_is_a_coroutine_of_its_own(record: Recorder, level: str) -> None:
    recording = record(THREADS, level=level)
    worker = find(recording, "worker")
    assert recording.coroutine(worker).kind is CoroutineKind.THREAD
    assert "worker start to inner" in Teller(recording).switches() or level == "switches"
    assert [(recording.coroutine(one.coroutine).name, one.text) for one in outputs(recording)] == [
        ("worker", "worker 7\n"),
        ("main", "main\n"),
    ]
    if level == "lines":
        assert Teller(recording).lines("worker") == [4, 5, 6, 7]


def test_a_thread_and_main_run_at_once(record: Recorder) -> None:
    recording = record("""
        import threading
        def work():
            go.wait()
            x = 1
        go = threading.Event()
        t = threading.Thread(target=work, name="worker"); t.start()
        while "worker" not in (names := [t.name for t in threading.enumerate()]): pass
        go.set(); t.join()
    """)
    worker = find(recording, "worker")
    last = max(
        step.step
        for step in recording
        if step.coroutine == worker and step.place is not None and not isinstance(step, Finish)
    )
    assert recording.state(last).running == [1, worker]


def test_threads_one_after_the_other_are_told_apart(record: Recorder) -> None:
    recording = record("""
        import threading
        def work(n):
            x = n
        for name in ("one", "two", "three"):
            t = threading.Thread(target=work, args=(name,), name=name); t.start(); t.join()
    """)
    assert names(recording) == ["main", "one", "two", "three"]


def test_a_thread_that_is_over_has_finished(record: Recorder) -> None:
    recording = record(THREADS)
    state = recording.state(len(recording) - 1)
    assert state.of(find(recording, "worker")).status is Status.FINISHED


def test_output_belongs_to_the_coroutine_that_wrote_it_in_order(record: Recorder) -> None:
    recording = record("""
        import gevent, sys
        def say(name, n):
            for i in range(n):
                print(name, i)
                gevent.sleep(0)
        def gen():
            print("in gen")
            yield 1
            sys.stderr.write("warn\\n")
        for _ in gen(): sys.stdout.buffer.write(b"raw\\xff\\n")
        gevent.joinall([gevent.spawn(say, "a", 2), gevent.spawn(say, "b", 1)])
        sys.stdout.write("no newline"); sys.stdout.write(" yet\\n")
        print("é中", end="")
    """)
    told = [
        (recording.coroutine(one.coroutine).name, one.stream, one.data)
        for one in outputs(recording)
    ]
    assert told == [
        ("gen", "stdout", b"in gen\n"),
        ("main", "stdout", b"raw\xff\n"),
        ("gen", "stderr", b"warn\n"),
        ("say('a', 2)", "stdout", b"a 0\n"),
        ("say('b', 1)", "stdout", b"b 0\n"),
        ("say('a', 2)", "stdout", b"a 1\n"),
        ("main", "stdout", b"no newline yet\n"),
        ("main", "stdout", "é中".encode()),
    ]
    first = outputs(recording)[0]
    assert at(first.place) == ("program.py", 7)
    assert outputs(recording)[1].text == "raw\ufffd\n"


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_all_bytes_of_a_stream_are_there_however_they_were_written(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import sys
        out = sys.stdout
        for n in range(300):
            out.write("x" * n); out.buffer.write(b"y" * n); out.buffer.write(memoryview(b"m" * n))
            if n % 50 == 0: out.flush()
        out.writelines(["one", "two"]); out.write("z" * 3_000_000)
        """,
        level=level,
    )
    written = b"".join(one.data for one in outputs(recording))
    expected = sum(3 * n for n in range(300)) + 6 + 3_000_000
    assert len(written) == expected
    assert written.count(b"z") == 3_000_000
    assert written.count(b"x") == written.count(b"y") == written.count(b"m")


def test_unbuffered_output_is_seen(record: Recorder) -> None:
    recording = record("print('one')\nprint('two')\n", PYTHONUNBUFFERED="1")
    assert [one.data for one in outputs(recording)] == [b"one\n", b"two\n"]


def test_unbuffered_bytes_are_seen(record: Recorder) -> None:
    recording = record("import sys; sys.stdout.buffer.write(b'x')\n", PYTHONUNBUFFERED="1")
    assert [one.data for one in outputs(recording)] == [b"x"]


@pytest.mark.parametrize(
    "settings", ['encoding="utf-16"', 'encoding="utf-8-sig"', 'newline="\\r\\n"', 'encoding="gbk"']
)
def test_output_holds_the_bytes_that_a_stream_makes_of_a_text(
    bench: Workbench, settings: str
) -> None:
    script = bench.script(f"""
        import sys
        print("before")
        sys.stdout.reconfigure({settings})
        print("a", 1); print("é"); print("b")
    """)
    with bench.record(script, PYTHONIOENCODING="utf-8") as recording:
        written = b"".join(one.data for one in outputs(recording))
        assert written == bench.plain(script, PYTHONIOENCODING="utf-8").stdout


def test_pieces_of_a_line_belong_to_those_who_wrote_them(record: Recorder) -> None:
    recording = record("""
        import sys, greenlet
        def other():
            while True:
                print("b", 2, end=""); main.switch()
        main = greenlet.getcurrent(); g = greenlet.greenlet(other)
        for _ in range(2):
            print("a", 1, end=""); g.switch()
        sys.stderr.write("no line"); print(); sys.stderr.write(" of its own\\n")
        print("x" * 1_500_000, end=""); print("y")
    """)
    told = [
        (recording.coroutine(one.coroutine).name, one.data[:12], len(one.data))
        for one in outputs(recording)
    ]
    assert told == [
        ("main", b"a 1", 3),
        ("other", b"b 2", 3),
        ("main", b"a 1", 3),
        ("other", b"b 2", 3),
        ("main", b"no line", 7),
        ("main", b"\n", 1),
        ("main", b" of its own\n", 12),
        ("main", b"x" * 12, 1 << 20),
        ("main", b"x" * 12, 1_500_000 - (1 << 20)),
        ("main", b"y\n", 2),
    ]


def test_output_without_a_line_of_source_is_seen(record: Recorder) -> None:
    recording = record("""
        import sys, threading
        print("first")
        thread = threading.Thread(target=sys.stdout.write, args=("second\\n",))
        thread.start(); thread.join()
        print("last")
    """)
    assert [(one.data, one.place is None) for one in outputs(recording)] == [
        (b"first\n", False),
        (b"second\n", True),
        (b"last\n", False),
    ]


THREADS_THAT_FAIL = """
    import _thread, sys, threading
    def fails(n): raise OSError(n)
    def leaves(): sys.exit(3)
    def ends(): return 5
    class Careful(threading.Thread):
        def run(self):
            try: super().run()
            except OSError: pass
    def go(thread): thread.start(); thread.join()
    threading.excepthook = print
    go(threading.Thread(target=fails, args=(1,), name="failing"))
    go(threading.Thread(target=leaves, name="leaving"))
    go(threading.Thread(target=ends, name="ending"))
    go(Careful(target=fails, args=(2,), name="careful"))
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
@pytest.mark.parametrize("patched", ["", "from gevent import monkey; monkey.patch_all()"])
def test_a_thread_ends_as_its_own_function_does(record: Recorder, level: str, patched: str) -> None:
    recording = record(f"    {patched}{THREADS_THAT_FAIL}", level=level)
    known = {one.id: one.name for one in recording.coroutines}
    found = {
        known[one.coroutine]: (one.how, one.exception)
        for one in recording
        if isinstance(one, Finish) and known[one.coroutine] != "main"
    }
    sees = sees_failures(level)
    fine = (HowEnded.RETURNED if sees else HowEnded.UNSEEN, None)
    failed = (HowEnded.FAILED, "OSError(1)") if sees else fine
    left = (HowEnded.QUIT, None) if sees else fine
    # Without lines, a thread that neither prints nor switches is not met.
    expected = {"failing": failed, "leaving": left, "ending": fine, "careful": fine}
    assert found == {name: expected[name] for name in found}
    assert "failing" in found


def test_a_thread_of_the_plain_kind_fails_with_what_leaves_it(record: Recorder) -> None:
    recording = record("""
        import _thread
        def work():
            raise KeyError("plain")
        done = _thread.allocate_lock(); done.acquire()
        import sys; sys.unraisablehook = lambda told: done.release()
        _thread.start_new_thread(work, ()); done.acquire()
        while _thread._count(): pass
    """)
    assert "work failed KeyError('plain')" in Teller(recording).finishes()


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_greenlet_ends_as_what_it_runs_and_not_as_what_that_calls(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(
        """
        import functools, weakref
        from greenlet import greenlet
        def key(n): return -n
        class Made:
            def __init__(self): pass
            def __call__(self): return "called"
        class Thing: pass
        def fails():
            thing = Thing()
            weakref.finalize(thing, key, 1)
            raise KeyError("fails")
        greenlet(functools.partial(sorted, key=key)).switch([1, 2])
        greenlet(Made).switch()
        greenlet(Made()).switch()
        try: greenlet(fails).switch()
        except KeyError: pass
        """,
        level=level,
    )
    found = [(one.how, one.value or one.exception) for one in recording if isinstance(one, Finish)]
    if accelerator == "c":
        unseen = (HowEnded.UNSEEN, None)
        assert found[:2] == [unseen, unseen]
        called = (HowEnded.RETURNED, "'called'")
        assert found[2] == (called if sees_failures(level) else unseen)
    assert found[3] == (HowEnded.FAILED, "KeyError('fails')" if sees_failures(level) else None)


def sees_failures(level: str) -> bool:
    """Without lines, Python 3.11 looks at no function."""
    return level == "lines" or sys.version_info >= (3, 12)


ENDS_IN_A_HELPER = """
    from greenlet import greenlet
    def helper():
        return 1
    class Freed:
        def __del__(self): helper()
    def gen():
        yield 1
        helper()
    def work():
        helper()
    list(gen())
    greenlet(work).switch()
    freed = Freed()
    del freed
"""


def test_an_end_is_at_the_line_of_the_coroutines_own_function(record: Recorder) -> None:
    recording = record(ENDS_IN_A_HELPER)
    places = [one.place.line for one in recording if isinstance(one, Finish) and one.place]
    source = textwrap.dedent(ENDS_IN_A_HELPER).strip().splitlines()
    assert [source[line - 1].strip() for line in places] == ["helper()", "helper()", "del freed"]
    functions = [one.place.function for one in recording if isinstance(one, Finish) and one.place]
    assert functions == ["gen", "work", "<module>"]


ENDS_BELOW_A_LIBRARY = """
    from gevent import monkey
    if PATCHED: monkey.patch_all()
    import functools, threading
    import gevent
    def helper():
        return 1
    def work(_n=0):
        helper()
    def last():
        work()
    thread = threading.Thread(target=work)
    thread.start(); thread.join()
    class Own(threading.Thread):
        def run(self): last()
    own = Own()
    own.start(); own.join()
    gevent.spawn(functools.reduce, lambda a, b: last(), [1, 2]).join()
"""


@pytest.mark.parametrize("patched", [True, False], ids=["patched", "plain"])
def test_an_end_below_a_library_is_at_the_line_of_the_last_own_function_out(
    record: Recorder, patched: bool
) -> None:
    recording = record(ENDS_BELOW_A_LIBRARY.replace("PATCHED", str(patched)))
    ends = [one for one in recording if isinstance(one, Finish) and one.place]
    found = [one.place.function for one in ends if one.place]
    assert found == ["work", "Own.run", "<lambda>", "<module>"]
