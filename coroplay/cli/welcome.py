"""`coroplay` alone: the playground, or, where that can't be, the lessons and what to type."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from argparse import Namespace
from typing import Final

from coroplay.cli.catalogue import load
from coroplay.cli.lesson_list import list_lessons

_PLAYGROUND: Final = "coroplay.tui"
_HINT: Final = """
coroplay run 1       runs lesson 1          coroplay run my.py   runs a script of yours
coroplay steps last  tells what happened    coroplay --help      tells the rest"""


def welcome(parsed: Namespace) -> int:
    """Open the playground if there is one and a terminal to draw it on."""
    if _on_a_terminal() and importlib.util.find_spec(_PLAYGROUND) is not None:
        status: int = importlib.import_module(_PLAYGROUND).run(load(parsed))
        return status
    parsed.json = False
    list_lessons(parsed)
    print(_HINT)
    return 0


def _on_a_terminal() -> bool:
    """Whether Textual could draw: it reads standard input and writes to standard error."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    wired = all(stream is not None and stream.isatty() for stream in streams)
    return wired and os.environ.get("TERM", "dumb") not in {"dumb", "unknown", ""}
