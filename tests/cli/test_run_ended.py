"""`coroplay run` is ended, by a limit or from outside: nothing that it started stays behind."""

from __future__ import annotations

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
