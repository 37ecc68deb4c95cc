"""Failures of commands: one clear sentence each, with an exit status."""

from __future__ import annotations

import os
import sys
from typing import Final

FAILURE: Final = 1
USAGE: Final = 2
NOT_FOUND: Final = 3
INTERRUPTED: Final = 130
"""128 + SIGINT."""
READER_GONE: Final = 141
"""128 + SIGPIPE."""


class CommandError(Exception):
    """A command can't be carried out; the message is a sentence for the person."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def say(sentence: str) -> None:
    """Print a line on standard error, if anybody listens there."""
    if sys.stderr is None:
        return
    from coroplay.sanitizing import clean  # Most commands have nothing to say.

    try:
        print(f"coroplay: {clean(sentence)}", file=sys.stderr, flush=True)
    except OSError:
        return  # The terminal has gone; there is nobody left to tell.


def begin_line() -> None:
    """Begin a new line on the terminal, unless the cursor stands at the beginning of one.

    Nobody knows how a program has left the line. So many blanks as there are columns lead to the
    next line from anywhere in one but its beginning.
    """
    try:
        if sys.stderr is not None and sys.stderr.isatty():
            columns = os.get_terminal_size(sys.stderr.fileno()).columns
            print(" " * columns, end="\r", file=sys.stderr, flush=True)
    except OSError:
        return


def discard_output() -> None:
    """Send everything still to be written to standard output nowhere, without another error."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def occupy_closed_descriptors() -> None:
    """Keep the numbers of closed standard streams from being given to files.

    A child still finds those streams closed, for files that Python opens are not inherited.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
