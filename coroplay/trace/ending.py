"""The end of a run, as kept beside the recording in ``ending.json``."""

from __future__ import annotations

import contextlib
import enum
import json
import os
from dataclasses import dataclass
from pathlib import Path

from coroplay.trace import layout


class EndingKind(enum.StrEnum):
    """Ways in which the child's process comes to its end."""

    EXIT = "exit"
    SIGNAL = "signal"
    TIMEOUT = "timeout"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of the child's process."""

    kind: EndingKind
    status: int
    """The exit status as a shell shows it: 128 + N for signal N."""
    pipe_closed: bool = False
    """True if the reader of the program's output went away before the program was done."""
    elapsed_ns: int | None = None
    """The program's own time, which may go on after its last step; None if nobody has measured."""


def write_ending(directory: Path, ending: Ending) -> None:
    """Keep an ending with its recording, in one rename. Raises OSError."""
    fields = {
        "kind": ending.kind.value,
        "status": ending.status,
        "pipe_closed": ending.pipe_closed,
        "elapsed_ns": ending.elapsed_ns,
    }
    scratch = directory / f"{layout.ENDING}.{os.getpid()}"
    try:
        scratch.write_text(json.dumps(fields))
        scratch.replace(directory / layout.ENDING)
    except OSError:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise
