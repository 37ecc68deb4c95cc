"""Which of a lesson's programs are to be run, and with which arguments."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from coroplay.cli.catalogue import load, report_faults
from coroplay.cli.errors import NOT_FOUND, USAGE, CommandError
from coroplay.host.launch import Script
from coroplay.host.plan import Plan, Planned
from coroplay.host.ports import free_port
from coroplay.lessons import (
    BadValue,
    How,
    Lesson,
    NoSuchLesson,
    NoSuchProgram,
    ParameterType,
    Program,
    Value,
)


def find_lesson(parsed: Namespace) -> Lesson | None:
    """The lesson that is the target; None where that is a file. Raises CommandError."""
    catalogue = load(parsed)
    try:
        return catalogue.find(parsed.target)
    except NoSuchLesson as error:
        if Path(parsed.target).exists():
            return None
        report_faults(catalogue)
        raise CommandError(NOT_FOUND, str(error)) from None


def plan_lesson(parsed: Namespace, lesson: Lesson) -> Plan:
    """The programs that were asked for, or those that the lesson runs together, or its first."""
    together = lesson.together
    names = [*dict.fromkeys(parsed.program)]
    if not names:
        names = [*together.programs] if together else [lesson.programs[0].name]
    try:
        programs = [lesson.program(name) for name in names]
    except NoSuchProgram as error:
        raise CommandError(USAGE, str(error)) from None
    values = _values(lesson, programs, parsed.set)
    others = [] if parsed.program else [p.name for p in lesson.programs if p not in programs]
    return Plan(
        tuple(planned(program, values[program.name], parsed.arguments) for program in programs),
        at_once=together is None or together.how is How.AT_ONCE,
        compare=together is not None and together.compare and len(programs) > 1,
        others=tuple(others),
    )


def planned(program: Program, values: dict[str, Value], arguments: tuple[str, ...] = ()) -> Planned:
    """A lesson's program with the values of its parameters and further arguments."""
    return Planned(
        program.name,
        Script(os.fspath(program.file)),
        (*program.command_line(values), *arguments),
        program.main,
        program.reads_input,
        program.service,
        program.timed,
    )


def _values(
    lesson: Lesson, programs: Sequence[Program], settings: Sequence[str]
) -> dict[str, dict[str, Value]]:
    """For each program the values of its parameters, where they aren't the defaults."""
    values: dict[str, dict[str, Value]] = {program.name: {} for program in programs}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals:
            raise CommandError(USAGE, f"--set takes NAME=VALUE, not '{setting}'")
        _give(lesson, programs, values, name, text)
    agree_on_ports(programs, [values[program.name] for program in programs])
    return values


def _give(
    lesson: Lesson,
    programs: Sequence[Program],
    values: dict[str, dict[str, Value]],
    name: str,
    text: str,
) -> None:
    found = False
    for program in programs:
        for parameter in program.parameters:
            if parameter.name == name:
                found = True
                try:
                    values[program.name][name] = parameter.parse(text)
                except BadValue as error:
                    raise CommandError(USAGE, str(error)) from None
    if not found:
        names = {parameter.name: None for program in programs for parameter in program.parameters}
        there_are = f"it has {', '.join(names)}" if names else "it has none"
        who = "" if len(programs) > 1 else f" ({programs[0].name})"
        raise CommandError(USAGE, f"lesson {lesson.id}{who} has no parameter {name}; {there_are}")


def agree_on_ports(programs: Sequence[Program], values: Sequence[dict[str, Value]]) -> None:
    """Where several programs have a port of the same name left to us, it is one free port."""
    sharing: dict[str, list[dict[str, Value]]] = {}
    for program, given in zip(programs, values, strict=True):
        for parameter in program.parameters:
            left = given.get(parameter.name, parameter.default) == 0
            if parameter.type is ParameterType.PORT and left:
                sharing.setdefault(parameter.name, []).append(given)
    for name, sharers in sharing.items():
        if len(sharers) > 1:
            port = free_port()
            for sharer in sharers:
                sharer[name] = port
