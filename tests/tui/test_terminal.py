"""The real command in a real terminal: it leaves the terminal and the machine as they were."""

from __future__ import annotations

import os
import re
import signal
import termios
from pathlib import Path

import pytest

from coroplay.tui.settings import Settings, save
from tests.tui.terminal import Terminal, gone

ALTERNATE_SCREEN_LEFT = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"
MOUSE_OFF = b"\x1b[?1000l"

WAITS = """
import time
print("ready", flush=True)
while True:
    time.sleep(0.01)
"""


@pytest.fixture
def waits(tmp_path: Path) -> str:
    path = tmp_path / "waits.py"
    path.write_text(WAITS)
    return os.fspath(path)


def test_lesson_one_is_run_and_stepped_and_q_restores_the_terminal() -> None:
    with Terminal("1") as terminal:
        terminal.until("What to watch")
        terminal.press("s")
        terminal.until("paused")
        terminal.press("right")
        terminal.until("step 1 of")
        terminal.press("right")
        terminal.until("step 2 of")
        terminal.press("left")
        terminal.until("step 1 of")
        children = terminal.children()
        assert children
        terminal.press("q")
        assert terminal.until_ended() == 0
        assert gone(children)
        assert ALTERNATE_SCREEN_LEFT in terminal.raw
        assert CURSOR_SHOWN in terminal.raw
        assert MOUSE_OFF in terminal.raw
        assert termios.tcgetattr(terminal.fd)[3] == terminal.before[3]


def test_what_to_press_stays_while_the_step_through_takes_the_empty_panes_place() -> None:
    # Else the welcome covers the first row of the panes until there is a run.
    save(Settings(welcomed=True), os.environ)
    with Terminal("1") as terminal:
        terminal.until("Nothing has run yet. Press e")
        terminal.press("s")
        terminal.until("paused")
        terminal.press("q")
        terminal.until_ended()
    # All that was drawn on the first row of the panes.
    drawn = re.findall(rb"\x1b\[3;(\d+)H((?:(?!\x1b\[\d+;\d+H)[^\r])*)", terminal.earlier)
    rows = [(int(column) - 1, without_colours(text)) for column, text in drawn]
    sentences = [row[32 - x : 60 - x] for x, row in rows if x <= 32 and x + len(row) > 60]
    since = sentences[sentences.index("Nothing has run yet. Press e") :]
    assert all(sentence.strip() for sentence in since)


def without_colours(text: bytes) -> str:
    return re.sub(r"\x1b\[[\d;]*m", "", text.decode("utf-8", "replace"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_app_and_its_programs(number: signal.Signals, waits: str) -> None:
    with Terminal(waits) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("ready")
        children = terminal.children()
        assert len(children) >= 2
        os.kill(terminal.pid, number)
        assert terminal.until_ended() == 128 + number
        assert gone(children)
        assert ALTERNATE_SCREEN_LEFT in terminal.raw
        assert termios.tcgetattr(terminal.fd)[3] == terminal.before[3]


def test_when_the_app_is_killed_its_programs_end(waits: str) -> None:
    with Terminal(waits) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("ready")
        children = terminal.children()
        assert len(children) >= 2
        os.kill(terminal.pid, signal.SIGKILL)
        assert terminal.until_ended() == -signal.SIGKILL
        assert gone(children)
