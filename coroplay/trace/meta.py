"""What is kept beside the tables, as JSON: what was run, and how."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

from coroplay.trace import layout
from coroplay.trace.model import Meta, RecordingError
from coroplay.trace.tables import open_file

_LONGEST_JSON: Final = 1 << 20


def read_json(path: Path) -> dict[str, Any]:
    """A file's fields. Raises RecordingError."""
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
    """What a recording says of its run. Raises RecordingError."""
    path = directory / layout.META
    fields = read_json(path)
    try:
        return Meta(
            program=str(fields["program"]),
            arguments=tuple(map(str, fields["arguments"])),
            module=bool(fields["module"]),
            level=str(fields["level"]),
            python=str(fields["python"]),
            versions={str(key): str(value) for key, value in fields["versions"].items()},
            started=str(fields["started"]),
            pid=int(fields["pid"]),
            directory=str(fields["directory"]),
            accelerator=str(fields["accelerator"]),
            accelerator_why_not=str(fields.get("accelerator_why_not", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise RecordingError(f"{path} is damaged: a field is missing or wrong") from None


def unrecorded(directory: Path) -> str:
    """Why the child could not make a recording there; nothing if it doesn't say so."""
    try:
        why = read_json(directory / layout.META).get(layout.UNRECORDED)
    except RecordingError:
        return ""
    # Anybody may have written the file: what steers a terminal is no reason.
    return why if isinstance(why, str) and why.isprintable() else ""
