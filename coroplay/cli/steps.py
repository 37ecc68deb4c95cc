"""`coroplay steps`: a recording told step by step, for a person or as JSON lines."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from coroplay.cli.open_recording import open_recording
from coroplay.cli.paint import Paint, output_paint, pad, width
from coroplay.cli.words import Words
from coroplay.sanitizing import clean
from coroplay.trace import Finish, Line, Output, Place, Recording, Spawn, Step, Switch

_FIRST_STEPS: Final = 100
"""Looked through for a module's file."""


def steps(parsed: Namespace) -> int:
    """Print all steps that the recording has at this moment."""
    with open_recording(parsed.recording) as recording:
        lines = _objects(recording) if parsed.json else _table(recording, parsed.color)
        for line in lines:
            sys.stdout.write(line + "\n")
    return 0


def _table(recording: Recording, color: str) -> Iterator[str]:
    paint = output_paint(color)
    words = Words(recording, paint)
    columns = _Columns(recording, words)
    yield paint.bold(columns.heading)
    for step in recording:
        yield columns.row(step, words, paint)


class _Columns:
    """The places of what stands before the words."""

    def __init__(self, recording: Recording, words: Words) -> None:
        names = [words.labelled(coroutine.id) for coroutine in recording.coroutines]
        self._step = max(4, len(str(len(recording))))
        self._digits = 3 if recording.elapsed_ns >= 1_000_000_000 else 6
        self._time = max(7, len(f"{recording.elapsed_ns / 1e9:.{self._digits}f}"))
        self._who = max([9, *map(width, names)])
        self._file = _program_file(recording)

    @property
    def heading(self) -> str:
        return "  ".join(
            (
                "step".rjust(self._step),
                "seconds".rjust(self._time),
                "coroutine".ljust(self._who),
                "line".rjust(5),
                "what happens",
            )
        )

    def row(self, step: Step, words: Words, paint: Paint) -> str:
        time = f"{step.t_ns / 1e9:.{self._digits}f}"
        who = pad(words.labelled(step.coroutine), self._who)
        return "  ".join(
            (
                paint.dim(str(step.step).rjust(self._step)),
                paint.dim(time.rjust(self._time)),
                paint.coroutine(step.coroutine, who),
                paint.dim(self._line(step.place)),
                words.tell(step) + paint.dim(self._elsewhere(step.place)),
            )
        )

    def _line(self, place: Place | None) -> str:
        own = place is not None and place.file == self._file
        return (str(place.line) if place and own else "").rjust(5)

    def _elsewhere(self, place: Place | None) -> str:
        """File and line, where that isn't the program's own file."""
        if place is None or place.file == self._file:
            return ""
        return f"   ({clean(Path(place.file).name)}:{place.line})"


def _program_file(recording: Recording) -> str:
    """The file whose lines need no name; of a module, that is where it was first seen."""
    meta = recording.meta
    if not meta.module:
        return str(Path(meta.directory, meta.program))
    places = (step.place for step in recording.steps(0, _FIRST_STEPS))
    return next((place.file for place in places if place), "")


def _objects(recording: Recording) -> Iterator[str]:
    for step in recording:
        yield json.dumps(_object(recording, step), separators=(",", ":"))


def _object(recording: Recording, step: Step) -> dict[str, Any]:
    place = step.place
    return {
        "step": step.step,
        "t_ns": step.t_ns,
        "kind": type(step).__name__.lower(),
        "coroutine": step.coroutine,
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        **_particulars(recording, step),
    }


def _particulars(recording: Recording, step: Step) -> dict[str, Any]:
    match step:
        case Spawn():
            born = recording.coroutine(step.coroutine)
            return {"name": born.name, "parent": step.parent, "coroutine_kind": born.kind}
        case Switch():
            return {
                "origin": step.origin,
                "target": step.target,
                "how": step.how,
                "value": step.value,
            }
        case Line():
            return {"changed": {change.name: change.value for change in step.changed}}
        case Output():
            return {"stream": step.stream, "text": step.text}
        case Finish(exception=None):
            return {"value": step.value, "dropped": step.dropped}
        case Finish():
            return {"exception": step.exception}
