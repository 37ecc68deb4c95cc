"""Recordings on the disk: kept, found and removed."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from coroplay.host.recordings import (
    DEFAULT_LIMIT,
    LIMIT_VARIABLE,
    NoSuchRecordingError,
    Recordings,
    RecordingsError,
    default_folder,
    prepare_folder,
    read_limit,
)

MEGABYTE = 1 << 20
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def recordings(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "state" / "coroplay" / "recordings")


def recording(recordings: Recordings, *, size: int = MEGABYTE) -> Path:
    path = recordings.new("program")
    (path / "steps").write_bytes(b"x" * size)
    return path


def test_recordings_lie_under_the_xdg_state_folder() -> None:
    assert default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/coroplay/recordings")


def test_a_relative_state_folder_is_ignored_as_the_specification_has_it() -> None:
    expected = Path("~/.local/state/coroplay/recordings").expanduser()
    assert default_folder({"XDG_STATE_HOME": "s"}) == expected
    assert default_folder({}) == expected


def test_a_new_recording_is_private(recordings: Recordings) -> None:
    path = recordings.new("eat_play")
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(recordings.folder.stat().st_mode) == 0o700
    assert list(path.iterdir()) == []


def test_names_say_the_program_and_sort_by_time(recordings: Recordings) -> None:
    made = [recordings.new("one"), recordings.new("../two words"), recordings.new("日本")]
    assert recordings.all() == made
    endings = [path.name.partition("-")[2] for path in made]
    assert endings == ["one", ".._two_words", "_"]


def test_last_finds_the_newest_recording(recordings: Recordings) -> None:
    recordings.new("one")
    newest = recordings.new("two")
    assert recordings.find("last") == newest


def test_a_recording_is_found_by_name_and_by_path(recordings: Recordings) -> None:
    path = recordings.new("one")
    assert recordings.find(path.name) == path
    assert recordings.find(str(path)) == path


@pytest.mark.parametrize("wanted", ["last", "nothing", "", "x" * 5000])
def test_a_recording_that_is_not_there_raises_a_sentence(
    recordings: Recordings, wanted: str
) -> None:
    with pytest.raises(NoSuchRecordingError, match="there is no recording"):
        recordings.find(wanted)


def test_a_file_is_no_recording(recordings: Recordings, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(NoSuchRecordingError, match="a recording is a folder"):
        recordings.find(str(tmp_path / "f"))


def test_the_oldest_are_removed_above_the_limit(recordings: Recordings) -> None:
    one, two, three = recording(recordings), recording(recordings), recording(recordings)
    assert recordings.prune(int(2.5 * MEGABYTE)) == [one]
    assert recordings.all() == [two, three]


def test_nothing_is_removed_below_the_limit(recordings: Recordings) -> None:
    recording(recordings)
    assert recordings.prune(2 * MEGABYTE) == []


def test_a_recording_that_is_being_written_stays(recordings: Recordings) -> None:
    one, two = recording(recordings), recording(recordings)
    with (one / "steps").open("rb") as steps:
        fcntl.flock(steps, fcntl.LOCK_EX)
        assert recordings.prune(0) == [two]


def test_a_recording_that_is_about_to_begin_stays(recordings: Recordings) -> None:
    fresh = recordings.new("fresh")
    assert recordings.prune(0) == []
    os.utime(fresh, (0, 0))
    (fresh / "meta.json").write_text("{}" * MEGABYTE)
    os.utime(fresh, (0, 0))
    assert recordings.prune(0) == [fresh]


def test_recordings_to_keep_stay(recordings: Recordings) -> None:
    one, two = recording(recordings), recording(recordings)
    assert recordings.prune(0, keep=[one]) == [two]


def test_links_are_not_followed_out_of_the_folder(recordings: Recordings, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_bytes(b"x" * MEGABYTE)
    path = recording(recordings, size=10)
    (path / "link").symlink_to(outside)
    (recordings.folder / "20000101T000000.000000-linked").symlink_to(outside)
    assert recordings.prune(0) == [path]
    assert (outside / "precious").exists()
    assert os.path.lexists(recordings.folder / "20000101T000000.000000-linked")


def test_folders_with_other_names_are_left_alone(recordings: Recordings) -> None:
    recording(recordings)
    notes = recordings.folder / "my notes"
    notes.mkdir()
    recordings.prune(0)
    assert notes.exists()


def test_the_limit_is_in_megabytes() -> None:
    assert read_limit({LIMIT_VARIABLE: "3"}) == 3 * MEGABYTE
    assert read_limit({}) == DEFAULT_LIMIT


@pytest.mark.parametrize("value", ["lots", "-1", "1.5", "٣"])
def test_a_bad_limit_raises_a_sentence_that_names_the_variable(value: str) -> None:
    with pytest.raises(RecordingsError, match=LIMIT_VARIABLE):
        read_limit({LIMIT_VARIABLE: value})


def test_a_folder_that_cannot_be_made_raises_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingsError, match="can't be written to"):
        Recordings(tmp_path / "file" / "recordings").new("x")


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_read_only_folder_raises_a_sentence(recordings: Recordings) -> None:
    recordings.new("one")
    recordings.folder.chmod(0o500)
    with pytest.raises(RecordingsError, match="can't be written to"):
        recordings.new("two")


def test_a_named_folder_is_made_private(tmp_path: Path) -> None:
    prepare_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_named_folder_must_be_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingsError, match="isn't empty"):
        prepare_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "sentence"), [("file", "is not a folder"), ("file/x", "a file is in the way")]
)
def test_a_named_folder_that_cannot_be_made_raises_a_sentence(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RecordingsError, match=sentence):
        prepare_folder(tmp_path / name)


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_named_folder_must_be_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(RecordingsError, match="can't be"):
        prepare_folder(tmp_path)
    with pytest.raises(RecordingsError, match="can't be"):
        prepare_folder(tmp_path / "x")
