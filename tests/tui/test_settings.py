"""Settings are kept from one start to the next, whatever state the file is in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from coroplay.tui.settings import Settings, SettingsError, load, save, settings_file
from tests.tui.playing import Play, played
from tests.tui.terminal import Terminal


def _file() -> Path:
    """The file in which the app under test keeps its settings."""
    file = settings_file(os.environ)
    assert file is not None
    file.parent.mkdir(parents=True, exist_ok=True)
    return file


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    settings = Settings("coroplay-light", "queue", "timeline", zoomed=True, speed=4, welcomed=True)
    save(settings, environment)
    loaded = load(environment)
    assert loaded.settings == settings
    assert not loaded.problem


def test_the_first_start_has_nothing_to_complain_about(tmp_path: Path) -> None:
    loaded = load({"XDG_STATE_HOME": str(tmp_path)})
    assert (loaded.settings, loaded.problem) == (Settings(), "")


@pytest.mark.parametrize("content", [b"", b"\xff", b"[1]", b"{", b"[" * 60_000])
def test_a_damaged_file_is_told_and_done_without(tmp_path: Path, content: bytes) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    file = settings_file(environment)
    assert file is not None
    file.parent.mkdir()
    file.write_bytes(content)
    loaded = load(environment)
    assert loaded.settings == Settings()
    assert f"{file} is damaged" in loaded.problem
    save(Settings(lesson="queue"), environment)
    assert load(environment).settings.lesson == "queue"


def test_of_a_file_with_odd_values_the_others_are_taken(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    file = settings_file(environment)
    assert file is not None
    file.parent.mkdir()
    file.write_bytes(b'{"theme": 5, "speed": "fast", "zoomed": 1, "lesson": "queue", "new": 1}')
    assert load(environment).settings == Settings(lesson="queue")


def test_a_relative_folder_is_ignored() -> None:
    file = settings_file({"XDG_STATE_HOME": "relative"})
    assert file is None or file.is_absolute()


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="can't be written"):
        save(Settings(), {"XDG_STATE_HOME": str(tmp_path / "file")})


def test_the_layout_is_as_it_was_left(tmp_path: Path) -> None:
    @played()
    async def leave(play: Play) -> None:
        await play.press("4", "z", "t")

    leave(tmp_path)

    @played()
    async def start_again(play: Play) -> None:
        assert play.main.panes.current == "timeline"
        assert [pane.id for pane in play.main.query(".pane") if pane.display] == ["timeline"]
        assert play.app.theme == "coroplay-light"
        await play.press("z", "1", "enter")
        await play.until(lambda: play.main.run_display.runs.session is not None)
        await play.press("3")

    start_again(tmp_path)

    @played()
    async def look_again(play: Play) -> None:
        assert play.main.panes.current == "stepping"
        assert len([pane for pane in play.main.query(".pane") if pane.display]) == 4
        await play.until(lambda: play.main.query("StepThrough:focus"))

    look_again(tmp_path)


def test_what_is_asked_for_is_seen_whatever_the_layout_was(tmp_path: Path) -> None:
    save(Settings(pane="timeline", zoomed=True, welcomed=True), os.environ)

    @played(lesson="queue", size=(80, 24))
    async def start_again(play: Play) -> None:
        assert [pane.id for pane in play.main.query(".pane") if pane.display] == ["lessons"]
        assert "What to watch" in play.shown("#watch")

    start_again(tmp_path)


def test_a_pane_or_theme_that_there_is_not_is_done_without(tmp_path: Path) -> None:
    save(Settings(theme="plaid", pane="attic", lesson="none", speed=99), os.environ)

    @played()
    async def start_again(play: Play) -> None:
        assert play.main.panes.current == "lessons"
        assert play.app.theme == "coroplay-dark"
        chosen = play.main.panes.lessons.chosen
        assert chosen is not None
        assert chosen.order == 1

    start_again(tmp_path)


def test_damaged_settings_are_told_on_the_screen(tmp_path: Path) -> None:
    _file().write_text("{")

    @played(size=(200, 40))
    async def start_again(play: Play) -> None:
        await play.until(lambda: "is damaged" in play.shown("#keybar"))

    start_again(tmp_path)
    assert not load(os.environ).problem


def test_the_settings_of_a_newer_coroplay_are_left_alone(tmp_path: Path) -> None:
    content = json.dumps({"version": 2, "theme": "coroplay-light", "panes": ["new"]})
    _file().write_text(content)

    @played(size=(200, 40))
    async def start_again(play: Play) -> None:
        await play.until(lambda: "newer coroplay" in play.shown("#keybar"))
        assert play.app.theme == "coroplay-light"
        await play.press("t")

    start_again(tmp_path)
    assert _file().read_text() == content


def test_settings_that_cannot_be_written_are_told_when_the_terminal_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with Terminal() as terminal:
        terminal.until("What to watch")
        terminal.press("q")
        assert terminal.until_ended() == 0
        _, _, after = terminal.raw.rpartition(b"\x1b[?1049l")
        assert b"coroplay: " in after
        assert b"can't be written" in after
        assert b"Traceback" not in terminal.raw


def test_lesson_and_theme_are_remembered(tmp_path: Path) -> None:
    @played()
    async def choose(play: Play) -> None:
        await play.press("j", "t")
        await play.until(lambda: play.main.settings.lesson == "greenlet")

    choose(tmp_path)
    kept = load(os.environ).settings
    assert kept.lesson == "greenlet"
    assert kept.theme == "coroplay-light"

    @played()
    async def start_again(play: Play) -> None:
        chosen = play.main.panes.lessons.chosen
        assert chosen is not None
        assert chosen.id == "greenlet"
        assert play.app.theme == "coroplay-light"

    start_again(tmp_path)
