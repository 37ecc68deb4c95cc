"""The JSON files beside the tables: what was run, and how it ended."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from coroplay.trace import layout
from coroplay.trace.ending import Ending, EndingKind
from coroplay.trace.model import Meta, RecordedLevel, RecordingError, Writer
from coroplay.trace.tables import open_file

_LONGEST_JSON: Final = 1 << 20
_WRONG: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""Exceptions of fields that are missing, or are not what they should be."""


def read_json(path: Path) -> dict[str, Any]:
    """Read a file's fields. Raises RecordingError."""
    fd = open_file(path)
    try:
        data = os.read(fd, _LONGEST_JSON)
    finally:
        os.close(fd)
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError):
        raise RecordingError(f"{path} is damaged: it is not JSON") from None
    if not isinstance(fields, dict):
        raise RecordingError(f"{path} is damaged: it is not an object")
    return fields


def read_meta(directory: Path) -> Meta:
    """Read a recording's words about its run. Raises RecordingError."""
    path = directory / layout.META
    fields = read_json(path)
    try:
        return Meta(
            program=str(fields["program"]),
            arguments=tuple(map(str, fields["arguments"])),
            module=bool(fields["module"]),
            level=RecordedLevel(fields["level"]),
            python=str(fields["python"]),
            versions={str(key): str(value) for key, value in fields["versions"].items()},
            started=str(fields["started"]),
            pid=int(fields["pid"]),
            directory=str(fields["directory"]),
            accelerator=Writer(fields["accelerator"]),
            accelerator_why_not=str(fields.get("accelerator_why_not", "")),
            untested=str(fields.get("untested", "")),
            own=tuple(map(str, fields.get("own", ()))),
        )
    except _WRONG:
        raise RecordingError(f"{path} is damaged: a field is missing or wrong") from None


def read_ending(directory: Path) -> Ending | None:
    """Read how the process ended; None if nobody has kept that. Raises RecordingError."""
    path = directory / layout.ENDING
    try:
        fields = read_json(path)
    except RecordingError:
        if path.exists():
            raise
        return None
    try:
        elapsed = fields.get("elapsed_ns")
        return Ending(
            EndingKind(fields["kind"]),
            int(fields["status"]),
            bool(fields["pipe_closed"]),
            None if elapsed is None else max(0, int(elapsed)),
        )
    except _WRONG:
        raise RecordingError(f"{path} is damaged: a field is missing or wrong") from None


def why_unrecorded(directory: Path) -> str:
    """Return why the child could not make a recording there; "" if it doesn't say so."""
    try:
        why = read_json(directory / layout.META).get(layout.UNRECORDED)
    except RecordingError:
        return ""
    # Anybody may have written the file: what steers a terminal is no reason.
    return why if isinstance(why, str) and why.isprintable() else ""
