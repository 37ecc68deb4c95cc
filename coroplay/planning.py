"""Plans made of lessons: which programs run, with which arguments, and on which ports."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from coroplay.host.launch import Script
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.ports import free_ports
from coroplay.lessons import Lesson, ParameterType, Program, RunOrder, Value

Values = Mapping[str, Mapping[str, Value]]
"""The values of parameters that differ from the defaults: by program, by parameter."""


def choose_programs(lesson: Lesson, names: Sequence[str] = ()) -> tuple[Program, ...]:
    """Return the programs named, or else those that the lesson runs together, or its first.

    Raises NoSuchProgram.
    """
    if not names:
        names = lesson.together.programs if lesson.together else [lesson.programs[0].name]
    return tuple(lesson.program(name) for name in dict.fromkeys(names))


def plan_lesson(lesson: Lesson, values: Values, names: Sequence[str] = ()) -> Plan:
    """Return the plan for a lesson, or for those of its programs that are named.

    Raises NoSuchProgram, NoSuchParameter, and OSError where there is no free port.
    """
    programs, together = choose_programs(lesson, names), lesson.together
    others = () if names else tuple(p.name for p in lesson.programs if p not in programs)
    return Plan(
        f"{lesson.order} · {lesson.title}",
        plan_programs(programs, values),
        at_once=together is None or together.how is RunOrder.AT_ONCE,
        compare=together is not None and together.compare and len(programs) > 1,
        lesson=lesson.id,
        main_left=lesson.group == "Generators",
        others=others,
    )


def plan_programs(programs: Sequence[Program], values: Values) -> tuple[PlannedProgram, ...]:
    """Return programs of a lesson as they are run together: with arguments that fit each other."""
    shared = share_ports(programs, values)
    return tuple(
        PlannedProgram(
            program.name,
            Script(os.fspath(program.file)),
            program.command_line(shared[program.name]),
            program.title,
            program.main,
            reads_input=program.reads_input,
            service=program.service,
            timed=program.timed,
        )
        for program in programs
    )


def share_ports(programs: Sequence[Program], values: Values) -> dict[str, dict[str, Value]]:
    """Return the values, with a free port for each port parameter that programs have in common.

    Programs that have a port parameter of the same name, and were given none, get the same port. A
    port that only one program has is left to that program. Raises OSError if no port is free.
    """
    shared = {program.name: dict(values.get(program.name, {})) for program in programs}
    sharing: dict[str, list[str]] = {}
    for program in programs:
        for name in _open_ports(program, shared[program.name]):
            sharing.setdefault(name, []).append(program.name)
    common = [name for name, sharers in sharing.items() if len(sharers) > 1]
    for name, port in zip(common, free_ports(len(common)), strict=True):
        for sharer in sharing[name]:
            shared[sharer][name] = port
    return shared


def _open_ports(program: Program, values: Mapping[str, Value]) -> Iterator[str]:
    """Find the names of a program's port parameters that were given no port."""
    for parameter in program.parameters:
        given = values.get(parameter.name, parameter.default)
        if parameter.type is ParameterType.PORT and given == 0:
            yield parameter.name
