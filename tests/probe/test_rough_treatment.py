"""Programs that treat rough what the probe relies on: streams, descriptors, tools, tracing."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from coroplay.trace import Finish, Recording, Spawn
from tests.probe.conftest import Recorder
from tests.support.programs import Result, Workbench
from tests.support.steps import outputs


def texts(recording: Recording) -> list[str]:
    return [step.text for step in outputs(recording)]


STREAMS = """
    import io, sys, threading
    other = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    kind = type(sys.stdout)
    print(kind.write(other, "x"), kind(io.BytesIO(), encoding="utf-8").write("xy"))
    raw = type(sys.stdout.buffer)(io.BytesIO())
    print(raw.write(b"xyz"), type(sys.stdout.buffer).write(raw, b"x"))
    class Bytes(bytes):
        def __bytes__(self): raise ValueError("not asked for")
    print(sys.stdout.buffer.write(Bytes(b"")))
    print(sys.stdout.write.__name__, threading.Thread(target=sys.stdout.write).name)
    for wrong in ((), ("a", "b"), (None,), (b"a",)):
        try: sys.stdout.write(*wrong)
        except TypeError as error: print(str(error).replace("_io.", ""))
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_the_methods_of_a_stream_work_for_streams_of_the_programs_own(
    bench: Workbench, level: str, accelerator: str
) -> None:
    script = bench.script(STREAMS)
    plain, watched = bench.plain(script), bench.watched(bench.new_record(), script, level=level)
    if accelerator == "python":
        # There the method is a function, which words a wrong call in its own way.
        plain, watched = (
            Result(one.status, b"".join(one.stdout.splitlines(keepends=True)[:4]), one.stderr)
            for one in (plain, watched)
        )
    assert watched == plain


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /dev/full")
def test_output_after_a_write_that_failed_is_recorded_once(record: Recorder) -> None:
    recording = record("""
        import os, sys
        keep = os.dup(1); os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        try: sys.stdout.write("x" * 300_000); sys.stdout.flush()
        except OSError: pass
        os.dup2(keep, 1)
        for i in range(3): print("tail", i)
    """)
    assert [text for text in texts(recording) if text.startswith("tail")] == [
        f"tail {i}\n" for i in range(3)
    ]


def test_output_of_threads_at_once_is_recorded_once(record: Recorder, accelerator: str) -> None:
    if accelerator == "python":
        pytest.skip(
            "there another thread may come in between a text's announcement and its writing"
        )
    recording = record(
        """
        import sys, threading
        sys.setswitchinterval(1e-6)
        def body(name):
            for i in range(400): sys.stdout.write(f"{name}{i}\\n")
        threads = [threading.Thread(target=body, args=(name,)) for name in "ab"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        for i in range(3): print("tail", i)
    """,
        options=("--line-buffered",),
    )
    written = sorted(f"{name}{i}\n" for name in "ab" for i in range(400))
    lines = "".join(texts(recording)).splitlines(keepends=True)
    assert sorted(lines) == sorted([*written, *(f"tail {i}\n" for i in range(3))])


def test_a_large_output_does_not_end_in_a_file_of_the_programs_own(bench: Workbench) -> None:
    script = bench.script("""
        import os, resource, sys
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
        os.closerange(3, 1024)
        own = [os.open(f"own{n}", os.O_RDWR | os.O_CREAT) for n in range(40)]
        sys.stdout.write("A" * 600_000); sys.stdout.flush()
        print({os.fstat(fd).st_size for fd in own}, file=sys.stderr)
    """)
    command = ["/bin/sh", "-c", 'ulimit -n 256; exec "$0" "$@"', sys.executable]
    assert bench.plain(script).stderr == b"{0}\n"
    watched = bench.watched(bench.new_record(), script, command=command)
    assert (watched.status, watched.stderr) == (0, b"{0}\n")


def test_a_program_runs_where_few_descriptors_are_allowed(bench: Workbench) -> None:
    script = bench.script("print('as usual')\n")
    for most in (64, 256):
        limited = ["/bin/sh", "-c", f'ulimit -n {most}; exec "$0" "$@"', sys.executable]
        watched = bench.watched(bench.new_record(), script, command=limited)
        assert watched == Result(0, b"as usual\n", b"")


if sys.version_info >= (3, 12):

    @pytest.mark.parametrize("level", ["lines", "switches"])
    def test_a_program_that_frees_the_probes_tool_is_left_alone(
        bench: Workbench, level: str
    ) -> None:
        script = bench.script("""
            import sys
            for tool in range(6):
                if sys.monitoring.get_tool(tool): sys.monitoring.free_tool_id(tool)
            def work(): return sum(n for n in range(3))
            print(work())
        """)
        record = bench.new_record()
        assert bench.watched(record, script, level=level) == Result(0, b"3\n", b"")
        with Recording(record) as recording:
            assert not recording.growing


HIDDEN_ENDS = """
    import ctypes
    api = ctypes.pythonapi
    api.PyThreadState_Get.restype = ctypes.c_void_p
    enter, leave = api.PyThreadState_EnterTracing, api.PyThreadState_LeaveTracing
    enter.argtypes = leave.argtypes = [ctypes.c_void_p]
    me = api.PyThreadState_Get()
    many = [f"v{n}" for n in range(30)]
    space = dict(globals())
    for n in range(4, 31):
        exec(compile(f"def many{n}(x):\\n" + "".join(f"    v{k} = x\\n" for k in range(n))
                     + "    enter(me)\\n    return x\\n", __file__, "exec"), space)
    exec(compile("def few(x):\\n    x is None or leave(me)\\n    y = 1\\n    z = len((" + "x, " * 29
                 + "))\\n    return z\\n", __file__, "exec"), space)
    space["few"](None)
    for i in range(200):
        for n in range(4, 31): space[f"many{n}"](i); space["few"](i)
    print("to the end")
"""
"""A hook that is hidden while it runs may switch greenlets: then starts and ends are not seen."""


def test_frames_whose_ends_are_not_seen_are_not_taken_for_others(bench: Workbench) -> None:
    script = bench.script(HIDDEN_ENDS)
    assert bench.watched(bench.new_record(), script) == Result(0, b"to the end\n", b"")


TICKING = """
    import greenlet, signal, time
    main = greenlet.getcurrent()
    def turn():
        while True: main.switch()
    other = greenlet.greenlet(turn)
    def count(n):
        for i in range(n): yield i
    def tick(*_):
        for _ in count(3): pass
    signal.signal(signal.SIGALRM, tick); signal.setitimer(signal.ITIMER_REAL, 0.0002, 0.0002)
    end = time.time() + 1.5
    while time.time() < end:
        for _ in range(200): other.switch()
    signal.setitimer(signal.ITIMER_REAL, 0)
    print("last")
"""


def test_steps_of_a_signal_handler_that_cuts_into_the_probe_stay(record: Recorder) -> None:
    recording = record(TICKING, level="switches")
    assert recording.notes.silent_why == ""
    assert texts(recording) == ["last\n"]
    assert isinstance(recording[len(recording) - 1], Finish)
    kinds = Counter(type(step) for step in recording)
    assert kinds[Spawn] == len(recording.coroutines) > 1
