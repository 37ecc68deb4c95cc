"""All the lessons, the built-in ones and a teacher's own, by number and by id."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from coroplay.lessons.faults import Fault, did_you_mean
from coroplay.lessons.model import Lesson
from coroplay.lessons.reading import LESSON_FILE, read_lesson

VARIABLE = "COROPLAY_LESSONS"


class NoSuchLesson(LookupError):  # noqa: N818 - reads better where it is caught
    """No lesson has the number or id asked for; the message is a sentence for the person."""


class Catalogue(NamedTuple):
    """The lessons in their order, and the faults of those that could not be loaded."""

    lessons: tuple[Lesson, ...]
    faults: tuple[Fault, ...] = ()

    def find(self, wanted: str) -> Lesson:
        """Return the lesson of that number or id. Raises NoSuchLesson."""
        name = wanted.strip().lower()
        for lesson in self.lessons:
            if name == lesson.id or (name.isdecimal() and int(name) == lesson.order):
                return lesson
        raise NoSuchLesson(self._no_such(wanted))

    def within(self, folder: Path) -> Catalogue:
        """Return the lessons and faults in a folder, to check a teacher's own among the others."""
        home = folder.absolute()
        return Catalogue(
            tuple(lesson for lesson in self.lessons if lesson.folder.is_relative_to(home)),
            tuple(fault for fault in self.faults if fault.file.is_relative_to(home)),
        )

    def _no_such(self, wanted: str) -> str:
        shown = [f"{lesson.order} {lesson.id}" for lesson in self.lessons]
        guess = did_you_mean(wanted.lower(), [lesson.id for lesson in self.lessons], shown)
        sentence = f"there is no lesson {wanted!r}: {guess}"
        broken = len({fault.file for fault in self.faults})
        if broken:
            files = "1 file has" if broken == 1 else f"{broken} files have"
            sentence += f" ({files} faults: coroplay check-lessons tells which)"
        return sentence


def built_in() -> Path:
    """Return the folder of the lessons that come with coroplay: in the package or a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "demos"
    return installed if installed.is_dir() else package.parent / "demos"


def folders(extra: Path | None, environ: Mapping[str, str]) -> list[Path]:
    """Return the folders of lessons: the built-in one, those of COROPLAY_LESSONS, an extra one."""
    named = [Path(name) for name in environ.get(VARIABLE, "").split(os.pathsep) if name]
    own = [*named, extra] if extra else named
    return list(dict.fromkeys([built_in(), *(folder.expanduser().absolute() for folder in own)]))


def load(folders: Sequence[Path]) -> Catalogue:
    """Load the lessons in these folders; a faulty lesson leaves the others usable.

    A folder may also be a lesson itself.
    """
    lessons: dict[Path, Lesson] = {}
    faults: list[Fault] = []
    for folder in folders:
        for found in _find_lessons(folder):
            if isinstance(found, Fault):
                faults.append(found)
            elif (real := found.folder.resolve()) in lessons:
                continue  # The same folder under another name.
            elif clashes := _clashes(found, lessons.values()):
                faults += clashes
            else:
                lessons[real] = found
    in_order = sorted(lessons.values(), key=lambda lesson: lesson.order)
    return Catalogue(tuple(in_order), tuple(dict.fromkeys(faults)))


def _find_lessons(folder: Path) -> Iterator[Lesson | Fault]:
    folder = folder.absolute()
    try:
        inside = sorted(path for path in folder.iterdir() if _may_be_lesson(path))
        homes = [folder] if (folder / LESSON_FILE).exists() else inside
    except OSError as error:
        problem = f"can't be read: {error.strerror}"
        yield Fault(folder, "the folder", problem, "name a folder that holds lessons")
        return
    if not homes:
        mend = f"make a folder in it for each lesson, with a {LESSON_FILE}"
        yield Fault(folder, "the folder", "holds no lesson", mend)
    for home in homes:
        found = read_lesson(home)
        yield from [found] if isinstance(found, Lesson) else found


def _may_be_lesson(path: Path) -> bool:
    """Tell whether a path is a folder with a lesson.toml, even under a misspelt name."""
    if path.name.startswith((".", "_")) or not path.is_dir():
        return False
    return (path / LESSON_FILE).exists() or any(path.glob("*.toml"))


def _clashes(lesson: Lesson, others: Collection[Lesson]) -> list[Fault]:
    """Return faults for the number and the id, where another lesson has them already."""
    file = lesson.folder / LESSON_FILE
    clashes: list[Fault] = []
    for other in others:
        theirs = other.folder / LESSON_FILE
        if lesson.id == other.id:
            mend = "choose another id"
            clashes.append(Fault(file, "id", f"{lesson.id!r} is taken by {theirs}", mend))
        if lesson.order == other.order:
            free = max(known.order for known in others) + 1
            mend = f"choose another number, {free} for one"
            clashes.append(Fault(file, "order", f"{lesson.order} is taken by {theirs}", mend))
    return clashes
