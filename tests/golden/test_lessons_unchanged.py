"""Every program of every lesson prints the same and ends the same, recorded at either level.

A signal that ended the interpreter would be another end.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from coroplay.lessons import Program, built_in, load
from tests.support.programs import Result, Workbench, environment, probe_command

PROGRAMS = {
    f"{lesson.id}-{program.name}": program
    for lesson in load([built_in()]).lessons
    for program in lesson.programs
}
LEVELS = ("lines", "switches")
TALKING = ("echo-server-server", "echo-server-client")
OWN_TIMING = re.compile(
    rb"\d+\.\d+ s|(?<=meanwhile: )\d+|(?<=ratio )[\d.]+|0x[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:]+Z"
)
"""Texts that differ from run to run: measurements, and names of objects."""
ANY_ORDER = ("sync-async-asynchronous", "crawler-concurrent")
"""Programs in which the moment of an arrival decides what is printed first."""


def quick(program: Program) -> tuple[str, ...]:
    """The arguments with which a program is done soon."""
    checks = {one.name: one.check for one in program.parameters if one.check is not None}
    return program.command_line(checks)


def seen(name: str, result: Result) -> tuple[int, list[bytes], list[bytes]]:
    """Return the output of a run, without the texts that differ from run to run."""
    texts = (OWN_TIMING.sub(b"#", text) for text in (result.stdout, result.stderr))
    out, error = (text.splitlines(keepends=True) for text in texts)
    if name in ANY_ORDER:
        out, error = sorted(out), sorted(error)
    return result.status, out, error


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in TALKING])
def test_a_lesson_prints_the_same_when_it_is_recorded(
    tmp_path: Path, name: str, level: str
) -> None:
    program = PROGRAMS[name]
    bench = Workbench(tmp_path)
    command = (str(program.file), *quick(program))
    expected = bench.plain(*command)
    watched = bench.watched(bench.new_record(), *command, level=level)
    assert seen(name, watched) == seen(name, expected)


def talk(bench: Workbench, level: str | None) -> tuple[bytes, Result]:
    """Return the outputs of the server, and of a client that said two lines to it."""
    server, client = (PROGRAMS[name].file for name in TALKING)
    command = [sys.executable, str(server)]
    if level is not None:
        command = probe_command(bench.new_record(), [str(server)], ["--level", level])
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=environment(PYTHONUNBUFFERED="1")
    ) as running:
        assert running.stdout is not None
        port = running.stdout.readline().split()[-1].decode()
        target = (str(client), "--port", port)
        said = b"hello\nworld\n"
        if level is not None:
            result = bench.watched(bench.new_record(), *target, level=level, stdin=said)
        else:
            result = bench.plain(*target, stdin=said)
        told = b"".join(running.stdout.readline() for _ in range(4))
        running.send_signal(signal.SIGTERM)
        return told + running.stdout.read(), result


@pytest.mark.parametrize("level", LEVELS)
def test_server_and_client_talk_the_same_when_they_are_recorded(tmp_path: Path, level: str) -> None:
    bench = Workbench(tmp_path)
    assert talk(bench, level) == talk(bench, None)
