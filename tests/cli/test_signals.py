"""A signal to `coroplay run` is the program's: it gets there once, and does what it does there."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from subprocess import PIPE, Popen

import psutil
import pytest

from tests.cli.conftest import COMMAND, Coroplay, Writer
from tests.cli.terminals import Terminal

LEVELS = ["off", "switches", "lines"]
NOT_SENT = {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}
NOT_SENT |= {signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
if not hasattr(signal, "sigwaitinfo"):  # There a terminal can't be told from a process.
    NOT_SENT |= {signal.SIGQUIT, signal.SIGHUP, signal.SIGWINCH}
SENT = sorted(signal.valid_signals() - NOT_SENT)
TELLS = """
    import os, signal
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD}:
        signal.signal(number, lambda number, _: os.write(1, b"%d\\n" % number))
    print("up", flush=True)
    while True:
        signal.pause()
"""
"""Writes the number of each signal that it gets, and does not end by any."""


def hear(host: Popen[bytes], count: int = 1) -> list[bytes]:
    """The next lines of a program's output."""
    assert host.stdout is not None
    return [host.stdout.readline() for _ in range(count)]


@pytest.mark.parametrize("level", LEVELS)
def test_each_signal_gets_to_the_program_once(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    write("x.py", TELLS)
    with coroplay.start("run", "x.py", "--level", level) as host:
        assert hear(host) == [b"up\n"]
        for number in (*SENT, *reversed(SENT)):
            host.send_signal(number)
            assert hear(host) == [b"%d\n" % number]


def test_what_was_ignored_from_the_start_tells_the_host_nothing(
    coroplay: Coroplay, write: Writer
) -> None:
    write("x.py", TELLS)
    ignoring = ["sh", "-c", 'trap "" INT TERM; exec "$@"', "sh", *COMMAND, "run", "x.py", "--quiet"]
    with Popen(ignoring, cwd=coroplay.folder, stdout=PIPE) as host:
        assert hear(host) == [b"up\n"]
        for _ in range(3):
            for number in (signal.SIGINT, signal.SIGTERM):
                host.send_signal(number)
                assert hear(host) == [b"%d\n" % number]
        host.kill()


def test_each_of_several_programs_gets_it(coroplay: Coroplay, write: Writer, lesson: str) -> None:
    for name in ("one", "two"):
        write(f"teaching/class/{name}.py", TELLS)
    toml = coroplay.folder / "teaching/class/lesson.toml"
    toml.write_text(toml.read_text().replace("in turn", "at once"))
    with coroplay.start("--lessons", lesson, "run", "99", "--level", "off") as host:
        assert sorted(hear(host, 2)) == [b"another \xe2\x94\x82 up\n", b"one     \xe2\x94\x82 up\n"]
        host.send_signal(signal.SIGUSR1)
        assert [line.split()[-1] for line in hear(host, 2)] == [b"%d" % signal.SIGUSR1] * 2


def test_what_a_terminal_sends_to_all_is_not_handed_on_again(
    terminal: Terminal, write: Writer
) -> None:
    write("x.py", TELLS)
    last = SENT[-1]
    """The signal that is told after all others that have come."""
    told = [signal.SIGINT, signal.SIGWINCH, last, signal.SIGWINCH, last]
    with terminal.start("run", "x.py") as host:
        terminal.see(b"up\r\n")
        terminal.type(b"\x03")
        seen = terminal.see(b"%d\r\n" % signal.SIGINT)
        terminal.resize(70)
        seen += terminal.see(b"%d\r\n" % signal.SIGWINCH)
        for number in told[2:]:
            host.send_signal(number)
            seen += terminal.see(b"%d\r\n" % number)
    assert seen.removeprefix(b"^C").split() == [b"%d" % number for number in told]


DRAINS = """
    import signal, sys
    heard = []
    signal.signal(signal.SIGTERM, lambda *_: heard.append(1))
    print("up", flush=True)
    while not heard:
        signal.pause()
    print("draining", flush=True)
    sys.stdin.readline()
    print("told to end", len(heard), "time(s)")
    sys.exit(7)
"""


@pytest.mark.parametrize("level", LEVELS)
def test_a_program_that_is_told_to_end_takes_its_time_and_ends_as_it_likes(
    coroplay: Coroplay, write: Writer, level: str
) -> None:
    write("x.py", DRAINS)
    with coroplay.start("run", "x.py", "--level", level) as host:
        assert hear(host) == [b"up\n"]
        host.send_signal(signal.SIGTERM)
        assert hear(host) == [b"draining\n"]
        out, said = host.communicate(b"\n")
    assert (host.returncode, out) == (7, b"told to end 1 time(s)\n")
    assert said.startswith(b"coroplay: ended with status 7 after ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_one_within_a_second_insists(
    coroplay: Coroplay, write: Writer, number: signal.Signals
) -> None:
    write("x.py", TELLS)
    with coroplay.start("run", "x.py") as host:
        assert hear(host) == [b"up\n"]
        while True:
            host.send_signal(number)
            first = time.monotonic()
            assert hear(host) == [b"%d\n" % number]
            time.sleep(0.1)  # Two that come at once are one.
            host.send_signal(number)
            if time.monotonic() < first + 0.9:
                break
            assert hear(host) == [b"%d\n" % number]
        _, said = host.communicate()
    assert host.returncode == 128 + number
    assert said.startswith(f"coroplay: ended by {number.name}\n".encode())


def test_a_grace_insists_when_it_is_over(coroplay: Coroplay, write: Writer) -> None:
    write("x.py", TELLS)
    with coroplay.start("run", "--grace", "0.2", "x.py") as host:
        assert hear(host) == [b"up\n"]
        host.send_signal(signal.SIGTERM)
        _, said = host.communicate()
    assert host.returncode == 128 + signal.SIGTERM
    assert said.startswith(b"coroplay: ended by SIGTERM\n")


SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
host = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ, setpgroup=0, setsigdef=[signal.SIGTTOU]
)
os.tcsetpgrp(0, host)
_, status = os.waitpid(host, os.WUNTRACED)
os.tcsetpgrp(0, os.getpgrp())
print("stopped by", signal.Signals(os.WSTOPSIG(status)).name, flush=True)
whom = sys.stdin.readline()
os.tcsetpgrp(0, host)
(os.killpg if whom == "group\\n" else os.kill)(host, signal.SIGCONT)
status = os.waitstatus_to_exitcode(os.waitpid(host, 0)[1])
print("ended with", status, flush=True)
"""
"""Does what a shell does: runs a command in front, and continues it once it has been stopped."""
STOPS = """
    import os, signal, sys
    signal.signal(signal.SIGCONT, lambda *_: os.write(1, b"goes on\\n"))
    signal.signal(signal.SIGINT, lambda *_: sys.exit(5))
    print("up", flush=True)
    while True:
        signal.pause()
"""


@pytest.mark.parametrize("continued", [b"group", b"host"])
def test_ctrl_z_stops_the_run_and_a_shell_continues_it(
    folder: Path, write: Writer, continued: bytes
) -> None:
    write("x.py", STOPS)
    terminal = Terminal(folder, [sys.executable, "-c", SHELL, *COMMAND])
    with terminal.start("run", "--quiet", "x.py"):
        terminal.see(b"up\r\n")
        terminal.type(b"\x1a")
        terminal.see(b"stopped by SIGTSTP\r\n")
        terminal.type(continued + b"\n")
        terminal.see(b"goes on\r\n")
        terminal.type(b"\x03")
        assert terminal.see(b"ended with 5\r\n").split(b"\r\n")[:-1] == [b"^Cended with 5"]
    terminal.close()


def are_stopped(group: int) -> bool:
    """Tell whether all processes of a group are stopped."""
    inside = [one for one in psutil.Process(group).children() if os.getpgid(one.pid) == group]
    states = {one.status() for one in (psutil.Process(group), *inside)}
    return states == {psutil.STATUS_STOPPED}


def test_a_group_that_a_process_stops_and_continues_goes_on(folder: Path, write: Writer) -> None:
    write("x.py", STOPS)
    command = [*COMMAND, "run", "--quiet", "x.py"]
    for _ in range(3):
        with Popen(command, cwd=folder, stdout=PIPE, process_group=0) as host:
            assert hear(host) == [b"up\n"]
            os.killpg(host.pid, signal.SIGTSTP)
            while not are_stopped(host.pid):
                pass
            os.killpg(host.pid, signal.SIGCONT)
            assert hear(host) == [b"goes on\n"]
            host.send_signal(signal.SIGINT)
            rest, _nothing = host.communicate()
        assert (host.returncode, rest) == (5, b"")
