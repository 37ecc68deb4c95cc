"""The catalogue finds lessons in several folders, by number and by id."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coroplay.lessons import (
    Lesson,
    NoSuchLesson,
    NoSuchProgram,
    built_in,
    folders,
    load,
)


def write_lesson(folder: Path, name: str, order: int) -> Path:
    home = folder / f"{order:02}_{name}"
    home.mkdir(parents=True)
    (home / "run.py").write_text("print()\n")
    (home / "README.md").write_text(f"# {name}\n")
    (home / "lesson.toml").write_text(
        f'id = "{name}"\ntitle = "T"\nsummary = "S"\norder = {order}\ngroup = "G"\nwatch = ["W"]\n'
        '[[programs]]\nname = "run"\nfile = "run.py"\ntitle = "R"\n'
    )
    return home


def ids(lessons: tuple[Lesson, ...]) -> list[str]:
    return [lesson.id for lesson in lessons]


def test_lessons_of_all_folders_are_sorted_by_their_order(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a", "late", 30)
    write_lesson(tmp_path / "a", "early", 2)
    write_lesson(tmp_path / "b", "middle", 11)
    catalogue = load([tmp_path / "a", tmp_path / "b"])
    assert ids(catalogue.lessons) == ["early", "middle", "late"]
    assert not catalogue.faults


def test_a_folder_may_be_a_lesson_itself(tmp_path: Path) -> None:
    home = write_lesson(tmp_path, "only", 3)
    assert ids(load([home]).lessons) == ["only"]


def test_paths_are_absolute_whatever_folder_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write_lesson(tmp_path / "mine", "here", 3)
    monkeypatch.chdir(tmp_path)
    (lesson,) = load([Path("mine")]).lessons
    assert lesson.folder == home
    assert lesson.programs[0].file == home / "run.py"


@pytest.mark.parametrize("wanted", ["7", "07", "seven", "Seven", " seven "])
def test_a_lesson_is_found_by_number_and_by_id(tmp_path: Path, wanted: str) -> None:
    write_lesson(tmp_path, "seven", 7)
    assert load([tmp_path]).find(wanted).order == 7


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("sevn", "there is no lesson 'sevn': did you mean 'seven'?"),
        ("99", "there is no lesson '99': choose from: 7 seven, 8 eight"),
        ("", "there is no lesson '': choose from: 7 seven, 8 eight"),
    ],
)
def test_a_lesson_that_does_not_exist_raises_a_sentence(
    tmp_path: Path, wanted: str, sentence: str
) -> None:
    write_lesson(tmp_path, "seven", 7)
    write_lesson(tmp_path, "eight", 8)
    with pytest.raises(NoSuchLesson) as caught:
        load([tmp_path]).find(wanted)
    assert str(caught.value) == sentence


def test_a_faulty_lesson_leaves_the_others_usable_and_is_mentioned(tmp_path: Path) -> None:
    write_lesson(tmp_path, "sound", 1)
    broken = write_lesson(tmp_path, "broken", 2)
    (broken / "lesson.toml").write_text("oops")
    catalogue = load([tmp_path])
    assert ids(catalogue.lessons) == ["sound"]
    with pytest.raises(NoSuchLesson, match=r"\(1 file has faults: coroplay check-lessons tells"):
        catalogue.find("broken")


def test_an_id_or_order_that_is_taken_names_both_files(tmp_path: Path) -> None:
    first = write_lesson(tmp_path / "a", "same", 4)
    second = write_lesson(tmp_path / "b", "same", 4)
    catalogue = load([tmp_path / "a", tmp_path / "b"])
    assert [lesson.folder for lesson in catalogue.lessons] == [first]
    their_id, their_order = map(str, catalogue.faults)
    assert their_id == (
        f"{second}/lesson.toml: id: 'same' is taken by {first}/lesson.toml; choose another id"
    )
    assert their_order == (
        f"{second}/lesson.toml: order: 4 is taken by {first}/lesson.toml; "
        "choose another number, 5 for one"
    )


def test_a_folder_named_twice_does_not_clash_with_itself(tmp_path: Path) -> None:
    home = write_lesson(tmp_path / "a", "once", 4)
    (tmp_path / "link").symlink_to(tmp_path / "a")
    catalogue = load([tmp_path / "a", tmp_path / "a", tmp_path / "link", home])
    assert [lesson.folder for lesson in catalogue.lessons] == [home]
    assert not catalogue.faults


def test_a_teachers_lessons_can_be_picked_from_the_others(tmp_path: Path) -> None:
    write_lesson(tmp_path / "a", "first", 1)
    write_lesson(tmp_path / "b", "second", 2)
    clash = write_lesson(tmp_path / "b", "first", 3)
    everything = load([tmp_path / "a", tmp_path / "b"])
    own = everything.within(tmp_path / "b")
    assert ids(own.lessons) == ["second"]
    assert [fault.file for fault in own.faults] == [clash / "lesson.toml"]
    assert not everything.within(tmp_path / "a").faults


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = load([tmp_path / "nowhere"]).faults
    assert str(fault) == (
        f"{tmp_path}/nowhere: the folder: can't be read: No such file or directory; "
        "name a folder that holds lessons"
    )


def test_a_folder_without_lessons_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "lesson.toml").touch()
    (fault,) = load([tmp_path]).faults
    assert fault.problem == "holds no lesson"


def test_a_misspelt_lesson_file_is_a_fault(tmp_path: Path) -> None:
    home = write_lesson(tmp_path, "spelt", 5)
    (home / "lesson.toml").rename(home / "lessons.toml")
    (fault,) = load([tmp_path]).faults
    assert (fault.file, fault.problem) == (home / "lesson.toml", "is missing")


def test_folders_come_from_the_package_the_environment_and_the_command_line() -> None:
    environ = {"COROPLAY_LESSONS": os.pathsep.join(["/a", "", "/b", "/a"])}
    assert folders(Path("/c"), environ) == [built_in(), Path("/a"), Path("/b"), Path("/c")]
    assert folders(None, {}) == [built_in()]


def test_a_folder_may_start_with_a_tilde(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/teacher")
    assert folders(Path("~/mine"), {})[1] == Path("/home/teacher/mine")


def test_the_readme_is_the_lessons_text(tmp_path: Path) -> None:
    home = write_lesson(tmp_path, "text", 6)
    (lesson,) = load([tmp_path]).lessons
    assert lesson.readme == "# text\n"
    (home / "README.md").unlink()
    assert lesson.readme.startswith("The lesson's text can't be read: No such file or directory:")


def test_a_program_that_does_not_exist_raises_a_sentence(tmp_path: Path) -> None:
    write_lesson(tmp_path, "one", 1)
    (lesson,) = load([tmp_path]).lessons
    assert lesson.program("run").title == "R"
    with pytest.raises(NoSuchProgram) as caught:
        lesson.program("rnu")
    assert str(caught.value) == "lesson one has no program 'rnu': did you mean 'run'?"
