"""`coroplay run` is ended, by a limit or from outside: nothing that it started stays behind."""

from __future__ import annotations

import json
import re
import signal
import subprocess

import pytest

from coroplay.trace import Recording, Switch
from tests.cli.conftest import COMMAND, Coroplay, Lifeline, Writer

LEVELS = ["off", "switches", "lines"]

HOLD = """
    import signal, subprocess, sys
    grandchild = "import sys, signal; line = open(sys.argv[1], 'w'); line.write('g'); "
    grandchild += "line.flush(); signal.pause()"
    subprocess.Popen([sys.executable, "-c", grandchild, sys.argv[1]])
    line = open(sys.argv[1], "w")
    line.write("c")
    line.flush()
    signal.pause()
"""


BUSY = """
    import sys
    from greenlet import getcurrent, greenlet
    line = open(sys.argv[1], "w")
    def other():
        while True:
            getcurrent().parent.switch()
    two = greenlet(other)
    for n in range(2000):
        two.switch()
    line.write("x")
    line.flush()
    while True:
        two.switch()
"""


@pytest.mark.parametrize("level", LEVELS)
def test_when_time_is_up_the_program_ends_with_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("hold.py", HOLD)
    with coroplay.start(
        "run", "--timeout", "3", "--level", level, "hold.py", str(lifeline.path)
    ) as host:
        lifeline.hear(2)
        assert lifeline.last_words() == b""
        _, said = host.communicate()
    assert host.returncode == 124
    assert said.startswith(b"coroplay: time was up after 3 s\n")


def test_a_program_that_does_not_listen_is_ended_all_the_same(
    coroplay: Coroplay, write: Writer
) -> None:
    write("deaf.py", "import signal\nsignal.signal(15, signal.SIG_IGN)\nwhile True: signal.pause()")
    done = coroplay("run", "deaf.py", "--timeout", "1", "--level", "off", "--quiet")
    assert done.returncode == 124


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("level", LEVELS)
def test_a_signal_to_the_host_ends_the_program_and_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str, number: signal.Signals
) -> None:
    write("hold.py", HOLD)
    with coroplay.start("run", "--level", level, "hold.py", str(lifeline.path)) as host:
        lifeline.hear(2)
        host.send_signal(number)
        assert lifeline.last_words() == b""
        _, said = host.communicate()
    assert host.returncode == 128 + number
    assert said.startswith(f"coroplay: ended by {number.name}\n".encode())


def test_a_host_started_with_hangups_ignored_leaves_them_ignored(
    coroplay: Coroplay, write: Writer
) -> None:
    write(
        "x.py",
        """
        import os, signal
        os.kill(os.getppid(), signal.SIGHUP)
        print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)
    """,
    )
    command = ["nohup", *COMMAND, "run", "x.py", "--quiet"]
    done = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"True\n")


@pytest.mark.parametrize("level", LEVELS)
def test_the_host_being_killed_ends_the_program_and_all_it_started(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("hold.py", HOLD)
    with coroplay.start("run", "--level", level, "hold.py", str(lifeline.path)) as host:
        lifeline.hear(2)
        host.kill()
        assert lifeline.last_words() == b""
        host.communicate()


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_a_killed_host_leaves_a_recording_that_is_whole(
    coroplay: Coroplay, write: Writer, lifeline: Lifeline, level: str
) -> None:
    write("busy.py", BUSY)
    with coroplay.start("run", "busy.py", "--level", level, "--", str(lifeline.path)) as host:
        lifeline.hear(1)
        host.send_signal(signal.SIGKILL)
        assert lifeline.last_words() == b""
        host.communicate()
    (record,) = coroplay.recordings
    with Recording(record) as recording:
        steps = list(recording)
        assert sum(isinstance(step, Switch) for step in steps) > 4000
        assert len(recording.state(len(steps) - 1).running) == 1


def test_no_process_stays_behind(coroplay: Coroplay, write: Writer, lifeline: Lifeline) -> None:
    """The guardian would hold what the program holds if it had been given anything."""
    write("x.py", "import sys; open(sys.argv[1], 'w').write('x')")
    coroplay("run", "x.py", str(lifeline.path), "--quiet")
    lifeline.hear(1)
    assert lifeline.last_words() == b""


STUCK = """
    import signal, threading
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
"""
SECONDS = re.compile(r"(\d+\.\d+) s")


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_a_run_that_hung_is_as_long_as_it_was_and_says_who_had_control(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    done = coroplay("run", write("stuck.py", STUCK), "--level", level)
    ended, stretch, *_ = done.stderr.decode().splitlines()
    assert ended.startswith("coroplay: ended by SIGALRM after ")
    assert 0.65 < float(SECONDS.findall(ended)[0]) < 5
    assert stretch.startswith("coroplay: main ran, or was stuck")
    assert stretch.endswith(" s, in which no step was recorded")
    assert ("on line 5" in stretch) == (level == "lines")
    assert 0.65 < float(SECONDS.findall(stretch)[0]) < 5
    told = json.loads(coroplay("info", "last", "--json").stdout)
    assert 0.65e9 < told["elapsed_ns"] < 5e9
    facts = coroplay("info", "last").stdout.decode()
    assert f"\nelapsed     {told['elapsed_ns'] / 1e9:.3f} s\n" in facts
    assert f"\nnote        {stretch.removeprefix('coroplay: ')}\n" in facts


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_a_run_whose_time_was_up_is_that_long(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    source = STUCK.replace("0.7", "20")
    coroplay("run", write("stuck.py", source), "--level", level, "--timeout", "1", "--quiet")
    told = json.loads(coroplay("info", "last", "--json").stdout)
    assert 0.3e9 < told["elapsed_ns"] < 5e9
    assert told["ending"]["kind"] == "timeout"


def test_while_the_hub_waits_nobody_else_is_said_to_have_run(
    coroplay: Coroplay, write: Writer
) -> None:
    write("waits.py", "import gevent, signal\nsignal.setitimer(0, 0.7)\ngevent.sleep(20)")
    done = coroplay("run", "waits.py", "--level", "switches")
    assert b"coroplay: no coroutine but the hub had control for the last 0." in done.stderr


def test_a_run_that_ends_by_itself_is_as_long_as_its_steps(
    coroplay: Coroplay, write: Writer
) -> None:
    done = coroplay("run", write("short.py", "print('short')"))
    assert b"in which no step" not in done.stderr
    told = json.loads(coroplay("info", "last", "--json").stdout)
    last = json.loads(coroplay("steps", "last", "--json").stdout.splitlines()[-1])
    assert 0 <= told["elapsed_ns"] - last["t_ns"] < 0.05e9


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("status", [130, 137, 200, 255])
def test_an_exit_with_a_high_status_is_no_signal(
    coroplay: Coroplay, write: Writer, level: str, status: int
) -> None:
    done = coroplay("run", write("x.py", f"raise SystemExit({status})"), "--level", level)
    assert done.returncode == status
    assert done.stderr.startswith(f"coroplay: ended with status {status} after ".encode())
