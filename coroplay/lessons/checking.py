"""Checks of lessons for their authors: everything in the folders is there, and runs.

The caller brings a runner for the programs, because this package starts no processes.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from coroplay.lessons.catalogue import Catalogue
from coroplay.lessons.faults import Fault
from coroplay.lessons.model import README, Lesson, Program, RunOrder
from coroplay.lessons.parameters import Value
from coroplay.lessons.reading import LESSON_FILE

LIBRARIES = frozenset({"gevent", "greenlet", "requests"})


@dataclass(frozen=True, slots=True)
class Trial:
    """One program to be run for the check, and its input."""

    program: Program
    values: dict[str, Value] = field(default_factory=dict)
    """Values by parameter, without ports: the runner picks those."""
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """The end of a program that was run."""

    status: int
    """The exit status; 128 + n if signal n ended the program."""
    stderr: str = ""
    timed_out: bool = False
    stopped: bool = False
    """True for a service that ran until the runner stopped it."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Programs of a lesson that ran as they should."""

    lesson: Lesson
    programs: tuple[Program, ...]


Runner: TypeAlias = Callable[[Lesson, Sequence[Trial]], Sequence[Result | None]]
"""Runs programs at the same time, stops the services among them with SIGTERM when the others have
ended, and returns their results in the same order; None for one that did not start because a
service had failed."""


def check(catalogue: Catalogue, runner: Runner) -> Iterator[Fault | Passed]:
    """Check all lessons, and yield each finding as soon as it is known.

    A lesson's programs are run only if there is no fault in its files.
    """
    yield from catalogue.faults
    for lesson in catalogue.lessons:
        faults = list(_faults_in_files(lesson))
        yield from faults
        if not faults:
            for trials in _trials(lesson):
                yield from _outcome(lesson, trials, runner(lesson, trials))


def _faults_in_files(lesson: Lesson) -> Iterator[Fault]:
    readme = lesson.folder / README
    if not readme.is_file():
        mend = "write one: what the lesson shows, what to watch for, something to try"
        yield Fault(readme, "the file", "is missing", mend)
    for file in sorted(lesson.folder.glob("*.py")):
        yield from _faults_in_script(file)
    for program in lesson.programs:
        yield from _faults_in_options(lesson, program)


def _faults_in_script(file: Path) -> Iterator[Fault]:
    if file.stem in LIBRARIES or file.stem in sys.stdlib_module_names:
        problem = f"hides Python's module {file.stem} from the programs beside it"
        yield Fault(file, "the name", problem, "give the file another name")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(file.read_bytes(), str(file), "exec", dont_inherit=True)
    except OSError as error:
        mend = "see that it may be read"
        yield Fault(file, "the file", f"can't be read: {error.strerror}", mend)
    except SyntaxError as error:
        key = f"line {error.lineno}" if error.lineno else "the file"
        yield Fault(file, key, f"is not Python: {error.msg}", "mend the line or the one above it")
    except (ValueError, RecursionError, MemoryError) as error:
        yield Fault(file, "the file", f"is not Python: {error}", "mend it")


def _faults_in_options(lesson: Lesson, program: Program) -> Iterator[Fault]:
    """Find parameters that the program's text does not even name: they can't do anything."""
    try:
        source = program.file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return  # Reported already.
    for parameter in program.parameters:
        option = f"--{parameter.name}"
        if option not in source:
            key = f"programs[{program.name}].parameters[{parameter.name}]"
            problem = f"{program.file.name} knows no {option}"
            mend = f'add to it: parser.add_argument("{option}", …)'
            yield Fault(lesson.folder / LESSON_FILE, key, problem, mend)


def _trials(lesson: Lesson) -> Iterator[list[Trial]]:
    """Return the programs to be run, in lists of those that run at the same time."""
    together = lesson.together
    at_once = together.programs if together and together.how is RunOrder.AT_ONCE else ()
    if at_once:
        yield [_trial(lesson.program(name)) for name in at_once]
    for program in lesson.programs:
        if program.name not in at_once:
            yield [_trial(program)]


def _trial(program: Program) -> Trial:
    quick = {p.name: p.check for p in program.parameters if p.check is not None}
    return Trial(program, quick, program.stand_in)


def _outcome(
    lesson: Lesson, trials: Sequence[Trial], results: Sequence[Result | None]
) -> Iterator[Fault | Passed]:
    faults: list[Fault] = []
    for trial, result in zip(trials, results, strict=True):
        problem = "" if result is None else _problem(trial.program, result)
        if problem:
            faults.append(_fault_of_run(lesson, trial, problem))
    yield from faults
    if not faults:
        yield Passed(lesson, tuple(trial.program for trial in trials))


def _problem(program: Program, result: Result) -> str:
    """Return what was wrong with a run, or nothing."""
    if program.service and result.stopped:
        return ""
    last = result.stderr.strip().rpartition("\n")[2].strip()
    because = f": {last}" if last else ""
    if result.timed_out:
        return f"did not end in time{because}"
    if program.service:
        return f"is a service, but ended by itself with status {result.status}{because}"
    return f"ended with status {result.status}{because}" if result.status else ""


def _fault_of_run(lesson: Lesson, trial: Trial, problem: str) -> Fault:
    file = trial.program.file
    words = [file.name, *trial.program.command_line(trial.values)]
    mend = f"see what it says: python {' '.join(words)}"
    return Fault(lesson.folder / LESSON_FILE, f"programs[{trial.program.name}]", problem, mend)
