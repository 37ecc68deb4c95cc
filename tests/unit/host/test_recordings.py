"""Where recordings are kept, found and dropped."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from coroplay.host import recordings as shelves
from coroplay.host.recordings import NoSuchRecordingError, Shelf, ShelfError

MEGABYTE = 1 << 20
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "state" / "coroplay" / "recordings")


def recording(shelf: Shelf, *, size: int = MEGABYTE) -> Path:
    path = shelf.new("program")
    (path / "steps").write_bytes(b"x" * size)
    return path


def test_recordings_lie_under_the_xdg_state_folder() -> None:
    assert shelves.default_folder({"XDG_STATE_HOME": "/s"}) == Path("/s/coroplay/recordings")


def test_a_relative_state_folder_is_ignored_as_the_specification_has_it() -> None:
    expected = Path("~/.local/state/coroplay/recordings").expanduser()
    assert shelves.default_folder({"XDG_STATE_HOME": "s"}) == expected
    assert shelves.default_folder({}) == expected


def test_a_new_recording_is_private(shelf: Shelf) -> None:
    path = shelf.new("eat_play")
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700
    assert list(path.iterdir()) == []


def test_names_say_the_program_and_sort_by_time(shelf: Shelf) -> None:
    made = [shelf.new("one"), shelf.new("../two words"), shelf.new("日本")]
    assert shelf.all() == made
    endings = [path.name.partition("-")[2] for path in made]
    assert endings == ["one", ".._two_words", "_"]


def test_the_last_one_is_found(shelf: Shelf) -> None:
    shelf.new("one")
    newest = shelf.new("two")
    assert shelf.find("last") == newest


def test_one_is_found_by_its_name_and_by_its_path(shelf: Shelf) -> None:
    path = shelf.new("one")
    assert shelf.find(path.name) == path
    assert shelf.find(str(path)) == path


@pytest.mark.parametrize("wanted", ["last", "nothing", "", "x" * 5000])
def test_what_is_not_there_is_said_in_a_sentence(shelf: Shelf, wanted: str) -> None:
    with pytest.raises(NoSuchRecordingError, match="there is no recording"):
        shelf.find(wanted)


def test_a_file_is_no_recording(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "f").write_text("")
    with pytest.raises(NoSuchRecordingError, match="a recording is a folder"):
        shelf.find(str(tmp_path / "f"))


def test_the_oldest_are_dropped_past_the_limit(shelf: Shelf) -> None:
    one, two, three = recording(shelf), recording(shelf), recording(shelf)
    assert shelf.prune(int(2.5 * MEGABYTE)) == [one]
    assert shelf.all() == [two, three]


def test_nothing_is_dropped_below_the_limit(shelf: Shelf) -> None:
    recording(shelf)
    assert shelf.prune(2 * MEGABYTE) == []


def test_a_recording_that_is_being_written_stays(shelf: Shelf) -> None:
    one, two = recording(shelf), recording(shelf)
    with (one / "steps").open("rb") as steps:
        fcntl.flock(steps, fcntl.LOCK_EX)
        assert shelf.prune(0) == [two]


def test_one_that_is_about_to_begin_stays(shelf: Shelf) -> None:
    fresh = shelf.new("fresh")
    assert shelf.prune(0) == []
    os.utime(fresh, (0, 0))
    (fresh / "meta.json").write_text("{}" * MEGABYTE)
    os.utime(fresh, (0, 0))
    assert shelf.prune(0) == [fresh]


def test_the_ones_to_keep_stay(shelf: Shelf) -> None:
    one, two = recording(shelf), recording(shelf)
    assert shelf.prune(0, keep=[one]) == [two]


def test_links_are_not_followed_out_of_the_shelf(shelf: Shelf, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious").write_bytes(b"x" * MEGABYTE)
    path = recording(shelf, size=10)
    (path / "link").symlink_to(outside)
    (shelf.folder / "20000101T000000.000000-linked").symlink_to(outside)
    assert shelf.prune(0) == [path]
    assert (outside / "precious").exists()
    assert os.path.lexists(shelf.folder / "20000101T000000.000000-linked")


def test_what_is_not_ours_in_the_folder_is_left_alone(shelf: Shelf) -> None:
    recording(shelf)
    notes = shelf.folder / "my notes"
    notes.mkdir()
    shelf.prune(0)
    assert notes.exists()


def test_the_limit_is_in_megabytes() -> None:
    assert shelves.limit({shelves.LIMIT_VARIABLE: "3"}) == 3 * MEGABYTE
    assert shelves.limit({}) == shelves.DEFAULT_LIMIT


@pytest.mark.parametrize("value", ["lots", "-1", "1.5", "٣"])
def test_a_bad_limit_is_a_sentence_that_names_the_variable(value: str) -> None:
    with pytest.raises(ShelfError, match=shelves.LIMIT_VARIABLE):
        shelves.limit({shelves.LIMIT_VARIABLE: value})


def test_a_shelf_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShelfError, match="can't be written to"):
        Shelf(tmp_path / "file" / "recordings").new("x")


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_read_only_shelf_is_a_sentence(shelf: Shelf) -> None:
    shelf.new("one")
    shelf.folder.chmod(0o500)
    with pytest.raises(ShelfError, match="can't be written to"):
        shelf.new("two")


def test_a_named_folder_is_made_private(tmp_path: Path) -> None:
    shelves.prepare(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700


def test_a_named_folder_must_be_empty(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShelfError, match="isn't empty"):
        shelves.prepare(tmp_path)


@pytest.mark.parametrize(
    ("name", "sentence"), [("file", "is not a folder"), ("file/x", "a file is in the way")]
)
def test_a_named_folder_that_cannot_be_one_is_a_sentence(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ShelfError, match=sentence):
        shelves.prepare(tmp_path / name)


@pytest.mark.skipif(AS_ROOT, reason="root may write everywhere")
def test_a_named_folder_must_be_writable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ShelfError, match="can't be"):
        shelves.prepare(tmp_path)
    with pytest.raises(ShelfError, match="can't be"):
        shelves.prepare(tmp_path / "x")
