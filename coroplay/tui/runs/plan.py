"""What is to be run: the programs of a lesson or one script, with their arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from coroplay.host.launch import Module, Script
from coroplay.host.ports import free_port
from coroplay.lessons import How, Lesson, ParameterType, Program, Value

Values = Mapping[str, Mapping[str, Value]]
"""What the person set: by program, by parameter."""


@dataclass(frozen=True, slots=True)
class Part:
    """One program of a run."""

    name: str
    target: Script | Module
    arguments: tuple[str, ...] = ()
    title: str = ""
    main_name: str | None = None
    reads_input: bool = False
    service: bool = False
    """Whether it runs until the others have ended, and is then told to stop."""
    timed: bool = False
    """Whether its time is the point: its lines are recorded only to step through it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One or several programs that run as one."""

    title: str
    parts: tuple[Part, ...]
    at_once: bool = False
    compare: bool = False
    """Whether the totals are to be seen beside each other."""
    lesson: str | None = None
    """The id of the lesson it comes from."""
    main_left: bool = False
    """Whether the main coroutine stands on the left in the step-through, always."""


def of_lesson(lesson: Lesson, values: Values, program: str | None = None) -> Plan:
    """What a lesson runs: that program, those that run together, or the first. Raises OSError."""
    title = f"{lesson.order} · {lesson.title}"
    together = lesson.together
    if program is None and together is not None:
        parts = tuple(_part(lesson.program(name), values) for name in together.programs)
        plan = Plan(title, parts, together.how is How.AT_ONCE, together.compare, lesson.id)
    else:
        chosen = lesson.program(program) if program else lesson.programs[0]
        plan = Plan(title, (_part(chosen, values),), lesson=lesson.id)
    return replace(_with_ports(plan, lesson, values), main_left=lesson.group == "Generators")


def of_script(path: Path, arguments: tuple[str, ...] = ()) -> Plan:
    """What the person's own script runs."""
    part = Part(path.stem, Script(os.fspath(path)), arguments, reads_input=_may_read(path))
    return Plan(path.name, (part,), main_left=True)


def _may_read(path: Path) -> bool:
    """Whether the text of a script speaks of reading input."""
    try:
        text = path.read_bytes()[: 1 << 20]
    except OSError:
        return False
    return b"input(" in text or b"stdin" in text


def _part(program: Program, values: Values) -> Part:
    return Part(
        program.name,
        Script(os.fspath(program.file)),
        program.command_line(values.get(program.name, {})),
        program.title,
        program.main,
        program.reads_input,
        program.service,
        program.timed,
    )


def _with_ports(plan: Plan, lesson: Lesson, values: Values) -> Plan:
    """The same port, a free one, for all programs that take one and were given none."""
    port: int | None = None
    parts: list[Part] = []
    for part in plan.parts:
        program = lesson.program(part.name)
        own = dict(values.get(part.name, {}))
        for parameter in program.parameters:
            given = own.get(parameter.name, parameter.default)
            if parameter.type is ParameterType.PORT and given == 0:
                port = free_port() if port is None else port
                own[parameter.name] = port
        parts.append(replace(part, arguments=program.command_line(own)))
    return replace(plan, parts=tuple(parts))
