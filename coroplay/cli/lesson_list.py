"""`coroplay list`: the lessons as a table, or as JSON."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from coroplay.cli.catalogue import load, report_faults
from coroplay.cli.paint import Paint, output_paint, pad, width
from coroplay.lessons import Lesson, Parameter, Program
from coroplay.sanitizing import clean


def list_lessons(parsed: Namespace) -> int:
    """Print all lessons."""
    catalogue = load(parsed)
    report_faults(catalogue)
    if parsed.json:
        print(json.dumps([_lesson_object(lesson) for lesson in catalogue.lessons], indent=2))
    else:
        for line in _table(catalogue.lessons, output_paint(parsed.color)):
            print(line)
    return 0


def _table(lessons: tuple[Lesson, ...], paint: Paint) -> Iterator[str]:
    ids = max((width(lesson.id) for lesson in lessons), default=0)
    titles = max((width(clean(lesson.title)) for lesson in lessons), default=0)
    programs = max((len(p.name) for lesson in lessons for p in lesson.programs), default=0)
    group = None
    for lesson in lessons:
        if lesson.group != group:
            if group is not None:
                yield ""
            group = lesson.group
            yield paint.bold(clean(group))
        left = f"{lesson.order:>4}  {pad(lesson.id, ids)}  {pad(clean(lesson.title), titles)}"
        for program in lesson.programs:
            parameters = "  ".join(map(_setting, program.parameters))
            yield f"{left}  {pad(program.name, programs)}  {paint.dim(parameters)}".rstrip()
            left = " " * width(left)


def _setting(parameter: Parameter) -> str:
    """Return a parameter as it could be given to ``--set``."""
    return clean(f"{parameter.name}={parameter.argument(parameter.default)}")


def _lesson_object(lesson: Lesson) -> dict[str, Any]:
    together = lesson.together
    return {
        "number": lesson.order,
        "id": lesson.id,
        "title": lesson.title,
        "summary": lesson.summary,
        "group": lesson.group,
        "watch": lesson.watch,
        "programs": [_program_object(program) for program in lesson.programs],
        "together": together
        and {"programs": together.programs, "how": together.how, "compare": together.compare},
    }


def _program_object(program: Program) -> dict[str, Any]:
    return {
        "name": program.name,
        "title": program.title,
        "file": str(program.file),
        "reads_input": program.reads_input,
        "service": program.service,
        "parameters": [_parameter_object(parameter) for parameter in program.parameters],
    }


def _parameter_object(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "type": parameter.type,
        "default": parameter.default,
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
        "choices": parameter.choices,
        "help": parameter.help,
    }
