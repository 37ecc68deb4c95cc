"""`coroplay completion`: a script for the shell, made from the command line's own description."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator, Sequence

import shtab

from coroplay.cli.arguments import parser
from coroplay.cli.catalogue import load

Completer = dict[str, str | dict[str, str]]
"""The form that shtab takes: for each shell a word's completion, and the function it needs."""


def completion(parsed: argparse.Namespace) -> int:
    """Print the script, with the lessons that there are at this moment."""
    lessons = load(parsed).lessons
    names = [name for lesson in lessons for name in (str(lesson.order), lesson.id)]
    programs = {program.name for lesson in lessons for program in lesson.programs}
    completers = {
        "target": _words_or_files("target", names),
        "program": _words("program", sorted(programs)),
        "recording": _words_or_files("recording", ["last"]),
        "record": shtab.DIRECTORY,
        "own": shtab.FILE,
        "not_own": shtab.FILE,
        "lessons": shtab.DIRECTORY,
        "folder": shtab.DIRECTORY,
    }
    described = parser()
    for action in _actions(described):
        if action.dest in completers:
            action.complete = completers[action.dest]  # type: ignore[attr-defined]
    print(shtab.complete(described, shell=parsed.shell))
    return 0


def _actions(described: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in described._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


def _words(name: str, words: Sequence[str]) -> Completer:
    listed = shlex.join(words)
    bash = f'_coroplay_{name}() {{\n  compgen -W {shlex.quote(listed)} -- "$1"\n}}\n'
    return {
        "bash": f"_coroplay_{name}",
        "zsh": f"({listed})",
        "fish": f"(printf '%s\\n' {listed})",
        "preamble": {"bash": bash},
    }


def _words_or_files(name: str, words: Sequence[str]) -> Completer:
    listed = shlex.join(words)
    function = f"_coroplay_{name}_or_file"
    bash = f'compgen -W {shlex.quote(listed)} -- "$1"; compgen -f -- "$1"'
    zsh = f"compadd -- {listed}; _files"
    return {
        "bash": function,
        "zsh": function,
        "fish": f"(printf '%s\\n' {listed}; __fish_complete_path (commandline -ct))",
        "preamble": {
            "bash": f"{function}() {{\n  {bash}\n}}\n",
            "zsh": f"{function}() {{\n  {zsh}\n}}\n",
        },
    }
