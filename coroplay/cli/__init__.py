"""The command line. Importing this costs next to nothing; each command imports what it needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from coroplay import pythons
from coroplay.cli.errors import (
    FAILURE,
    INTERRUPTED,
    READER_GONE,
    CommandError,
    discard_output,
    occupy_closed_descriptors,
    say,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status. Every error is a sentence on standard error."""
    try:
        status = _command(sys.argv[1:] if arguments is None else arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except CommandError as error:
        say(str(error))
        return error.status
    except BrokenPipeError:  # The reader of a list has seen enough.
        discard_output()
        return READER_GONE
    except OSError as error:
        discard_output()
        say(f"{error.filename or 'standard output'} can't be used: {error.strerror}")
        return FAILURE
    except KeyboardInterrupt:
        discard_output()
        return INTERRUPTED
    return status


def _command(arguments: Sequence[str]) -> int:
    if not sys.platform.startswith(("linux", "darwin")):
        raise CommandError(FAILURE, f"coroplay runs on Linux and macOS, not on {sys.platform}")
    if reason := pythons.refused():
        raise CommandError(FAILURE, reason)
    occupy_closed_descriptors()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            # A terminal that can't show a character gets an escape instead of an error.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    from coroplay.cli.arguments import parse

    parsed = parse(arguments)
    if sys.stdout is None and parsed.prints:
        raise CommandError(FAILURE, "standard output is closed, so there is nowhere to print to")
    status: int = parsed.command(parsed)
    return status
