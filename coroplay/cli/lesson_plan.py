"""The plan for a lesson that was named on the command line."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from coroplay.cli.catalogue import load, report_faults
from coroplay.cli.errors import NOT_FOUND, USAGE, CommandError
from coroplay.host.plan import Plan
from coroplay.lessons import (
    BadValue,
    Lesson,
    NoSuchLesson,
    NoSuchProgram,
    Parameter,
    Program,
    Value,
)
from coroplay.planning import choose_programs, plan_lesson


def find_lesson(parsed: Namespace) -> Lesson | None:
    """Return the lesson that is the target; None where that is a file. Raises CommandError."""
    catalogue = load(parsed)
    try:
        return catalogue.find(parsed.target)
    except NoSuchLesson as error:
        if Path(parsed.target).exists():
            return None
        report_faults(catalogue)
        raise CommandError(NOT_FOUND, str(error)) from None


def plan_named_lesson(parsed: Namespace, lesson: Lesson) -> Plan:
    """Return the plan for a lesson with the programs and values that were asked for.

    Raises CommandError.
    """
    try:
        programs = choose_programs(lesson, parsed.program)
    except NoSuchProgram as error:
        raise CommandError(USAGE, str(error)) from None
    plan = plan_lesson(lesson, _values(lesson, programs, parsed.set), parsed.program)
    return plan._replace(
        programs=tuple(
            program._replace(arguments=(*program.arguments, *parsed.arguments))
            for program in plan.programs
        )
    )


def _values(
    lesson: Lesson, programs: Sequence[Program], settings: Sequence[str]
) -> dict[str, dict[str, Value]]:
    """Return for each program the values of its parameters that were set."""
    values: dict[str, dict[str, Value]] = {program.name: {} for program in programs}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise CommandError(USAGE, f"--set takes NAME=VALUE, not '{setting}'")
        found = list(_parameters(programs, name))
        if not found:
            raise CommandError(USAGE, _no_parameter(lesson, programs, name))
        for program, parameter in found:
            try:
                values[program.name][name] = parameter.parse(text)
            except BadValue as error:
                raise CommandError(USAGE, str(error)) from None
    return values


def _parameters(programs: Sequence[Program], name: str) -> Iterator[tuple[Program, Parameter]]:
    """Find the programs that have a parameter of that name."""
    for program in programs:
        for parameter in program.parameters:
            if parameter.name == name:
                yield program, parameter


def _no_parameter(lesson: Lesson, programs: Sequence[Program], name: str) -> str:
    """Return the sentence for a parameter that no program has."""
    names = {parameter.name: None for program in programs for parameter in program.parameters}
    there_are = f"it has {', '.join(names)}" if names else "it has none"
    who = "" if len(programs) > 1 else f" ({programs[0].name})"
    return f"lesson {lesson.id}{who} has no parameter {name}; {there_are}"
