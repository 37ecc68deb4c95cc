"""A child kept warm: programs are started out of it, and see nothing of that."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from coroplay.host.child import Child
from coroplay.host.control import Control, Paused, Ready
from coroplay.host.launch import MARK, Launch, Level, Script
from coroplay.host.process import APP
from coroplay.host.warm import Warm
from coroplay.trace import Line, Recording
from coroplay.trace.ending import Ending, EndingKind
from tests.unit.host.conftest import ScriptMaker

SEEN = """
    import json, os, sys, threading
    print(json.dumps({
        "modules": sorted(sys.modules),
        "argv": sys.argv,
        "path": sys.path,
        "environment": {k: v for k, v in os.environ.items() if k != "MARK"},
        "directory": os.getcwd(),
        "main": sorted(vars(sys.modules["__main__"])),
        "files": sorted(os.listdir("/dev/fd")),
        "threads": [one.name for one in threading.enumerate()],
        "flags": str(sys.flags),
        "session": os.getsid(0) == os.getpid(),
        "streams": [sys.stdin.encoding, sys.stdout.encoding, sys.stderr.errors],
    }))
""".replace("MARK", MARK)


@pytest.fixture
def warm() -> Iterator[Warm]:
    made = Warm()
    yield made
    made.close()


def launch(tmp_path: Path, path: str, *arguments: str, paused: bool = False) -> Launch:
    record = tmp_path / f"record-{len(list(tmp_path.iterdir()))}"
    record.mkdir()
    return Launch(Script(path), arguments, Level.LINES, record, control=True, paused=paused)


def said(child: Child) -> bytes:
    assert child.stdout is not None
    assert child.stderr is not None
    text, errors = child.stdout.read(), child.stderr.read()
    assert errors == b""
    child.finish()
    return text


def test_a_program_out_of_the_waiting_child_sees_what_any_other_sees(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    path = script(SEEN)
    cold = json.loads(said(Child.start(launch(tmp_path, path, "a", "b c"), APP)))
    warm.prepare()
    assert json.loads(said(warm.start(launch(tmp_path, path, "a", "b c")))) == cold


def test_a_program_runs_in_the_child_that_waited(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    warm.prepare()
    waiting = warm.pid
    child = warm.start(launch(tmp_path, script("print('out of it')")))
    assert child.pid == waiting
    assert said(child) == b"out of it\n"
    assert child.ending is not None
    assert replace(child.ending, elapsed_ns=None) == Ending(EndingKind.EXIT, 0)
    assert warm.pid is None


def test_a_program_in_the_waiting_child_is_recorded_and_steered(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    warm.prepare()
    one = launch(tmp_path, script("print('stepped')"), paused=True)
    child = warm.start(one)
    control = child.control
    assert isinstance(control, Control)
    heard = control.wait()
    while not any(isinstance(report, Paused) for report in heard):
        heard += control.wait()
    assert heard[0] == Ready(child.pid)
    control.run()
    assert said(child) == b"stepped\n"
    assert one.record is not None
    with Recording(one.record) as recording:
        places = [step.place for step in recording if isinstance(step, Line)]
    assert [place and place.line for place in places] == [1]


def test_without_a_waiting_child_a_program_starts_all_the_same(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    assert said(warm.start(launch(tmp_path, script("print('cold')")))) == b"cold\n"


def test_a_waiting_child_that_has_died_is_not_missed(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    warm.prepare()
    assert warm.pid is not None
    os.kill(warm.pid, signal.SIGKILL)
    os.waitid(os.P_PID, warm.pid, os.WEXITED | os.WNOWAIT)
    assert said(warm.start(launch(tmp_path, script("print('another')")))) == b"another\n"


def test_a_command_line_too_long_to_be_sent_starts_a_program_all_the_same(
    warm: Warm, script: ScriptMaker, tmp_path: Path
) -> None:
    warm.prepare()
    long = "x" * 100_000
    path = script("import sys; print(len(sys.argv[1]))")
    assert said(warm.start(launch(tmp_path, path, long))) == b"100000\n"


def test_closing_ends_the_waiting_child_and_its_guardian(warm: Warm) -> None:
    warm.prepare()
    assert warm.pid is not None
    mine = [p for p in psutil.Process().children() if p.is_running()]
    assert warm.pid in [process.pid for process in mine]
    warm.close()
    assert not any(process.is_running() for process in mine)


HOST = """
    from coroplay.host.warm import Warm
    warm = Warm()
    warm.prepare()
    print(warm.pid, flush=True)
    import signal
    signal.pause()
"""


def test_the_waiting_child_ends_when_its_host_is_killed(script: ScriptMaker) -> None:
    with subprocess.Popen([sys.executable, script(HOST)], stdout=subprocess.PIPE) as host:
        assert host.stdout is not None
        waiting = psutil.Process(int(host.stdout.readline()))
        host.kill()
    waiting.wait(30)
