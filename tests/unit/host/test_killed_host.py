"""The host is killed at any moment of starting a child: nothing of what it started stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.unit.host.conftest import ScriptMaker

NAME = "STARTED_BY_HOST"
PATIENCE = 40.0
STRIDE = 40
FURTHER = 4
"""Moments after those that matter most, and the calls and returns between them."""

HOST = """
    import os, signal, sys
    from pathlib import Path
    from coroplay.host.child import Child
    from coroplay.host.launch import Launch, Level, Script
    from coroplay.host.process import APP, TERMINAL
    manner, program, folder, end = sys.argv[1:]
    app = manner == "app"
    record = Path(folder, f"record{end}")
    os.mkdir(record)
    launch = Launch(Script(program), level=Level.LINES, record=record, control=app)
    events, spawned = 0, []
    def count(frame, event, called):
        global events
        events += 1
        if event == "c_return" and called.__name__ in ("fork_exec", "posix_spawn"):
            spawned.append(events)
        if events == int(end):
            os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(count)
    child = Child.start(launch, APP if app else TERMINAL)
    sys.setprofile(None)
    print(events, *spawned, flush=True)
    child.stop(grace=0)
"""
PROGRAM = """
    import signal, subprocess, sys
    subprocess.Popen([sys.executable, "-S", "-c", "import signal; signal.pause()"])
    signal.pause()
"""


class Host:
    """Hosts that kill themselves at one of the calls and returns which start a child."""

    def __init__(self, script: ScriptMaker, manner: str, folder: Path) -> None:
        self._command = [sys.executable, script(HOST), manner, script(PROGRAM), os.fspath(folder)]
        self._environment = {**os.environ, NAME: os.urandom(8).hex()}

    def run(self, end: int) -> tuple[int, bytes]:
        """Run one that is killed at the call of that number, or never if that is 0."""
        with subprocess.Popen(
            [*self._command, str(end)], env=self._environment, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            said = process.stdout.readline()
        return process.returncode, said

    def left(self) -> list[psutil.Process]:
        """Processes still alive of all that the hosts started."""
        return [one for one in psutil.process_iter() if self._started(one)]

    def _started(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(NAME) == self._environment[NAME]
        except (psutil.Error, OSError):
            return False


@pytest.mark.parametrize("manner", ["terminal", "app"])
def test_no_process_outlives_a_host_that_is_killed_while_it_starts_one(
    script: ScriptMaker, tmp_path: Path, manner: str
) -> None:
    host = Host(script, manner, tmp_path)
    status, said = host.run(0)
    assert status == 0
    count, first, second = map(int, said.split())
    moments = [first - 1, first, (first + second) // 2, second - 1, second, second + 1]
    moments += [*range(second + 2, count, STRIDE)][:FURTHER]
    try:
        for end in moments:
            assert host.run(end) == (-signal.SIGKILL, b"")
        while left := host.left():
            _, alive = psutil.wait_procs(left, timeout=PATIENCE)
            assert not alive
    finally:
        for process in host.left():
            process.kill()
