"""Programs of a lesson that need a service, in the app."""

from __future__ import annotations

import os
from pathlib import Path

from coroplay.lessons import load
from coroplay.tui.catalogue.listing import Mark
from coroplay.tui.running.steering import State
from tests.support.serving import write_lesson
from tests.tui.playing import Play, Test, played

TICKS = 20
"""More than enough for the app to start a program whose turn it is."""


def play_lesson(
    test: Test, folder: Path, server: str, client: str, *, ports: tuple[str, ...] = ()
) -> None:
    lessons = write_lesson(folder / "lessons", server, client, ports=ports)
    played(lesson="serving", catalogue=lambda: load([lessons]))(test)(folder)


def test_a_client_does_not_start_on_a_servers_error_output(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    server = f"""
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
        assert play.programs[1].state is State.READY
        gate.write_text("open")
        await play.until_ended()
        assert play.lines(0) == ["no certificate", "listening"]
        assert play.lines(1) == ["served"]

    play_lesson(wait_for_the_server, tmp_path, server, "print('served')")


def test_a_server_that_fails_cancels_the_client_and_the_person_is_told(tmp_path: Path) -> None:
    async def run_in_vain(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        server, client = play.programs
        assert server.ending is not None
        assert server.ending.status == 3
        assert client.state is State.CANCELLED
        assert (client.ending, client.recording, client.pid) == (None, None, None)
        sentence = "server failed, so client did not start."
        await play.until(lambda: sentence in " ".join(play.shown("#totals").split()))
        await play.until(lambda: play.program is server)
        await play.press("p")
        await play.until(lambda: play.program is client)
        await play.until(lambda: "did not run" in play.shown("#header"))
        assert play.session.failed
        marks = play.main.lessons.listing._marks
        await play.until(lambda: marks.get("serving") is Mark.FAILED)

    failing = "import sys\nprint('no certificate', file=sys.stderr)\nsys.exit(3)"
    play_lesson(run_in_vain, tmp_path, failing, "print('in vain')")


def test_ports_of_different_names_are_different_ports(tmp_path: Path) -> None:
    async def compare_ports(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        server, client = play.lines(0), play.lines(1)
        assert server == client
        _, port, _, admin = server[0].split()
        assert port != admin

    server = "import signal, sys\nprint(*sys.argv[1:])\nsignal.pause()"
    client = "import sys\nprint(*sys.argv[1:])"
    play_lesson(compare_ports, tmp_path, server, client, ports=("port", "admin"))
