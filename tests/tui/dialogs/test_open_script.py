"""A script of one's own is opened: its path is completed, and problems are sentences."""

from __future__ import annotations

import os
from pathlib import Path

from textual.widgets import Input

from coroplay.tui.dialogs.open_script import OpenScript, PathInput, completed, problem_with
from tests.tui.playing import Play, played


@played()
async def test_o_opens_a_script_with_arguments(play: Play) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "mine.py"
    script.write_text("import sys; print(sys.argv[1:])")
    await play.press("o")
    await play.until(lambda: isinstance(play.app.screen, OpenScript))
    play.app.screen.query_one(PathInput).value = str(folder / "mi")
    await play.press("tab")
    assert play.app.screen.query_one(PathInput).value == str(script)
    play.app.screen.query_one("#arguments", Input).value = "one 'two three'"
    await play.press("enter")
    await play.until(lambda: play.main.run_display.runs.session is not None)
    await play.until_ended()
    assert play.lines() == ["['one', 'two three']"]


def test_what_is_wrong_with_a_script_is_a_sentence(tmp_path: Path) -> None:
    assert "folder" in problem_with(tmp_path)
    assert "can't be read" in problem_with(tmp_path / "missing.py")
    (tmp_path / "bad.py").write_text("x = (\n")
    assert "line 1" in problem_with(tmp_path / "bad.py")
    (tmp_path / "good.py").write_text("x = 1\n")
    assert problem_with(tmp_path / "good.py") == ""


def test_paths_are_completed(tmp_path: Path) -> None:
    (tmp_path / "alpha.py").touch()
    (tmp_path / "alps.py").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder").mkdir()
    assert completed(f"{tmp_path}/a") == f"{tmp_path}/alp"
    assert completed(f"{tmp_path}/alph") == f"{tmp_path}/alpha.py"
    assert completed(f"{tmp_path}/f") == f"{tmp_path}/folder/"
    assert completed(f"{tmp_path}/n") is None
    assert completed(f"{tmp_path}/nowhere/x") is None


def test_a_script_with_a_hostile_name_is_shown_as_text(tmp_path: Path) -> None:
    name = "[red]x[blue]\x1b]0;t\x07.py"
    (tmp_path / name).write_text("print('fine')\n")

    @played()
    async def take(play: Play) -> None:
        play.main.choice.take_script(tmp_path / name)
        await play.until(lambda: "[red]x[blue]" in play.shown("#keybar"))
        await play.press("enter")
        await play.until_ended()
        assert play.lines() == ["fine"]
        await play.until(lambda: "[red]x" in play.shown("#header"))
        assert "\x1b" not in play.shown("#header") + play.shown("#watch")

    take(tmp_path)
