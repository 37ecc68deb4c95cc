"""The command line: its grammar, and taking it apart."""

from __future__ import annotations

import argparse
import importlib
import os
from collections.abc import Callable, Sequence
from typing import Final, NoReturn

import coroplay
from coroplay.cli.errors import USAGE, CommandError

_OPEN: Final = "open"
"""The command behind ``coroplay TARGET``, whose name nobody types."""
COMMANDS: Final = ("list", "run", "steps", "info", "check-lessons", "completion")
LEVELS: Final = ("off", "switches", "lines")
STEP_KINDS: Final = ("switch", "line", "output", "spawn", "finish")
COLOURS: Final = ("auto", "always", "never")
SHELLS: Final = ("bash", "zsh", "fish")
_LONGEST_TIMEOUT: Final = 1e8
"""Seconds: three years, which the system's timers can still be given."""
_VALUED_EVERYWHERE: Final = frozenset({"--color", "--lessons"})
_VALUED_BY_RUN: Final = _VALUED_EVERYWHERE | {
    "--program", "--set", "--level", "--budget", "--record", "--own", "--not-own", "--timeout",
    "--grace", "-m",
}  # fmt: skip
_FLAGS_OF_RUN: Final = frozenset({"--quiet", "-q", "--help", "-h"})

_EPILOG = """\
without a command: the playground, or the list of lessons where there is no terminal;
coroplay 5, coroplay my.py and coroplay RECORDING open it there

exit status: the program's own; 2 wrong usage, 3 no such lesson or recording,
124 time was up, 128 + N ended by signal N
"""
_RUN_EPILOG = """\
coroplay's own options stand before or right after TARGET; from the first other word on, and after
--, everything belongs to the program:

  coroplay run 1 --set pace=0.2        lesson 1, faster
  coroplay run 3                       both programs of lesson 3, and how they compare
  coroplay run game.py --level lines level1.txt
  coroplay run game.py -- --fast       an option of the program's own
  coroplay run -m package.module 8000
"""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """A formatter that knows its width: argparse would import shutil and more to find it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=26, width=_columns())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandError(USAGE, f"{message}; see {self.prog} --help")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Take a command line apart; `command` is the function to call. Raises CommandError."""
    ours, programs = _split(list(arguments))
    parsed = parser().parse_args(ours)
    parsed.arguments = tuple(programs)
    return parsed


def parser() -> argparse.ArgumentParser:
    """Make the parser of the whole command line; completion uses it too."""
    top = _Parser(
        prog="coroplay",
        description="A playground in which you see coroutines run: generators, greenlet, gevent.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    version = f"coroplay {coroplay.__version__}"
    top.add_argument("--version", action="version", version=version, help="show the version")
    top.set_defaults(
        command=_lazily("coroplay.cli.welcome", "welcome"),
        prints=True,
        color="auto",
        lessons=None,
    )
    _everywhere(top)
    commands = top.add_subparsers(
        title="commands", metavar="COMMAND", prog="coroplay", parser_class=_Parser
    )
    _add_open(commands)
    for add in (_add_list, _add_run, _add_steps, _add_info, _add_check, _add_completion):
        add(commands)
    return top


Commands = argparse._SubParsersAction  # It has no public name.


def _new(
    commands: Commands[_Parser],
    name: str,
    help_text: str,
    command: Callable[[argparse.Namespace], int],
    epilog: str | None = None,
) -> argparse.ArgumentParser:
    new = commands.add_parser(
        name,
        help=help_text,
        description=help_text,
        epilog=epilog,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    new.set_defaults(command=command)
    _everywhere(new)
    return new


def _add_open(commands: Commands[_Parser]) -> None:
    new = commands.add_parser(_OPEN, allow_abbrev=False)
    new.set_defaults(command=_lazily("coroplay.cli.welcome", "open_target"), prints=False)
    new.add_argument("target")


def _everywhere(adding: argparse.ArgumentParser) -> None:
    """Add the options that may stand before the command and after it."""
    adding.add_argument(
        "--color", choices=COLOURS, default=argparse.SUPPRESS, help="colours; auto heeds NO_COLOR"
    )
    adding.add_argument(
        "--lessons",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="one more folder of lessons, beside those in COROPLAY_LESSONS",
    )


def _add_list(commands: Commands[_Parser]) -> None:
    new = _new(
        commands, "list", "show the lessons", _lazily("coroplay.cli.lesson_list", "list_lessons")
    )
    new.add_argument("--json", action="store_true", help="as one JSON array")


def _add_run(commands: Commands[_Parser]) -> None:
    new = _new(
        commands,
        "run",
        "run a lesson, a script or a module, and record it",
        _lazily("coroplay.cli.run", "run"),
        _RUN_EPILOG,
    )
    new.set_defaults(prints=False)
    new.usage = "coroplay run [options] (TARGET | -m MODULE) [options] [[--] ARGS...]"
    new.add_argument("target", metavar="TARGET", nargs="?", help="lesson (number or id) or script")
    new.add_argument("-m", dest="module", metavar="MODULE", help="a module instead of a TARGET")
    new.add_argument(
        "--program",
        metavar="NAME",
        action="append",
        default=[],
        help="only this program of the lesson; may be given more than once",
    )
    new.add_argument(
        "--set",
        metavar="P=VALUE",
        action="append",
        default=[],
        help="give a parameter of the lesson a value; may be given more than once",
    )
    new.add_argument(
        "--level",
        choices=LEVELS,
        help="what to record: lines and switches (so it is by default); switches alone; or off",
    )
    new.add_argument("--budget", metavar="N", type=_count, help="record at most so many lines")
    new.add_argument("--record", metavar="DIR", help="put the recording there")
    new.add_argument(
        "--own",
        metavar="PATH",
        action="append",
        default=[],
        help="a file or folder that is your own code too; may be given more than once",
    )
    new.add_argument(
        "--not-own",
        metavar="PATH",
        action="append",
        default=[],
        help="one that is not, though it lies in your project",
    )
    new.add_argument("--timeout", metavar="S", type=_seconds, help="end it after S seconds")
    new.add_argument(
        "--grace", metavar="S", type=_seconds, help="end it by force S seconds after a SIGTERM"
    )
    new.add_argument("-q", "--quiet", action="store_true", help="no summary")


def _add_steps(commands: Commands[_Parser]) -> None:
    new = _new(
        commands, "steps", "tell a recording step by step", _lazily("coroplay.cli.steps", "steps")
    )
    _add_recording(new)
    new.add_argument("--json", action="store_true", help="one JSON object a line")
    new.add_argument(
        "--coroutine",
        metavar="NAME",
        action="append",
        default=[],
        help="only what this one does, by its name or number; may be given more than once",
    )
    new.add_argument(
        "--kind",
        choices=STEP_KINDS,
        action="append",
        default=[],
        help="only steps of this kind; may be given more than once",
    )
    new.add_argument("--own", action="store_true", help="only steps in your own code")
    new.add_argument("--from", dest="first", metavar="N", type=_step, default=0, help="from step N")
    new.add_argument("--to", dest="last", metavar="N", type=_step, help="up to step N")


def _add_info(commands: Commands[_Parser]) -> None:
    new = _new(
        commands, "info", "sum a recording up: its coroutines, how it ended",
        _lazily("coroplay.cli.info", "info"),
    )  # fmt: skip
    _add_recording(new)
    new.add_argument("--json", action="store_true", help="as one JSON object")


def _add_recording(adding: argparse.ArgumentParser) -> None:
    adding.add_argument(
        "recording", metavar="RECORDING", help="a recording's folder, or last for the newest"
    )


def _add_check(commands: Commands[_Parser]) -> None:
    new = _new(
        commands, "check-lessons", "look for faults in lessons, and run all their programs",
        _lazily("coroplay.cli.check", "check_lessons"),
    )  # fmt: skip
    new.add_argument(
        "folder", metavar="DIR", nargs="?", help="a folder of lessons; without it the built-in ones"
    )


def _add_completion(commands: Commands[_Parser]) -> None:
    new = _new(
        commands, "completion", "print a script that completes coroplay's commands with Tab",
        _lazily("coroplay.cli.completion", "completion"),
        'for bash, put this into ~/.bashrc:  eval "$(coroplay completion bash)"',
    )  # fmt: skip
    new.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))


def _lazily(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    def command(parsed: argparse.Namespace) -> int:
        function = getattr(importlib.import_module(module), name)
        status: int = function(parsed)
        return status

    return command


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split a command line into coroplay's own words and those of the program to be run.

    argparse can't do it: its REMAINDER takes our options with the program's, and its treatment of
    ``--`` differs between Python versions.
    """
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] in _VALUED_EVERYWHERE else 1
    if at >= len(arguments):
        return arguments, []
    if arguments[at] not in COMMANDS:
        return [*arguments[:at], _OPEN, *arguments[at : at + 1]], arguments[at + 1 :]
    if arguments[at] != "run":
        return arguments, []
    at += 1
    has_target = False
    while at < len(arguments):
        word = arguments[at]
        if word == "--":
            return arguments[:at], arguments[at + 1 :]
        if word in _VALUED_BY_RUN:
            has_target = has_target or word == "-m"
            at += 2
        elif word.startswith("-") and word != "-":
            _check_option(word)
            has_target = has_target or word.startswith("-m")
            at += 1
        elif has_target:
            return arguments[:at], arguments[at:]
        else:
            has_target = True
            at += 1
    return arguments, []


def _check_option(word: str) -> None:
    name, equals, _ = word.partition("=")
    if word in _FLAGS_OF_RUN or (equals and name in _VALUED_BY_RUN) or word.startswith("-m"):
        return
    raise CommandError(
        USAGE,
        f"coroplay run has no option {name}; if it is for the program, put it after --:"
        f" coroplay run TARGET -- {word}",
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"it must be a number of seconds above 0, not '{text}'")
    return min(seconds, _LONGEST_TIMEOUT)


def _step(text: str) -> int:
    return _whole(text, "the number of a step")


def _count(text: str) -> int:
    return _whole(text, "a whole number of lines")


def _whole(text: str, wanted: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"it must be {wanted}, not '{text}'")
    return int(text)


def _columns() -> int:
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isdigit() and int(chosen) > 20:
        return int(chosen) - 2
    try:
        return min(os.get_terminal_size().columns, 100) - 2
    except OSError:
        return 78
