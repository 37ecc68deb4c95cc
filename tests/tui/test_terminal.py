"""The real command in a real terminal: it leaves the terminal and the machine as they were."""

from __future__ import annotations

import os
import re
import signal
import termios
from pathlib import Path

import pytest

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
HOSTILE = rb"""
import os, sys, time
out = sys.stdout.buffer
out.write(b"title \x1b]0;pwned-title\x07 after\n")
out.write(b"clip \x1b]52;c;cHduZWQ=\x1b\\ after\n")
out.write(b"clear \x1b[2J\x1b[3J\x1b[H after\n")
out.write(b"query \x1b[6n\x1b[c\x1bP$q q\x1b\\ after\n")
out.write(b"\xc2\x9b31mc1 \xc2\x9d0;pwned-c1\xc2\x9c after\n")
out.write(b"raw \x9b2J \x90 \xff\xfe after\n")
out.write(b"link \x1b]8;;http://pwned.example\x07here\x1b]8;;\x07 after\n")
out.write(b"reset \x1bc after\n")
out.write(b"colour \x1b[31mred\x1b[0m after\n")
out.write(b"half \x1b[38;5")
out.flush()
sys.stderr.write("error \x1b]2;pwned-error\x07 after\n")
name = "\x1b]0;pwned-local\x07"
def gen():
    got = yield "\x1b]0;pwned-value\x07"
g = gen()
next(g)
print("the end", flush=True)
"""


HARM = (
    # The words in them may well be shown, by the source and by the sentence about the step.
    *(b"\x1b]52", b"\x1b]0;", b"\x1b]2;", b"\x1b]8;"),
    *(
        b"\x1bc",
        b"\x1b[3J",
        b"\x1b[6n",
        b"\x1bP",
        b"\x9b2J",
        b"\xc2\x9b",
        b"\xc2\x9d",
        b"\x1b[38;5\n",
    ),
)


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
    with Terminal("1") as terminal:
        terminal.until("What to watch")
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


@pytest.mark.parametrize("size", [(50, 200), (40, 120), (24, 80)])
def test_nothing_that_a_program_says_is_obeyed_by_the_terminal(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "hostile.py"
    path.write_bytes(HOSTILE)
    rows, columns = size
    with Terminal(os.fspath(path), rows=rows, columns=columns) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("he end")  # Its first letter ends the sequence that was left open.
        for key in ("2", "3", "home", "4", "z", "1", "q"):
            terminal.press(key)
        terminal.until_ended()
        seen = terminal.earlier + terminal.raw
    assert "he end" in seen.decode("utf-8", "replace")
    assert [harm for harm in HARM if harm in seen] == []
