"""A lesson whose folder has been read: its programs and texts."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from coroplay.lessons.faults import did_you_mean
from coroplay.lessons.parameters import Parameter, ParameterType, Value

README = "README.md"


class NoSuchProgram(LookupError):  # noqa: N818 - as NoSuchLesson
    """A lesson has no program of that name; the message is a sentence for the person."""


class NoSuchParameter(LookupError):  # noqa: N818 - as NoSuchLesson
    """A program has no parameter of that name; the message is a sentence for the person."""


class RunOrder(StrEnum):
    """The order in which the programs of a lesson run together."""

    AT_ONCE = "at once"
    IN_TURN = "in turn"


class Program(NamedTuple):
    """One script of a lesson."""

    name: str
    file: Path
    """The absolute path of the script."""
    title: str
    main: str = "main"
    """The name of the main coroutine."""
    reads_input: bool = False
    """True if it reads what the person types."""
    timed: bool = False
    """True if its time is the point, so that recording must not slow it down."""
    service: bool = False
    """True if it runs until it is stopped."""
    stand_in: str = ""
    """The text in place of the person's typing when the lesson is checked."""
    parameters: tuple[Parameter, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """Return the parameter of that name. Raises NoSuchParameter."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        guess = did_you_mean(name, names)
        raise NoSuchParameter(f"the program {self.name} has no parameter {name!r}: {guess}")

    def command_line(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """Return the program's arguments for values by parameter.

        A parameter without a value, or with the default, is left out; a port never is.
        Raises NoSuchParameter for a name that isn't a parameter's.
        """
        for name in values:
            self.parameter(name)
        words: list[str] = []
        for parameter in self.parameters:
            value = values.get(parameter.name, parameter.default)
            if value != parameter.default or parameter.type is ParameterType.PORT:
                words += _option(parameter.name, parameter.argument(value))
        return tuple(words)


def _option(name: str, argument: str) -> list[str]:
    """Return words for the command line: one if argparse would take the value for an option."""
    return [f"--{name}={argument}"] if argument.startswith("-") else [f"--{name}", argument]


class Together(NamedTuple):
    """The programs that `coroplay run LESSON` runs together."""

    programs: tuple[str, ...]
    how: RunOrder
    compare: bool = False
    """True if the programs' times are shown side by side."""


class Lesson(NamedTuple):
    """A folder of programs, with its texts."""

    id: str
    title: str
    summary: str
    order: int
    group: str
    watch: tuple[str, ...]
    folder: Path
    """The absolute path of the folder."""
    programs: tuple[Program, ...]
    together: Together | None = None

    @property
    def readme(self) -> str:
        """The lesson's text, as Markdown; a sentence if the file can't be read."""
        file = self.folder / README
        try:
            return file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            return f"The lesson's text can't be read: {error.strerror}: {file}\n"

    def program(self, name: str) -> Program:
        """Return the program of that name. Raises NoSuchProgram."""
        for program in self.programs:
            if program.name == name:
                return program
        guess = did_you_mean(name, [program.name for program in self.programs])
        raise NoSuchProgram(f"lesson {self.id} has no program {name!r}: {guess}")
