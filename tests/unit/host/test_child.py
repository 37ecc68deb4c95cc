"""Real children: how they are started, how they end, and what ends with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from coroplay.host.child import Child, exit_status
from coroplay.host.control import Control, Paused
from coroplay.host.launch import MARK, Launch, Level, Script
from coroplay.host.process import APP, Input, StartError, Streams
from coroplay.trace import Recording
from coroplay.trace.ending import Ending, EndingKind
from tests.unit.host.conftest import Lifeline, ScriptMaker

PIPED = Streams(Input.NOTHING, pipes=True, own_session=False)


_started: list[Child] = []


@pytest.fixture(autouse=True)
def all_ended() -> Iterator[None]:
    """A test that fails leaves no child behind either."""
    yield
    while _started:
        _started.pop().stop(grace=0)


def start(path: str, *arguments: str, streams: Streams = PIPED) -> Child:
    child = Child.start(Launch(Script(path), arguments, level=Level.OFF), streams)
    _started.append(child)
    return child


def read_all(child: Child) -> bytes:
    assert child.stdout is not None
    return child.stdout.read()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_exit_status_is_the_programs_own(script: ScriptMaker) -> None:
    child = start(script("raise SystemExit(7)"))
    assert child.finish() == Ending(EndingKind.EXIT, 7)


def test_a_signal_is_128_more_as_in_a_shell(script: ScriptMaker) -> None:
    child = start(script("import os; os.kill(os.getpid(), 9)"))
    assert child.finish() == Ending(EndingKind.SIGNAL, 137)


@pytest.mark.parametrize(("returncode", "status"), [(0, 0), (3, 3), (-15, 143)])
def test_statuses_are_those_of_a_shell(returncode: int, status: int) -> None:
    assert exit_status(returncode) == status


def test_output_comes_through_pipes_byte_for_byte(script: ScriptMaker) -> None:
    child = start(script(r"import os; os.write(1, b'\xff\x00\n'); os.write(2, b'\xfe')"))
    assert read_all(child) == b"\xff\x00\n"
    assert child.stderr is not None
    assert child.stderr.read() == b"\xfe"
    child.finish()


def test_an_app_writes_to_the_program(script: ScriptMaker) -> None:
    child = start(script("print(input()[::-1])"), streams=APP)
    assert child.stdin is not None
    child.stdin.write(b"abc\n")
    assert read_all(child) == b"cba\n"
    child.finish()


def test_without_input_a_program_sees_its_end_at_once(script: ScriptMaker) -> None:
    child = start(script("import sys; print(sys.stdin.read() == '')"))
    assert read_all(child) == b"True\n"
    child.finish()


def test_a_running_program_has_no_ending_yet(script: ScriptMaker) -> None:
    child = start(script("input()"), streams=APP)
    assert child.poll() is None
    assert child.wait(0) is None
    child.stop()
    assert child.poll() == Ending(EndingKind.STOPPED, 143)


def test_interrupting_does_what_ctrl_c_does(script: ScriptMaker) -> None:
    source = """
        try:
            print("up", flush=True)
            while True:
                pass
        except KeyboardInterrupt:
            print("interrupted")
    """
    child = start(script(source), streams=APP)
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    child.interrupt()
    assert read_all(child) == b"interrupted\n"
    assert child.finish().status == 0


def test_an_own_session_is_apart_from_the_hosts(script: ScriptMaker) -> None:
    path = script("import os; print(os.getsid(0) == os.getpid())")
    apart, beside = start(path, streams=APP), start(path)
    assert (read_all(apart), read_all(beside)) == (b"True\n", b"False\n")
    apart.finish()
    beside.finish()


def test_a_program_that_does_not_listen_is_forced(script: ScriptMaker) -> None:
    source = """
        import signal
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print("up", flush=True)
        signal.pause()
    """
    child = start(script(source))
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    assert child.stop(grace=0.05) == Ending(EndingKind.STOPPED, 137)


GRANDCHILDREN = """
    import os, subprocess, sys
    hold = "import sys, signal; line = open(sys.argv[1], 'w'); line.write('g'); line.flush(); "
    hold += sys.argv[2] + "; signal.pause()"
    command = [sys.executable, "-c", hold, *sys.argv[1:]]
    if sys.argv[3] == "orphan":
        if os.fork() == 0:
            subprocess.Popen(command)
            os._exit(0)
        os.wait()
    else:
        subprocess.Popen(command, start_new_session=sys.argv[3] == "session")
    line = open(sys.argv[1], "w")
    line.write("c")
    line.flush()
    import signal
    signal.pause()
"""
OBEDIENT, DEAF = "pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.mark.parametrize("streams", [PIPED, APP], ids=["shared session", "own session"])
@pytest.mark.parametrize("manner", ["plain", "session", "orphan"])
@pytest.mark.parametrize("temper", [OBEDIENT, DEAF], ids=["obedient", "deaf"])
def test_stopping_ends_everything_the_program_started(
    script: ScriptMaker, lifeline: Lifeline, streams: Streams, manner: str, temper: str
) -> None:
    path = script(GRANDCHILDREN)
    child = start(path, str(lifeline.path), temper, manner, streams=streams)
    assert sorted(lifeline.hear(2)) == sorted(b"cg")
    child.stop(grace=0.2)
    assert lifeline.last_words() == b""


HOST = """
    import sys
    from coroplay.host.child import Child
    from coroplay.host.process import APP, TERMINAL
    from coroplay.host.launch import Launch, Level, Script
    streams = APP if sys.argv[1] == "app" else TERMINAL
    child = Child.start(Launch(Script(sys.argv[2]), tuple(sys.argv[3:]), level=Level.OFF), streams)
    child.finish()
"""


@pytest.mark.parametrize("streams", ["app", "terminal"])
@pytest.mark.parametrize("manner", ["plain", "session", "orphan"])
def test_the_host_being_killed_ends_everything_the_program_started(
    script: ScriptMaker, lifeline: Lifeline, streams: str, manner: str
) -> None:
    program = script(GRANDCHILDREN)
    command = [sys.executable, script(HOST), streams, program, str(lifeline.path), DEAF, manner]
    with subprocess.Popen(command) as host:
        assert sorted(lifeline.hear(2)) == sorted(b"cg")
        host.kill()
    assert lifeline.last_words() == b""


def test_what_a_program_leaves_behind_at_its_own_end_is_its_own_business(
    script: ScriptMaker, lifeline: Lifeline
) -> None:
    source = """
        import subprocess, sys
        hold = "import sys; line = open(sys.argv[1], 'w'); line.write('g'); line.flush(); "
        hold += "input(); line.write('still here')"
        subprocess.Popen([sys.executable, "-c", hold, sys.argv[1]], stderr=subprocess.DEVNULL)
    """
    release, entry = os.pipe()
    streams = Streams(Input.INHERITED, pipes=False, own_session=False)
    saved = os.dup(0)
    os.dup2(release, 0)
    try:
        child = start(script(source), str(lifeline.path), streams=streams)
    finally:
        os.dup2(saved, 0)
    for descriptor in (saved, release):
        os.close(descriptor)
    lifeline.hear(1)
    assert child.finish().status == 0
    os.write(entry, b"\n")
    os.close(entry)
    assert lifeline.last_words() == b"still here"


def test_the_guardian_leaves_when_the_program_has_ended(script: ScriptMaker) -> None:
    child = start(script(""))
    guardian = child.guardian
    assert guardian is not None
    child.finish()
    assert not is_alive(guardian)


def test_the_guardian_holds_none_of_the_hosts_files_and_is_out_of_ctrl_cs_reach(
    script: ScriptMaker,
) -> None:
    child = start(script("input()"), streams=APP)
    guardian = child.guardian
    assert guardian is not None
    assert os.getsid(guardian) == guardian
    if sys.platform == "linux":
        for number in (1, 2):
            assert Path(f"/proc/{guardian}/fd/{number}").readlink() == Path("/dev/null")
    child.stop()


def test_losing_the_guardian_does_no_harm(script: ScriptMaker) -> None:
    child = start(script("print(input())"), streams=APP)
    assert child.guardian is not None
    os.kill(child.guardian, signal.SIGKILL)
    assert child.stdin is not None
    child.stdin.write(b"on\n")
    assert read_all(child) == b"on\n"
    assert child.finish().status == 0


def test_the_ending_is_kept_with_the_recording(tmp_path: Path, script: ScriptMaker) -> None:
    record = tmp_path / "record"
    record.mkdir()
    child = Child.start(Launch(Script(script("raise SystemExit(3)")), record=record), PIPED)
    elapsed = child.finish().elapsed_ns
    assert json.loads((record / "ending.json").read_text()) == {
        "kind": "exit",
        "status": 3,
        "pipe_closed": False,
        "elapsed_ns": elapsed,
    }
    with Recording(record) as recording:
        assert elapsed is not None
        assert 0 <= elapsed - recording.elapsed_ns < 50_000_000


STUCK = """
    import sys, threading
    lock = threading.Lock()
    lock.acquire()
    sys.stdout.write("stuck\\n")
    sys.stdout.flush()
    lock.acquire()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_length_of_a_run_that_hung_is_its_own_and_goes_on_to_its_end(
    tmp_path: Path, script: ScriptMaker, how: signal.Signals
) -> None:
    record = tmp_path / "record"
    record.mkdir()
    child = Child.start(Launch(Script(script(STUCK)), record=record), PIPED)
    assert child.stdout is not None
    assert child.stdout.read(6) == b"stuck\n"
    begun = time.monotonic_ns()
    with Recording(record) as recording:
        lengths = [recording.length_ns]
        while lengths[-1] - lengths[0] < 300_000_000:  # It hangs, and its time goes on.
            lengths.append(recording.length_ns)
        at_least = time.monotonic_ns() - begun
        os.kill(child.pid, how)
        ending = child.finish()
        assert ending.elapsed_ns is not None
        assert ending.elapsed_ns > max(at_least, lengths[-1])
        assert recording.length_ns == ending.elapsed_ns
        assert recording.elapsed_ns < lengths[0]
        assert lengths == sorted(lengths)


@contextmanager
def paused_at_start(record: Path, script: str) -> Iterator[tuple[Child, Control, Recording]]:
    """A child that is paused before its first line, and its recording."""
    record.mkdir()
    child = Child.start(Launch(Script(script), record=record, control=True, paused=True), PIPED)
    control = child.control
    assert control is not None
    while not any(isinstance(report, Paused) for report in control.wait()):
        pass
    with Recording(record) as recording:
        yield child, control, recording


def test_a_pause_is_no_part_of_the_length(tmp_path: Path, script: ScriptMaker) -> None:
    with paused_at_start(tmp_path / "record", script(STUCK)) as (child, control, recording):
        paused_at = recording.length_ns
        begun = time.monotonic_ns()
        while time.monotonic_ns() - begun < 300_000_000:
            assert recording.length_ns == paused_at
        control.run()
        assert child.stdout is not None
        assert child.stdout.read(6) == b"stuck\n"
        gone_on = recording.length_ns
        assert paused_at < gone_on < time.monotonic_ns() - begun
        os.kill(child.pid, signal.SIGKILL)
        ending = child.finish()
    assert ending.elapsed_ns is not None
    assert gone_on < ending.elapsed_ns < time.monotonic_ns() - begun


def test_a_program_that_is_ended_while_paused_is_as_long_as_it_was(
    tmp_path: Path, script: ScriptMaker
) -> None:
    with paused_at_start(tmp_path / "record", script(STUCK)) as (child, _, recording):
        paused_at = recording.length_ns
        os.kill(child.pid, signal.SIGKILL)
        assert child.finish().elapsed_ns == paused_at == recording.length_ns


def test_a_recording_that_went_away_does_not_hide_how_the_program_ended(
    tmp_path: Path, script: ScriptMaker
) -> None:
    record = tmp_path / "record"
    record.mkdir()
    source = "import shutil, sys; shutil.rmtree(sys.argv[1])"
    launch = Launch(Script(script(source)), (str(record),), record=record)
    child = Child.start(launch, PIPED)
    assert child.finish().status == 0
    assert isinstance(child.unkept, FileNotFoundError)


def test_a_folder_that_is_not_there_raises_a_sentence(tmp_path: Path, script: ScriptMaker) -> None:
    launch = Launch(Script(script("")), level=Level.OFF, directory=tmp_path / "gone")
    with pytest.raises(StartError, match="can't be started: No such file or directory"):
        Child.start(launch, PIPED)


def test_children_of_two_runs_carry_different_marks(script: ScriptMaker) -> None:
    path = script(f"import os; print(os.environ['{MARK}'])")
    one, two = start(path), start(path)
    assert read_all(one) != read_all(two)
    one.finish()
    two.finish()
