"""Reading of a lesson's folder: lesson.toml becomes a Lesson, or else a list of its faults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import tomli

from coroplay.lessons import schema
from coroplay.lessons.faults import Fault, did_you_mean
from coroplay.lessons.model import Lesson, Program, RunOrder, Together
from coroplay.lessons.parameters import Parameter, ParameterType, Value
from coroplay.lessons.table import Table, describe

LESSON_FILE = "lesson.toml"
HIGHEST_ORDER = 9999
MOST_SENTENCES = 6
RENAME = "give one of the two another name"
NUMERIC = (ParameterType.INT, ParameterType.FLOAT)


def read_lesson(folder: Path) -> Lesson | list[Fault]:
    """Return the lesson in a folder, or else all the faults of its lesson.toml."""
    faults: list[Fault] = []
    content = _parse(folder / LESSON_FILE, faults)
    if content is None:
        return faults
    lesson = _lesson(folder, Table(folder / LESSON_FILE, "", content, schema.LESSON, faults))
    return faults or lesson


def _parse(file: Path, faults: list[Fault]) -> Mapping[str, object] | None:
    """Return the content of a TOML file; note a fault and return None if it isn't one."""
    if not file.is_file():
        faults.append(Fault(file, "the file", "is missing", "see that it is there, and a file"))
        return None
    try:
        return tomli.loads(file.read_bytes().decode())
    except OSError as error:
        problem = f"can't be read: {error.strerror}"
        faults.append(Fault(file, "the file", problem, "see that you may read it"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        faults.append(Fault(file, f"line {line}", "is not UTF-8", "save the file as UTF-8"))
    except ValueError as error:  # A fault of grammar, or a number of thousands of digits.
        faults.append(_syntax_fault(file, str(error)))
    except RecursionError:
        faults.append(Fault(file, "the file", "is nested too deeply", "write it flatter"))
    return None


def _syntax_fault(file: Path, message: str) -> Fault:
    """Return the fault for a message of the TOML reader's: `what (at line 3, column 7)`."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    what, line = (found[1], found[2]) if found else (message, None)
    key = f"line {line}" if line else "the end of the file"
    return Fault(file, key, f"is not TOML: {what}", "compare it with another lesson.toml")


def _lesson(folder: Path, table: Table) -> Lesson:
    identity = table.name("id", r"[a-z0-9][a-z0-9-]*")
    if identity.isdigit():
        table.fault("id", "is only digits", "numbers mean the order, so add a letter")
    programs = tuple(_program(folder, row) for row in table.tables("programs", schema.PROGRAM))
    if "programs" not in table or table.content["programs"] == []:
        table.fault("programs", "is missing", f"add {schema.LESSON['programs']}")
    _note_duplicates(table, "programs", [program.name for program in programs], RENAME)
    lesson = Lesson(
        id=identity,
        title=table.line("title"),
        summary=table.line("summary"),
        order=table.number("order", 1, HIGHEST_ORDER),
        group=table.line("group"),
        watch=table.lines("watch", 1, MOST_SENTENCES),
        folder=folder,
        programs=programs,
        together=_together(table, programs),
    )
    _note_unused_services(table, lesson)
    return lesson


def _note_duplicates(table: Table, key: str, names: list[str], mend: str) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        table.fault(key, f"has the name {name!r} twice", mend)


def _program(folder: Path, table: Table) -> Program:
    parameters = tuple(_parameter(row) for row in table.tables("parameters", schema.PARAMETER))
    _note_duplicates(table, "parameters", [parameter.name for parameter in parameters], RENAME)
    reads_input = table.flag("reads_input")
    if "stand_in" in table and not reads_input:
        table.fault("stand_in", "is for programs that read input", "add reads_input = true")
    service = table.flag("service")
    if service and reads_input:
        table.fault("service", "can't read input", "leave out one of service and reads_input")
    return Program(
        name=table.name("name", r"[a-z0-9_]+"),
        file=folder / _file(folder, table),
        title=table.line("title"),
        main=table.line("main") if "main" in table else "main",
        reads_input=reads_input,
        timed=table.flag("timed"),
        service=service,
        stand_in=table.text("stand_in"),
        parameters=parameters,
    )


def _file(folder: Path, table: Table) -> str:
    name = table.name("file", r"[^/\\]+\.py")
    if name and not (folder / name).is_file():
        scripts = [file.name for file in folder.glob("*.py")]
        mend = did_you_mean(name, scripts) if scripts else "put it beside lesson.toml"
        table.fault("file", f"there is no file {name!r} here", mend)
    return name


def _parameter(table: Table) -> Parameter:
    kind = table.one_of("type", ParameterType)
    name = table.name("name", r"[a-z][a-z0-9_]*")
    if name == "help":
        table.fault("name", "can't be 'help'", "choose another: --help is argparse's own")
    blank = Parameter(
        name=name,
        type=kind or ParameterType.TEXT,
        default="",
        help=table.line("help"),
        minimum=_bound(table, "minimum", kind),
        maximum=_bound(table, "maximum", kind),
        choices=_choices(table, kind),
    )
    low, high = blank.minimum, blank.maximum
    if low is not None and high is not None and low > high:
        table.fault("minimum", f"{low} is above the maximum, {high}", "swap the two")
    default = table.get("default")
    if kind is None:
        return blank
    return blank._replace(
        default=_value(table, "default", blank, default),
        check=_check(table, blank),
    )


def _bound(table: Table, key: str, kind: ParameterType | None) -> int | float | None:
    if key not in table:
        return None
    value = table.content[key]
    if kind is not None and kind not in NUMERIC:
        table.fault(key, f"does not go with the type {kind}", "leave it out")
        return None
    probe = Parameter(name=key, type=kind or ParameterType.FLOAT, default=0, help="")
    if not isinstance(value, int | float) or not probe.takes(value):
        table.fault(key, f"must be {probe.expected}, not {describe(value)}", "choose another")
        return None
    return value


def _choices(table: Table, kind: ParameterType | None) -> tuple[str, ...]:
    if kind is ParameterType.CHOICE:
        return table.lines("choices", least=1)
    if "choices" in table and kind is not None:
        table.fault("choices", f"does not go with the type {kind}", 'leave it out, or use "choice"')
    return ()


def _value(table: Table, key: str, parameter: Parameter, given: object) -> Value:
    """Return a value in the parameter's type; note a fault if the parameter doesn't take it."""
    value = tuple(given) if isinstance(given, list) else given
    if isinstance(value, int | float | str | tuple) and parameter.takes(value):
        if isinstance(value, int) and parameter.type is ParameterType.FLOAT:
            return float(value)
        return value
    if given is not None:
        table.fault(key, f"must be {parameter.expected}, not {describe(given)}", "choose another")
    return parameter.default


def _check(table: Table, parameter: Parameter) -> Value | None:
    if "check" not in table:
        return None
    if parameter.type is ParameterType.PORT:
        table.fault("check", "does not go with the type port", "leave it out")
        return None
    return _value(table, "check", parameter, table.content["check"])


def _together(table: Table, programs: tuple[Program, ...]) -> Together | None:
    if "together" not in table:
        return None
    content = table.content["together"]
    if not isinstance(content, dict):
        table.fault("together", "must be a table", "write it under a line [together]")
        return None
    below = Table(table.file, "together", content, schema.TOGETHER, table.faults)
    names = below.lines("programs", least=2)
    _note_duplicates(below, "programs", list(names), "name it once")
    known = [program.name for program in programs if program.name]
    for name in names:
        if name not in known:
            below.fault("programs", f"there is no program {name!r}", did_you_mean(name, known))
    how = below.one_of("how", RunOrder)
    compare = below.flag("compare")
    return Together(names, how, compare) if how else None


def _note_unused_services(table: Table, lesson: Lesson) -> None:
    """Note a fault for each service that nobody uses: it would never be stopped."""
    together = lesson.together
    at_once = together.programs if together and together.how is RunOrder.AT_ONCE else ()
    users = [p for p in lesson.programs if p.name in at_once and not p.service]
    for program in lesson.programs:
        if program.service and (program.name not in at_once or not users):
            mend = 'name it in [together], how = "at once", with a program that uses it'
            table.fault(f"programs[{program.name}].service", "would never end", mend)
