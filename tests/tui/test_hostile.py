"""Everything that comes from outside tries to steer the terminal, or to upset its columns."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
from rich.cells import get_character_cell_size
from rich.segment import Segment

from coroplay.lessons import Catalogue, load
from tests.tui.playing import Play, played
from tests.tui.terminal import Terminal

SIZES = [(50, 200), (40, 120), (24, 80)]
FLOOD = "e" + "\u0301" * 3000
"""Marks without end on one letter."""
WIDTHS = (
    "\u2764\ufe0f \U0001f3fd\U0001f3fd \U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469 \u200b\u2060"
)
BIDI = "\u202egnp.exe\u202c\u2066x\u2069\u200f"
PROGRAM = rf"""
import sys
from greenlet import greenlet
flood = {FLOOD!a}
widths = {WIDTHS!a}
bidi = {BIDI!a}
evil = '\x1b]52;c;cHduZWQ=\x07\x1b]8;;http://e.x\x07\x1bP$q q\x1b\\\x1b[2J\x1b[3J\x1b[H'
evil += '\x9b2J\x9d0;t\x9c\x00\x1b]0;t\x1b\\' + bidi
out = sys.stdout.buffer
out.write(b'raw \x9b2J\x90 \xff\xfe\x00\x00 \x1b]2;t\x07 \x1b[6n\x1bc\n')
out.write((evil + widths + flood).encode() + b'\n')
out.write(b'\x1b[31m' + (chr(0x301) * 9000).encode() + b'\x1b[0m\n')
out.write(b'y' * 10_000_000 + b'\n')
out.write(b'half \x1b[38;5')
sys.stderr.write(evil + 'after\n')
out.flush()
def work(got):
    text = evil + widths
    main.switch(flood)
    raise ValueError(evil + flood)
work.__name__ = work.__qualname__ = 'wo\x1b]2;t\x07' + bidi + widths + flood
work.__code__ = work.__code__.replace(co_name=work.__name__)
main = greenlet.getcurrent()
worker = greenlet(work)
worker.switch(evil)
print('\nthe end', flush=True)
worker.switch(widths)
"""
README = f"""# {FLOOD} {WIDTHS} {BIDI}

Hidden &#x202e; &rlm; &#x9b;2J &#27;[2J \x1b]0;t\x07 \x9b2J
<b>\x1b[2J</b> [a link\u202e](http://example.org/\x1b]8) `code {WIDTHS}` &#x301;{"&#x301;" * 900}

    \x1b[2J{BIDI}
"""
LESSON = f"""
id = "evil"
title = "Lesson {FLOOD} {WIDTHS[:2]}"
summary = "{FLOOD}"
order = 1
group = "Group {FLOOD}"
watch = ["Watch {FLOOD}\u2028{WIDTHS[:2]}"]
[[programs]]
name = "evil"
file = "evil.py"
title = "{FLOOD}"
[[programs.parameters]]
name = "pace"
type = "text"
default = "{FLOOD}"
help = "{FLOOD}"
"""
START = """
import sys
from pathlib import Path
from coroplay.lessons import load
from coroplay.tui import run
sys.exit(run(load([Path(sys.argv[1])]), lesson=None))
"""
OWN = {"m", "H", "h", "l", "p", "u"}
"""The last letters of the control sequences by which the app itself draws."""


def lessons_in(folder: Path) -> Path:
    """A teacher's folder of which nothing means well."""
    home = folder / "01_evil"
    home.mkdir(parents=True)
    (home / "lesson.toml").write_text(LESSON, encoding="utf-8")
    (home / "README.md").write_text(README, encoding="utf-8")
    (home / "README.zh.md").write_text(README, encoding="utf-8")
    (home / "evil.py").write_text(PROGRAM)
    return folder


def hostile_settings() -> None:
    """Settings in which each text wants to be obeyed."""
    file = Path(os.environ["XDG_STATE_HOME"]) / "coroplay" / "app.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    evil = "\x1b]0;t\x07" + BIDI
    file.write_text(json.dumps({"version": 1, "theme": evil, "lesson": evil, "pane": evil}))


def steering(seen: bytes) -> set[str]:
    """Whatever a terminal would obey in these bytes, but for what the app draws with."""
    text = seen.decode("utf-8")
    found = {match[1] for match in re.finditer(r"\x1b\[[0-?]*[ -/]*([@-~])", text)} - OWN
    rest = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\]22;default\x07", "", text)  # The mouse's shape.
    return found | {ascii(c) for c in rest if unicodedata.category(c)[0] == "C"} - {
        r"'\r'",
        r"'\n'",
    }


@pytest.mark.parametrize("size", SIZES)
def test_nothing_from_outside_gets_to_the_terminal_but_text(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    hostile_settings()
    rows, columns = size
    folder = lessons_in(tmp_path / "lessons\x1b]0;t\x07\u202e")
    with Terminal(os.fspath(folder), source=START, rows=rows, columns=columns) as terminal:
        terminal.until("Watch e")
        terminal.press("2", "enter") if columns < 120 else terminal.press("enter")
        terminal.until("failed")
        for key in ("2", "g", "3", "home", "right", "left", "4", "1", "?", "q", "q"):
            terminal.press(key)
        terminal.until_ended()
        seen = terminal.earlier + terminal.raw
    assert steering(seen) == set()


def hostile_lessons() -> Catalogue:
    return load([lessons_in(Path(os.environ["XDG_STATE_HOME"]) / "lessons")])


def upset_rows(play: Play) -> list[str]:
    """The rows of the screen that a terminal may draw wider or narrower than they are meant."""
    width = play.app.size.width

    def room(row: list[Segment]) -> int:
        return sum(get_character_cell_size(c) for part in row for c in part.text)

    drawn = [list(strip) for strip in play.main._compositor.render_strips()]
    texts = ["".join(part.text for part in row) for row in drawn]
    assert len(drawn) == play.app.size.height
    marks = re.compile("\u0301{5}|[\ufe0f\U0001f3fb-\U0001f3ff]")
    pairs = zip(drawn, texts, strict=True)
    return [text for row, text in pairs if room(row) != width or marks.search(text)]


@pytest.mark.parametrize("size", SIZES)
def test_the_columns_hold_whatever_is_shown(tmp_path: Path, size: tuple[int, int]) -> None:
    @played(size=size[::-1], catalogue=hostile_lessons)
    async def run(play: Play) -> None:
        await play.until(lambda: "Watch e" in play.shown("#watch"))
        await play.press("enter")
        await play.until_ended()
        assert "the end" in play.lines()
        for key in ("1", "2", "g", "3", "home", *["shift+right"] * 3, "4"):
            await play.press(key)
            assert upset_rows(play) == [], key

    run(tmp_path)
