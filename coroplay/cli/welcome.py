"""`coroplay` alone, or with a target: the playground, or, without a terminal, advice."""

from __future__ import annotations

import os
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import Final

from coroplay import lessons
from coroplay.cli.arguments import COMMANDS
from coroplay.cli.catalogue import load
from coroplay.cli.errors import NOT_FOUND, USAGE, CommandError
from coroplay.cli.lesson_list import list_lessons

_HINT: Final = """
coroplay run 1       runs lesson 1          coroplay run my.py   runs a script of yours
coroplay steps last  tells what happened    coroplay --help      tells the rest"""


def welcome(parsed: Namespace) -> int:
    """Open the playground if there is a terminal to draw it on."""
    if _on_a_terminal():
        from coroplay import tui

        return tui.run(load(parsed))
    parsed.json = False
    list_lessons(parsed)
    print(_HINT)
    return 0


def open_target(parsed: Namespace) -> int:
    """Open the playground at a lesson, a script or a recording. Raises CommandError."""
    catalogue = load(parsed)
    target, arguments = parsed.target, shlex.join(parsed.arguments)
    path = Path(target)
    if target == "last" or path.is_dir():
        return _open_recording(catalogue, target)
    if path.is_file():
        _need_terminal(f"run {target}")
        from coroplay import tui

        return tui.run(catalogue, script=path, arguments=arguments)
    lesson = _lesson(catalogue, target)
    _need_terminal(f"run {target}")
    from coroplay import tui

    return tui.run(catalogue, lesson=lesson)


def _open_recording(catalogue: lessons.Catalogue, target: str) -> int:
    from coroplay.cli.open_recording import open_recording

    with open_recording(target) as recording:
        _need_terminal(f"steps {target}")
        from coroplay import tui

        return tui.run(catalogue, recording=recording)


def _lesson(catalogue: lessons.Catalogue, target: str) -> lessons.Lesson:
    try:
        return catalogue.find(target)
    except lessons.NoSuchLesson as error:
        if target.isdigit():
            raise CommandError(NOT_FOUND, str(error)) from None
        if target.endswith(".py") or os.sep in target:
            raise CommandError(USAGE, f"there is no script {target} (in {Path.cwd()})") from None
        raise CommandError(
            USAGE,
            f"there is no command {target}, only {', '.join(COMMANDS)}; nor is there a lesson,"
            " script or recording of that name",
        ) from None


def _need_terminal(command: str) -> None:
    if not _on_a_terminal():
        raise CommandError(
            USAGE, f"the playground needs a terminal; without one: coroplay {command}"
        )


def _on_a_terminal() -> bool:
    """Return whether Textual could draw: it needs standard input and standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    wired = all(stream is not None and stream.isatty() for stream in streams)
    return wired and os.environ.get("TERM", "dumb") not in {"dumb", "unknown", ""}
