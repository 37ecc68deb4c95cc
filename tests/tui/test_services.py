"""Programs of a lesson that run at once, in the app."""

from __future__ import annotations

import os
from pathlib import Path

from coroplay.lessons import load
from coroplay.tui.lessons.listing import Mark
from coroplay.tui.runs.steering import ProgramState
from tests.support.serving import Written, client, server, write_lesson
from tests.tui.playing import Play, Test, played

TICKS = 20
"""More than enough for the app to start a program whose turn it is."""


def play_lesson(test: Test, folder: Path, *programs: Written, ports: tuple[str, ...] = ()) -> None:
    lessons = write_lesson(folder / "lessons", *programs, ports=ports)
    played(lesson="crowd", catalogue=lambda: load([lessons]))(test)(folder)


def test_a_client_does_not_start_on_a_servers_error_output(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    waits = f"""
        import signal, sys
        print("no certificate", file=sys.stderr)
        open({str(gate)!r}).read()
        print("listening")
        signal.pause()
    """

    async def wait_for_the_server(play: Play) -> None:
        await play.press("enter")
        await play.until(lambda: play.lines(0) == ["no certificate"])
        for _ in range(TICKS):
            play.session.tick()
        assert play.programs[1].state is ProgramState.READY
        gate.write_text("open")
        await play.until_ended()
        assert play.lines(0) == ["no certificate", "listening"]
        assert play.lines(1) == ["served"]

    play_lesson(wait_for_the_server, tmp_path, server(waits), client("print('served')"))


def test_a_server_that_fails_cancels_the_client_and_the_person_is_told(tmp_path: Path) -> None:
    async def run_in_vain(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        failed, cancelled = play.programs
        assert failed.ending is not None
        assert failed.ending.status == 3
        assert cancelled.state is ProgramState.CANCELLED
        assert (cancelled.ending, cancelled.recording, cancelled.pid) == (None, None, None)
        sentence = "server failed, so client did not start."
        await play.until(lambda: sentence in play.told)
        await play.until(lambda: play.program is failed)
        await play.press("p")
        await play.until(lambda: play.program is cancelled)
        await play.until(lambda: "did not run" in play.shown("#header"))
        await play.until(lambda: "enter run  r again" in play.shown("#keybar"))
        assert play.session.failed
        marks = play.main.panes.lessons.listing._marks
        await play.until(lambda: marks.get("crowd") is Mark.FAILED)

    failing = "import sys\nprint('no certificate', file=sys.stderr)\nsys.exit(3)"
    play_lesson(run_in_vain, tmp_path, server(failing), client("print('in vain')"))


def test_ports_of_different_names_are_different_ports(tmp_path: Path) -> None:
    async def compare_ports(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        of_server, of_client = play.lines(0), play.lines(1)
        assert of_server == of_client
        _, port, _, admin = of_server[0].split()
        assert port != admin

    shows = "import sys\nprint(*sys.argv[1:])\n"
    programs = server(f"{shows}import signal\nsignal.pause()"), client(shows)
    play_lesson(compare_ports, tmp_path, *programs, ports=("port", "admin"))


def test_of_two_programs_that_read_input_the_first_gets_it(tmp_path: Path) -> None:
    async def type_a_line(play: Play) -> None:
        await play.press("enter")
        await play.until(lambda: play.lines(1) == ["''"])
        await play.until(lambda: play.programs[0].wants_input)
        await play.press(*"hi", "enter", "ctrl+d")
        await play.until_ended()
        assert play.lines(0)[-1] == r"'hi\n'"
        assert play.lines(1) == ["''"]

    reads = "import sys\nprint(repr(sys.stdin.read()))"
    readers = [Written(name, reads, "reads_input = true") for name in ("first", "second")]
    play_lesson(type_a_line, tmp_path, *readers)
