"""The target of ``coroplay run``: a lesson, a script or a module."""

from __future__ import annotations

import os
import stat
from argparse import Namespace
from pathlib import Path

from coroplay.cli.errors import USAGE, CommandError
from coroplay.host.plan import Plan, plan_module, plan_script


def plan_target(parsed: Namespace) -> Plan:
    """Return the plan for what the command line asks for. Raises CommandError."""
    if parsed.module is not None:
        if parsed.target is not None:
            raise CommandError(USAGE, f"name {parsed.target} or -m {parsed.module}, not both")
        _refuse_lesson_options(parsed, f"-m {parsed.module}")
        return plan_module(parsed.module, parsed.arguments)
    if parsed.target is None:
        raise CommandError(USAGE, "say what to run: a lesson's number or id, or a script")
    if _looks_like_a_script(parsed.target):
        return _plan_script(parsed)
    from coroplay.cli.lesson_plan import find_lesson, plan_named_lesson

    lesson = find_lesson(parsed)
    return _plan_script(parsed) if lesson is None else plan_named_lesson(parsed, lesson)


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
    return plan_script(parsed.target, parsed.arguments)


def _refuse_lesson_options(parsed: Namespace, target: str) -> None:
    if parsed.program or parsed.set:
        option = "--program" if parsed.program else "--set"
        raise CommandError(USAGE, f"{option} is for lessons; what {target} takes goes after --")
