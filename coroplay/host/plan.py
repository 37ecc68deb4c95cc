"""A run as it is planned: its programs, and how they run together."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from coroplay.host.launch import Module, Script

_SEARCHED = 1 << 20
"""Bytes of a script that are searched for signs of reading input."""


class PlannedProgram(NamedTuple):
    """One program that is to be run."""

    name: str
    target: Script | Module
    arguments: tuple[str, ...] = ()
    title: str = ""
    main_name: str | None = None
    """The name of its main coroutine; None for the probe's default."""
    reads_input: bool = False
    """True if it reads what the person types."""
    given: bytes | None = None
    """The whole of its input, in place of what the person types."""
    service: bool = False
    """True if it runs until the others have ended, and is then stopped."""
    timed: bool = False
    """True if its time is the point, so that recording must not slow it down."""


class Plan(NamedTuple):
    """One or several programs that run as one."""

    title: str
    programs: tuple[PlannedProgram, ...]
    at_once: bool = True
    """True if programs run at the same time; else they run in turn."""
    compare: bool = False
    """True if the programs' times are shown side by side."""
    lesson: str | None = None
    """The id of the lesson that the programs are from."""
    main_left: bool = False
    """True if the main coroutine always stands on the left in the step-through."""
    others: tuple[str, ...] = ()
    """The names of the lesson's programs that are left out although nobody chose."""


def plan_script(path: str, arguments: tuple[str, ...] = ()) -> Plan:
    """Return the plan for a script of the person's own."""
    program = PlannedProgram(
        Path(path).stem, Script(path), arguments, reads_input=_may_read_input(path)
    )
    return Plan(Path(path).name, (program,), main_left=True)


def plan_module(name: str, arguments: tuple[str, ...] = ()) -> Plan:
    """Return the plan for a module, run as with ``python -m``."""
    program = PlannedProgram(name.rpartition(".")[2], Module(name), arguments)
    return Plan(name, (program,))


def _may_read_input(path: str) -> bool:
    """Tell whether the text of a script mentions input."""
    try:
        with Path(path).open("rb") as script:
            text = script.read(_SEARCHED)
    except OSError:
        return False
    return b"input(" in text or b"stdin" in text
