"""Checking reads all the files of a lesson, and judges how its programs have ended."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from coroplay.lessons import Fault, Lesson, load
from coroplay.lessons.checking import Passed, Result, Trial, check

NOT_UTF_8 = "Non-UTF-8 code" if sys.version_info >= (3, 14) else "(unicode error)"
"""The interpreter's words for it, at their start."""

HEAD = """\
id = "talk"
title = "T"
summary = "S"
order = 20
group = "G"
watch = ["W"]
"""

PROGRAM = """
[[programs]]
name = "{name}"
file = "{name}.py"
title = "T"
"""

PACE = """
[[programs.parameters]]
name = "pace"
type = "float"
default = 1.0
check = 0.5
help = "seconds"
"""

TOGETHER = """
[together]
programs = ["one", "two"]
how = "{how}"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A lesson with one program that has a parameter."""
    home = tmp_path / "20_talk"
    home.mkdir()
    (home / "README.md").write_text("# Talk\n")
    write(home, HEAD + PROGRAM.format(name="one") + PACE, "one")
    return home


def write(home: Path, text: str, *programs: str) -> None:
    (home / "lesson.toml").write_text(text)
    for name in programs:
        (home / f"{name}.py").write_text("print('--pace')\n")


class Log:
    """A runner that runs nothing: it notes the programs, and returns results made beforehand."""

    def __init__(self, *results: Result) -> None:
        self.results = list(results)
        self.trials: list[list[Trial]] = []

    def __call__(self, _: Lesson, trials: Sequence[Trial]) -> Sequence[Result]:
        self.trials.append(list(trials))
        return [self.results.pop(0) if self.results else Result(0) for trial in trials]

    @property
    def names(self) -> list[list[str]]:
        return [[trial.program.name for trial in trials] for trials in self.trials]


def checked(folder: Path, log: Log) -> list[Fault | Passed]:
    return list(check(load([folder.parent]), log))


def fault_of(folder: Path, log: Log | None = None) -> str:
    (fault,) = checked(folder, log or Log())
    assert isinstance(fault, Fault)
    return str(fault).removeprefix(f"{folder}/")


def test_a_program_that_ends_well_has_passed(folder: Path) -> None:
    log = Log()
    (passed,) = checked(folder, log)
    assert isinstance(passed, Passed)
    assert (passed.lesson.id, [p.name for p in passed.programs]) == ("talk", ["one"])


def test_programs_run_with_their_values_for_checking(folder: Path) -> None:
    log = Log()
    checked(folder, log)
    assert [trial.values for trial in log.trials[0]] == [{"pace": 0.5}]


def test_programs_together_at_once_run_as_one(folder: Path) -> None:
    three = "".join(PROGRAM.format(name=name) for name in ("one", "two", "three"))
    write(folder, HEAD + three + TOGETHER.format(how="at once"), "one", "two", "three")
    log = Log()
    checked(folder, log)
    assert log.names == [["one", "two"], ["three"]]


def test_programs_in_turn_run_one_by_one(folder: Path) -> None:
    two = "".join(PROGRAM.format(name=name) for name in ("one", "two"))
    write(folder, HEAD + two + TOGETHER.format(how="in turn"), "one", "two")
    log = Log()
    checked(folder, log)
    assert log.names == [["one"], ["two"]]


def serve(folder: Path) -> None:
    service = PROGRAM.format(name="one") + "service = true\n"
    reader = PROGRAM.format(name="two") + 'reads_input = true\nstand_in = "hi"\n'
    write(folder, HEAD + service + reader + TOGETHER.format(how="at once"), "one", "two")


def test_a_service_passes_when_it_ran_until_it_was_stopped(folder: Path) -> None:
    serve(folder)
    log = Log(Result(143, stopped=True), Result(0))
    (passed,) = checked(folder, log)
    assert isinstance(passed, Passed)
    assert [trial.stdin for trial in log.trials[0]] == ["", "hi"]


def test_a_service_that_ends_by_itself_is_a_fault(folder: Path) -> None:
    serve(folder)
    assert fault_of(folder, Log(Result(0), Result(0))) == (
        "lesson.toml: programs[one]: is a service, but ended by itself with status 0; "
        "see what it says: python one.py"
    )


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        (Result(1, "Traceback…\nOops: no\n\n"), "ended with status 1: Oops: no"),
        (Result(139), "ended with status 139"),
        (Result(137, timed_out=True), "did not end in time"),
    ],
)
def test_a_program_that_ends_badly_is_a_fault(folder: Path, result: Result, problem: str) -> None:
    assert fault_of(folder, Log(result)) == (
        f"lesson.toml: programs[one]: {problem}; see what it says: python one.py --pace 0.5"
    )


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (
            lambda home: (home / "README.md").unlink(),
            "README.md: the file: is missing; write one: what the lesson shows",
        ),
        (
            lambda home: (home / "one.py").write_text("'--pace'\nif\n"),
            "one.py: line 2: is not Python: invalid syntax; mend the line",
        ),
        (
            lambda home: (home / "one.py").write_text("'--pace'\nreturn\n"),
            "one.py: line 2: is not Python: 'return' outside function; mend the line",
        ),
        (
            lambda home: (home / "one.py").write_bytes(b"'--pace'\n'\xff'\n"),
            f"one.py: line 2: is not Python: {NOT_UTF_8}",
        ),
        (
            lambda home: (home / "one.py").write_text("print()\n"),
            "lesson.toml: programs[one].parameters[pace]: one.py knows no --pace; add to it:",
        ),
        (
            lambda home: (home / "queue.py").touch(),
            "queue.py: the name: hides Python's module queue from the programs beside it; give",
        ),
        (
            lambda home: (home / "gevent.py").touch(),
            "gevent.py: the name: hides Python's module gevent from the programs beside it; give",
        ),
    ],
)
def test_a_fault_in_a_file_is_reported_and_nothing_is_run(
    folder: Path, spoil: Callable[[Path], object], fault: str
) -> None:
    spoil(folder)
    log = Log()
    assert fault_of(folder, log).startswith(fault)
    assert not log.trials


def test_faults_in_lesson_files_come_first(folder: Path) -> None:
    other = folder.parent / "21_other"
    other.mkdir()
    (other / "lesson.toml").write_text("oops")
    first, second = checked(folder, Log())
    assert isinstance(first, Fault)
    assert first.file == other / "lesson.toml"
    assert isinstance(second, Passed)
