"""What is remembered from one start to the next."""

from __future__ import annotations

from pathlib import Path

from coroplay.tui.settings import Settings, load, save, settings_file


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path / "state")}
    settings = Settings(theme="coroplay-light", lesson="queue", speed=4, welcomed=True)
    save(settings, environment)
    assert load(environment) == settings


def test_a_file_that_makes_no_sense_is_done_without(tmp_path: Path) -> None:
    environment = {"XDG_STATE_HOME": str(tmp_path)}
    file = settings_file(environment)
    assert file is not None
    file.parent.mkdir()
    for content in (b"\xff", b"[1]", b"{", b'{"theme": 5, "speed": "fast", "unknown": 1}'):
        file.write_bytes(content)
        assert load(environment) == Settings()


def test_a_relative_folder_is_ignored(tmp_path: Path) -> None:
    file = settings_file({"XDG_STATE_HOME": "relative"})
    assert file is None or file.is_absolute()
    save(Settings(), {"XDG_STATE_HOME": str(tmp_path / "file" / "below")})


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    save(Settings(), {"XDG_STATE_HOME": str(tmp_path / "file")})
