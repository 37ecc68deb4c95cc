"""Several real programs that share one terminal."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from coroplay.host.group import Group
from coroplay.host.launch import Launch, Level, Script
from coroplay.host.outcome import Report
from coroplay.host.outlet import PrefixedOutlet
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.prefix import Prefixer, Stream
from coroplay.host.process import StartError
from coroplay.host.signals import Signals
from tests.unit.host.conftest import Lifeline, ScriptMaker


@pytest.fixture
def output(tmp_path: Path) -> Iterator[IO[bytes]]:
    with (tmp_path / "output").open("w+b") as file:
        yield file


def planned(
    path: str, *arguments: str, service: bool = False, given: bytes | None = None
) -> PlannedProgram:
    return PlannedProgram(path, Script(path), arguments, service=service, given=given)


def play(
    output: IO[bytes],
    *programs: PlannedProgram,
    at_once: bool = True,
    timeout: float | None = None,
) -> Report:
    launches = [
        Launch(program.target, program.arguments, level=Level.OFF, line_buffered=True)
        for program in programs
    ]
    prefixes = [b"%d| " % number for number in range(len(programs))]
    outputs = {Stream.STDOUT: output.fileno(), Stream.STDERR: output.fileno()}
    outlet = PrefixedOutlet(Prefixer(prefixes, one_screen=True), outputs)
    plan = Plan("several", programs, at_once=at_once)
    with Signals() as signals:
        return Group(plan, launches, outlet, signals, timeout=timeout).run()


def shown(output: IO[bytes]) -> list[bytes]:
    output.seek(0)
    return output.read().splitlines()


def statuses(report: Report) -> list[int | None]:
    return [None if outcome is None else outcome.status for outcome in report.outcomes]


TOO_LONG = "x" * (1 << 22)
"""More than the system takes as an argument."""
HELD_BY = """
    import sys
    line = open(sys.argv[1], "w")
    print("up")
    line.write("x")
    line.flush()
    import signal
    signal.pause()
"""


def test_each_programs_lines_carry_its_prefix(script: ScriptMaker, output: IO[bytes]) -> None:
    report = play(output, planned(script("print('a')")), planned(script("print('b')")))
    assert sorted(shown(output)) == [b"0| a", b"1| b"]
    assert report.status == 0


def test_bytes_that_are_no_text_pass_through(script: ScriptMaker, output: IO[bytes]) -> None:
    play(output, planned(script(r"import os; os.write(1, b'\xff\x00\xfe')")), planned(script("")))
    assert shown(output) == [b"0| \xff\x00\xfe"]


def test_programs_at_once_really_run_at_once(
    script: ScriptMaker, tmp_path: Path, output: IO[bytes]
) -> None:
    os.mkfifo(tmp_path / "meeting")
    place = str(tmp_path / "meeting")
    writes = script("import sys; open(sys.argv[1], 'w').write('met')")
    reads = script("import sys; print(open(sys.argv[1]).read())")
    play(output, planned(writes, place), planned(reads, place))
    assert shown(output) == [b"1| met"]


def test_programs_in_turn_wait_for_each_other(
    script: ScriptMaker, tmp_path: Path, output: IO[bytes]
) -> None:
    log = tmp_path / "log"
    note = script("""
        import sys
        log = open(sys.argv[1], "a+")
        log.seek(0)
        print("so far", repr(log.read()))
        log.write(sys.argv[2])
    """)
    programs = [planned(note, str(log), name) for name in "abc"]
    play(output, *programs, at_once=False)
    assert shown(output) == [b"0| so far ''", b"1| so far 'a'", b"2| so far 'ab'"]


def test_a_failure_decides_the_status_and_stops_nobody(
    script: ScriptMaker, output: IO[bytes]
) -> None:
    report = play(output, planned(script("raise SystemExit(4)")), planned(script("print('on')")))
    assert shown(output) == [b"1| on"]
    assert statuses(report) == [4, 0]
    assert report.status == 4


def test_a_service_starts_first_and_is_stopped_when_the_others_have_ended(
    script: ScriptMaker, lifeline: Lifeline, output: IO[bytes]
) -> None:
    service = planned(script(HELD_BY), str(lifeline.path), service=True)
    report = play(output, planned(script("print('served')")), service)
    assert shown(output) == [b"1| up", b"0| served"]
    assert report.status == 0
    service_outcome = report.outcomes[1]
    assert service_outcome is not None
    assert service_outcome.stopped
    lifeline.let_go()
    lifeline.last_words()


def test_a_service_that_fails_cancels_the_programs_that_need_it(
    script: ScriptMaker, output: IO[bytes]
) -> None:
    failing = planned(script("import sys; sys.exit('port in use')"), service=True)
    report = play(output, planned(script("print('in vain')")), failing, at_once=False)
    assert statuses(report) == [None, 1]
    assert report.status == 1
    assert shown(output) == [b"1| port in use"]


def test_a_program_reads_what_it_is_given(script: ScriptMaker, output: IO[bytes]) -> None:
    echo = script("import sys; print(repr(sys.stdin.buffer.read()))")
    play(output, planned(echo, given=b"a\xff\n"), planned(echo))
    assert sorted(shown(output)) == [b"0| b'a\\xff\\n'", b"1| b''"]


def test_more_input_than_a_pipe_holds_arrives_whole(script: ScriptMaker, output: IO[bytes]) -> None:
    count = script("import sys; print(len(sys.stdin.read()))")
    play(output, planned(count, given=b"x" * 1_000_000))
    assert shown(output) == [b"0| 1000000"]


def test_a_program_that_does_not_read_its_input_does_no_harm(
    script: ScriptMaker, output: IO[bytes]
) -> None:
    report = play(output, planned(script("print('done')"), given=b"x" * 1_000_000))
    assert report.status == 0


def test_more_output_than_pipes_hold_arrives_whole(script: ScriptMaker, output: IO[bytes]) -> None:
    many = script("for n in range(100_000): print(n)")
    play(output, planned(many), planned(many))
    lines = shown(output)
    for program in (b"0", b"1"):
        numbers = [int(line[3:]) for line in lines if line.startswith(program + b"| ")]
        assert numbers == list(range(100_000))


def test_a_program_that_leaves_its_output_to_another_ends_the_run_all_the_same(
    script: ScriptMaker, output: IO[bytes], tmp_path: Path
) -> None:
    leaves = """
        import subprocess, sys
        command = [sys.executable, "-c", "import sys; open(sys.argv[1]).read()", sys.argv[1]]
        subprocess.Popen(command)
        print("leaving")
    """
    os.mkfifo(tmp_path / "end")
    report = play(output, planned(script(leaves), str(tmp_path / "end")))
    assert report.status == 0
    assert shown(output) == [b"0| leaving"]
    (tmp_path / "end").write_text("")  # Only now does the one left behind end.


def test_when_time_is_up_all_are_ended(
    script: ScriptMaker, lifeline: Lifeline, output: IO[bytes]
) -> None:
    hold = planned(script(HELD_BY), str(lifeline.path))
    report = play(output, hold, hold, timeout=1)
    assert report.timed_out
    assert report.status == 124
    lifeline.let_go()
    lifeline.last_words()


def test_a_signal_to_the_host_ends_all(
    script: ScriptMaker, lifeline: Lifeline, output: IO[bytes]
) -> None:
    kills = script("""
        import os, signal, sys
        line = open(sys.argv[1], "w")
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
    """)
    waits = planned(script("print('never')"))
    report = play(output, planned(kills, str(lifeline.path)), waits, at_once=False)
    assert report.ended_by is signal.SIGTERM
    assert report.status == 128 + signal.SIGTERM
    assert report.outcomes[1] is None


def test_a_service_that_makes_something_else_of_a_hangup_is_stopped_in_the_end(
    script: ScriptMaker, output: IO[bytes]
) -> None:
    reloads = script("""
        import os, signal
        signal.signal(signal.SIGHUP, lambda *_: print("reloaded"))
        print("up")
        while True:
            signal.pause()
    """)
    hangs_up = script("""
        import os, signal
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.kill(os.getppid(), signal.SIGHUP)
        print("done")
    """)
    report = play(output, planned(reloads, service=True), planned(hangs_up), at_once=False)
    assert (report.status, report.ended_by, report.asked) == (0, None, signal.SIGHUP)
    assert b"1| done" in shown(output)


def test_nobody_reading_the_output_ends_all(script: ScriptMaker) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as output:
        endless = script("while True: print('y')")
        report = play(output, planned(endless), planned(endless))
    assert report.reader_gone
    assert report.status == 128 + signal.SIGPIPE


def test_a_program_that_cannot_be_started_leaves_none_running(
    script: ScriptMaker, lifeline: Lifeline, output: IO[bytes]
) -> None:
    service = planned(script(HELD_BY), str(lifeline.path), service=True)
    impossible = planned("x", TOO_LONG)
    with pytest.raises(StartError):
        play(output, service, impossible)
    lifeline.let_go()
    lifeline.last_words()
