"""Programs run where nothing can be kept, or where their channel breaks, and that is told."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from coroplay.tui.runs.steering import ProgramState
from tests.support.mounts import read_only
from tests.tui.playing import TURNS, Play, played
from tests.tui.terminal import START, Terminal

OUTPUT = [f"got {n}" for n in range(4)]


@pytest.fixture
def no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the state folder should be: not even root can make one there."""
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def no_temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))


@pytest.mark.usefixtures("no_state")
def test_without_a_state_folder_a_run_is_stepped_and_kept_until_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passing = tmp_path / "temporary"
    passing.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(passing))

    @played(TURNS)
    async def stepped(play: Play) -> None:
        await play.press("s")
        for wanted in range(4):
            await play.press("right")
            await play.until(lambda: play.playhead.cursor == wanted)  # noqa: B023
            await play.until_paused()
        await play.press("c")
        await play.until_ended()
        assert play.lines() == OUTPUT
        await play.until(lambda: "kept only until you quit" in play.told)
        assert "can't be written to: Not a directory" in play.told
        assert "XDG_STATE_HOME names another folder" in play.told
        assert play.program.last > 4
        assert len(list(passing.iterdir())) == 1

    stepped(tmp_path)
    assert list(passing.iterdir()) == []


@pytest.mark.usefixtures("no_state", "no_temporary")
@pytest.mark.parametrize("key", ["enter", "s"])
def test_without_any_folder_the_program_runs_unrecorded(tmp_path: Path, key: str) -> None:
    @played(TURNS)
    async def run(play: Play) -> None:
        await play.press(key)
        await play.until_ended()
        assert play.lines() == OUTPUT
        await play.until(lambda: "This run isn't recorded" in play.told)
        assert "XDG_STATE_HOME names another folder" in play.told
        await play.until(lambda: "■ ended" in play.shown("#header"))
        await play.press("right", "left", "home", "space", "c", "r")
        await play.until_ended()
        assert play.lines() == OUTPUT

    run(tmp_path)


ELSEWHERE = """
import os, sys
os.execvp(sys.argv[1], sys.argv[1:])
"""


def test_an_app_whose_state_folder_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real command in a real terminal: it says what isn't kept, and leaves in good order."""
    state = tmp_path / "state"
    state.mkdir()
    script = tmp_path / "script.py"
    script.write_text("print('it ran')\n")
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    command = read_only(state, [sys.executable, "-c", START, str(script)])
    with Terminal(*command, source=ELSEWHERE, columns=160) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("it ran", "Read-only", "XDG_STATE_HOME")  # Words, which aren't wrapped.
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert "your choices aren't remembered" in terminal.text
    assert list(state.iterdir()) == []


async def step_until(play: Play, condition: Callable[[], object]) -> None:
    """Press the right arrow, again and again, until that has come about."""
    while not condition():
        cursor = play.playhead.cursor
        await play.press("right")
        await play.until(lambda: condition() or play.playhead.cursor > cursor)  # noqa: B023


CLOSES = """
    import os, signal
    print("begun")
    os.closerange(3, 1000)
    print("closed")
    signal.pause()
"""


@played(CLOSES)
async def test_a_program_that_closes_all_descriptors_while_it_is_stepped(play: Play) -> None:
    await play.press("s")
    await play.until_paused()
    await step_until(play, lambda: "It goes on, but it can't be paused or stepped" in play.told)
    await play.until(lambda: "closed" in play.lines())
    assert play.program.state is ProgramState.RUNNING
    await play.press("end", "space")
    await play.until(lambda: "can't be paused" in play.shown("KeyBar"))
    await play.press("x")
    await play.until_ended()
    assert play.lines() == ["begun", "closed"]


WAITS_FOR_INPUT = """
    n = 0
    print("begun")
    n = int(input())
    print("got", n)
    input()
"""


@played(WAITS_FOR_INPUT)
async def test_a_channel_that_breaks_in_the_middle_of_a_step(play: Play) -> None:
    await play.press("s")
    await play.until_paused()
    await step_until(play, lambda: "begun" in play.lines())
    await step_until(play, lambda: play.program.state is ProgramState.RUNNING)
    control = play.program._steering._control
    assert control is not None
    with socket.socket(fileno=os.dup(control.fileno())) as channel:
        channel.shutdown(socket.SHUT_RDWR)
    await play.until(lambda: "It goes on, but it can't be paused or stepped" in play.told)
    play.program.type("5")
    await play.until(lambda: "got 5" in play.lines())
    play.program.type("")
    await play.until_ended()
    await play.until(lambda: "■ ended" in play.shown("#header"))


FEW = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
"""


def test_an_app_without_descriptors_says_that_it_can_start_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text("print('it ran')\n")
    with Terminal(str(script), source=FEW + START, columns=160) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("can't be started: Too many")
        terminal.press("s", "q")
        assert terminal.until_ended() == 0
