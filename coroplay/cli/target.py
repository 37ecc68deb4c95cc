"""The target of ``coroplay run``: a lesson, a script or a module."""

from __future__ import annotations

import os
import stat
from argparse import Namespace
from pathlib import Path

from coroplay.cli.errors import USAGE, CommandError
from coroplay.cli.plan import Plan, Planned
from coroplay.host.launch import Module, Script


def plan(parsed: Namespace) -> Plan:
    """Plan the run that the command line asks for. Raises CommandError."""
    if parsed.module is not None:
        if parsed.target is not None:
            raise CommandError(USAGE, f"name {parsed.target} or -m {parsed.module}, not both")
        _refuse_lesson_options(parsed, f"-m {parsed.module}")
        label = parsed.module.rpartition(".")[2]
        return Plan((Planned(label, Module(parsed.module), parsed.arguments),))
    if parsed.target is None:
        raise CommandError(USAGE, "say what to run: a lesson's number or id, or a script")
    if _looks_like_a_script(parsed.target):
        return _plan_script(parsed)
    from coroplay.cli.lesson_plan import find_lesson, plan_lesson

    lesson = find_lesson(parsed)
    return _plan_script(parsed) if lesson is None else plan_lesson(parsed, lesson)


def _looks_like_a_script(target: str) -> bool:
    return target.endswith(".py") or os.sep in target or target in {".", "..", "-"}


def _plan_script(parsed: Namespace) -> Plan:
    path = Path(parsed.target)
    _refuse_lesson_options(parsed, parsed.target)
    if parsed.target == "-":
        raise CommandError(USAGE, "a program can't be read from standard input; name its file")
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise CommandError(USAGE, f"there is no script {path} (in {Path.cwd()})") from None
    except OSError as error:
        raise CommandError(USAGE, f"{path} can't be read: {error.strerror}") from None
    if stat.S_ISDIR(mode):
        raise CommandError(USAGE, f"{path} is a folder; name a script in it")
    if not os.access(path, os.R_OK):
        raise CommandError(USAGE, f"{path} can't be read: you lack the permission")
    return Plan((Planned(path.stem, Script(parsed.target), parsed.arguments),))


def _refuse_lesson_options(parsed: Namespace, target: str) -> None:
    if parsed.program or parsed.set:
        option = "--program" if parsed.program else "--set"
        raise CommandError(USAGE, f"{option} is for lessons; what {target} takes goes after --")
