"""What a lesson is made of, once its folder has been read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from coroplay.lessons.faults import did_you_mean
from coroplay.lessons.parameters import Parameter, ParameterType, Value

README = "README.md"


class NoSuchProgram(LookupError):  # noqa: N818 - as NoSuchLesson
    """A lesson has no program of that name; str() of it is a sentence for the person."""


class NoSuchParameter(LookupError):  # noqa: N818 - as NoSuchLesson
    """A program has no parameter of that name; str() of it is a sentence for the person."""


class How(StrEnum):
    """How the programs of a lesson run together."""

    AT_ONCE = "at once"
    IN_TURN = "in turn"


class Program(NamedTuple):
    """One script of a lesson."""

    name: str
    file: Path
    """Absolute."""
    title: str
    main: str = "main"
    """The name that the main coroutine goes by."""
    reads_input: bool = False
    """Whether it reads what the person types."""
    timed: bool = False
    """Whether its time is the point: it is recorded as little as can be."""
    service: bool = False
    """Whether it runs until it is told to stop."""
    stand_in: str = ""
    """What stands in for the person's typing when the lesson is checked."""
    parameters: tuple[Parameter, ...] = ()

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name; raises NoSuchParameter."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        names = [parameter.name for parameter in self.parameters]
        guess = did_you_mean(name, names)
        raise NoSuchParameter(f"the program {self.name} has no parameter {name!r}: {guess}")

    def command_line(self, values: Mapping[str, Value]) -> tuple[str, ...]:
        """The program's arguments for these values, by parameter.

        What isn't given, or equals the default, is left to the program; a port never is.
        Raises NoSuchParameter for a name that isn't one of its parameters.
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
    """Words for the command line; joined where argparse would take the value for an option."""
    return [f"--{name}={argument}"] if argument.startswith("-") else [f"--{name}", argument]


class Together(NamedTuple):
    """Which programs `coroplay run LESSON` runs, and how."""

    programs: tuple[str, ...]
    how: How
    compare: bool = False
    """Whether the totals are shown beside each other."""


class Lesson(NamedTuple):
    """A folder of programs, with what there is to know about them."""

    id: str
    title: str
    summary: str
    order: int
    group: str
    watch: tuple[str, ...]
    folder: Path
    """Absolute."""
    programs: tuple[Program, ...]
    together: Together | None = None

    @property
    def readme(self) -> str:
        """The lesson's text, as Markdown; a sentence where it can't be read."""
        file = self.folder / README
        try:
            return file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            return f"The lesson's text can't be read: {error.strerror}: {file}\n"

    def program(self, name: str) -> Program:
        """The program of that name; raises NoSuchProgram."""
        for program in self.programs:
            if program.name == name:
                return program
        guess = did_you_mean(name, [program.name for program in self.programs])
        raise NoSuchProgram(f"lesson {self.id} has no program {name!r}: {guess}")
