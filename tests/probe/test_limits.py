"""The limits: many lines, no room, a kill, signals, processes that the program forks."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys

import pytest

from coroplay.trace import Line, Output, Recording, Switch, is_growing
from tests.probe.conftest import Recorder
from tests.support.accelerators import expect_failure, is_traced_in_python
from tests.support.programs import LIMIT_S, Workbench, environment, probe_command
from tests.support.steps import Teller, outputs

PING_PONG = """
    import os, sys
    from greenlet import greenlet, getcurrent
    def pong():
        while True: getcurrent().parent.switch()
    other = greenlet(pong)
    def ping(n):
        for _ in range(n): other.switch()
"""


def test_past_the_budget_it_goes_on_with_switches(record: Recorder) -> None:
    recording = record(
        """
        def gen(n):
            for i in range(n):
                yield i
        total = 0
        for i in gen(200):
            total += i
        print(total)
        """,
        options=("--budget", "100"),
    )
    assert sum(isinstance(step, Line) for step in recording) == 100
    until = recording.notes.lines_until
    assert until is not None
    assert isinstance(recording[until - 1], Line)
    assert not any(isinstance(step, Line) for step in recording.steps(until))
    switches = Teller(recording).switches()
    assert len(switches) == 402
    assert switches[-3:] == [
        "gen(200) yield 199 to main",
        "main next to gen(200)",
        "gen(200) return to main",
    ]
    assert [one.text for one in outputs(recording)] == ["19900\n"]
    assert recording.notes.silent_at is None


def test_past_the_budget_no_thread_is_traced_any_more(record: Recorder) -> None:
    recording = record(
        """
        import sys, threading
        from coroplay.probe.base.originals import get_trace
        others, over = threading.Barrier(3), threading.Barrier(3)
        def work():
            others.wait()
            over.wait()
            for n in range(3):
                n += 1
            def told():
                frame = sys._getframe().f_back
                print(get_trace(), sys.gettrace(), frame.f_trace, frame.f_trace_lines)
            told()
        threads = [threading.Thread(target=work) for _ in range(2)]
        for one in threads:
            one.start()
        others.wait()
        for n in range(200):
            n += 1
        over.wait()
        for one in threads:
            one.join()
        print(get_trace(), sys.gettrace(), sys._getframe().f_trace)
        """,
        options=("--budget", "100"),
    )
    lines = "".join(one.text for one in outputs(recording)).splitlines()
    assert lines == ["None None None True"] * 2 + ["None None None"]
    assert recording.notes.lines_until is not None


def test_within_the_budget_there_is_nothing_to_say(record: Recorder) -> None:
    notes = record("x = 1\n").notes
    assert (notes.lines_until, notes.silent_at, notes.silent_why) == (None, None, "")


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_kill_loses_no_step(record: Recorder, level: str) -> None:
    recording = record(
        PING_PONG + "    ping(3000); print('last'); os.kill(os.getpid(), 9)\n",
        level=level,
        status=-9,
    )
    assert sum(isinstance(step, Switch) for step in recording) == 6000
    written = [step for step in recording if isinstance(step, Output)]
    assert [one.text for one in written] == ["last\n"]
    assert len(recording) - written[0].step == (2 if level == "lines" else 1) or level == "lines"
    assert recording.ending is None
    assert not recording.growing
    assert recording.state(len(recording) - 1).running == [1]


def test_a_kill_from_outside_leaves_a_recording_that_reads(bench: Workbench) -> None:
    record = bench.new_record()
    script = bench.script(
        PING_PONG
        + """
    print("ready", flush=True)
    ping(10 ** 9)
    """
    )
    command = probe_command(record, [script], ["--level", "switches"])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=bench.folder, env=environment()
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        with Recording(record) as recording:
            while recording.refresh() < 2000:
                assert is_growing(record)
            child.kill()
            child.wait()
            assert not is_growing(record)
            count = recording.refresh()
            assert sum(isinstance(step, Switch) for step in recording.steps(count - 500)) == 500
            assert len(recording.state(count - 1).running) == 1


def run_with_limit(bench: Workbench, limit: int, level: str, script: str) -> tuple[int, bytes]:
    record = bench.new_record()
    done = subprocess.run(
        probe_command(record, [script], ["--level", level]),
        capture_output=True,
        cwd=bench.folder,
        env=environment(),
        timeout=LIMIT_S,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.stderr == b""
    return done.returncode, done.stdout


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_without_room_for_more_the_program_goes_on_unrecorded(bench: Workbench, level: str) -> None:
    script = bench.script(PING_PONG + "    ping(20000); print('done'); sys.exit(6)\n")
    assert run_with_limit(bench, 400_000, level, script) == (6, b"done\n")
    with Recording(bench.folder / "recording1") as recording:
        notes = recording.notes
        assert notes.silent_why == "File too large"
        assert notes.silent_at == len(recording)
        assert len(recording) > 10_000
        assert recording.state(len(recording) - 1).running != []


def test_without_room_at_all_the_program_runs(bench: Workbench) -> None:
    script = bench.script("print('done')\n")
    assert run_with_limit(bench, 10_000, "lines", script) == (0, b"done\n")


def test_processes_it_forks_leave_the_recording_alone(record: Recorder) -> None:
    recording = record("""
        import os, subprocess, sys
        from greenlet import greenlet
        def f(): print("in a greenlet", flush=True)
        pid = os.fork()
        if pid == 0:
            greenlet(f).switch(); print("child", flush=True); sys.exit(0)
        os.waitpid(pid, 0)
        subprocess.run([sys.executable, "-c", "print(1)"])
        print("parent")
    """)
    assert [one.text for one in outputs(recording)] == ["parent\n"]
    assert len(recording.coroutines) == 1
    assert recording.notes.silent_at is None


def test_a_signal_ends_it_and_the_recording_reads(record: Recorder) -> None:
    source = "import os, signal\nx = 1\nos.kill(os.getpid(), signal.SIGTERM)\n"
    recording = record(source, status=-signal.SIGTERM)
    last = recording[-1]
    assert isinstance(last, Line)
    assert last.place is not None
    assert last.place.line == 3


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("import os; os.abort()", -signal.SIGABRT),
        ("import os; os._exit(77)", 77),
        ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", -signal.SIGINT),
    ],
)
def test_exit_statuses_are_kept(record: Recorder, source: str, status: int) -> None:
    assert len(record(source + "\n", status=status)) > 1


RAISING = """
    import signal
    class Late(Exception): pass
    def handler(number, frame): raise Late
    signal.signal(signal.SIGALRM, handler)
    def work():
        n = 0
        while True: n += 1
    seen = 0
    while seen < 300:
        try: signal.setitimer(signal.ITIMER_REAL, 0.001); work()
        except Late: seen += 1
    def after():
        x = "after"
        return x
    after()
"""


def test_exceptions_of_signal_handlers_leave_the_recording_whole(
    record: Recorder, request: pytest.FixtureRequest, accelerator: str
) -> None:
    expect_failure(
        request,
        is_traced_in_python(accelerator),
        "on 3.11 the interpreter stops tracing when an exception of a signal handler leaves a"
        " trace function in Python, and nothing says so",
    )
    recording = record(RAISING, options=("--budget", "100000000"))
    steps = list(recording)
    assert any(
        change.value == "'after'"
        for step in steps
        if isinstance(step, Line)
        for change in step.changed
    )


RACING = """
    import sys, threading
    sys.setswitchinterval(1e-6)
    def gen(n):
        for i in range(n): yield i
    def work(n):
        for _ in range(60):
            for i in gen(8): pass
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
"""


def test_threads_at_once_leave_spawns_at_their_steps(record: Recorder) -> None:
    recording = record(RACING)
    for one in recording.coroutines:
        spawn = recording[one.spawned]
        assert spawn.coroutine == one.id


def test_threads_at_once_lose_no_step(record: Recorder) -> None:
    recording = record(RACING)
    assert recording.notes.silent_why == ""
    switches = [step for step in recording if isinstance(step, Switch)]
    assert len(switches) == 4 * 60 * (9 * 2)


if sys.platform == "linux":

    def test_nothing_of_a_recording_is_for_others(bench: Workbench) -> None:
        with bench.record(bench.script("x = 1\n")) as recording:
            modes = {
                path.name: path.stat().st_mode & 0o077
                for path in recording.path.iterdir()
                if path.name != "meta.json"
            }
        assert set(modes.values()) == {0}
