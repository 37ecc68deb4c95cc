"""`coroplay info`: a recording summed up, for a person or as JSON."""

from __future__ import annotations

import datetime
import json
import shlex
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from coroplay.cli.notes import notes
from coroplay.cli.open_recording import open_recording
from coroplay.cli.paint import Paint, output_paint, pad, width
from coroplay.coroutine_colours import symbol
from coroplay.sanitizing import clean
from coroplay.trace import Coroutine, CoroutineState, Meta, Recording, Writer, tally
from coroplay.trace.view import WHOLE, Moment, WaitWords, describe_state, unique_name_of
from coroplay.trace.view.endings import describe_ending


def info(parsed: Namespace) -> int:
    """Print the facts of a recording as a whole."""
    with open_recording(parsed.recording) as recording:
        if parsed.json:
            print(json.dumps(_object(recording), indent=2))
        else:
            for line in _lines(recording, output_paint(parsed.color)):
                sys.stdout.write(line + "\n")
    return 0


def _lines(recording: Recording, paint: Paint) -> Iterator[str]:
    for heading, text in _facts(recording):
        yield f"{paint.bold(heading.ljust(10))}  {clean(text)}"
    for note in notes(recording):
        yield f"{paint.bold('note'.ljust(10))}  {clean(note)}"
    yield ""
    yield from _table(recording, paint)


def _facts(recording: Recording) -> Iterator[tuple[str, str]]:
    meta = recording.meta
    counts = tally(recording)
    target = ["-m", meta.program] if meta.module else [meta.program]
    yield "program", shlex.join([*target, *meta.arguments])
    yield "folder", meta.directory
    if meta.own:
        yield "own code", ", ".join(meta.own)
    versions = [f"{name} {version}" for name, version in meta.versions.items()]
    yield "python", ", ".join([meta.python, *versions])
    yield "started", _local(meta.started)
    yield "end", _end(recording)
    yield "elapsed", _elapsed(recording)
    yield "level", meta.level
    yield "written", _writer(meta)
    numbers = (
        _number(counts.switches, "switch", "switches"),
        _number(counts.lines, "line"),
        _number(counts.outputs, "output"),
        _number(counts.spawns, "spawn"),
        _number(counts.finishes, "finish", "finishes"),
    )
    yield "steps", f"{len(recording)}: {', '.join(numbers)}"
    yield "recording", str(recording.path)


def _writer(meta: Meta) -> str:
    """Return the writer of the steps, and the reason if it was not the accelerator."""
    if meta.accelerator is Writer.C:
        return "by the accelerator, in C"
    return f"in Python; no accelerator: {meta.accelerator_why_not or 'unknown why'}"


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def _local(moment: str) -> str:
    """Return a moment in the person's own time zone."""
    try:
        return f"{datetime.datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return moment


def _end(recording: Recording) -> str:
    if (ending := recording.ending) is not None:
        return describe_ending(ending)
    if recording.growing:
        return "still running"
    return "unknown: nobody was there to see it end"


def _elapsed(recording: Recording) -> str:
    seconds = f"{recording.length_ns / 1e9:.3f} s"
    if recording.growing or (recording.ending and recording.ending.elapsed_ns is not None):
        return seconds
    return f"{seconds} up to its last step; how long it went on is unknown"


def _table(recording: Recording, paint: Paint) -> Iterator[str]:
    rows = [("id", "kind", "name", "creator", "state")]
    coroutines = recording.coroutines
    last = Moment(recording, len(recording) - 1) if len(recording) else None
    rows += [
        (
            str(one.id),
            one.kind.value,
            f"{symbol(one.id)} {unique_name_of(recording, one)}",
            "" if one.creator is None else str(one.creator),
            _state(last, one),
        )
        for one in coroutines
    ]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for number, row in enumerate(rows):
        cells = [pad(cell, cells) for cell, cells in zip(row, widths, strict=True)]
        if number == 0:
            yield paint.bold("  ".join(cells).rstrip())
            continue
        cells[2] = paint.coroutine(coroutines[number - 1].id, cells[2])
        yield "  ".join(cells).rstrip()


def _state(last: Moment | None, coroutine: Coroutine) -> str:
    """Return a coroutine's state in words; "" if the steps have not come to it yet."""
    if last is None or coroutine.spawned > last.index:
        return ""
    return describe_state(last, last.after.of(coroutine.id), WHOLE)


def _states(recording: Recording) -> dict[int, CoroutineState]:
    return recording.state(len(recording) - 1).coroutines if len(recording) else {}


def _object(recording: Recording) -> dict[str, Any]:
    meta = asdict(recording.meta)
    ending = recording.ending
    states = _states(recording)
    return {
        **meta,
        "recording": str(recording.path),
        "ending": None
        if ending is None
        else {
            "kind": ending.kind,
            "status": ending.status,
            "pipe_closed": ending.pipe_closed,
        },
        "running": ending is None and recording.growing,
        "elapsed_ns": recording.length_ns,
        "counts": {"steps": len(recording), **asdict(tally(recording))},
        "notes": asdict(recording.notes),
        "coroutines": [
            _coroutine_object(recording, one, states.get(one.id)) for one in recording.coroutines
        ],
    }


def _coroutine_object(
    recording: Recording, one: Coroutine, state: CoroutineState | None
) -> dict[str, Any]:
    place = state.place if state else None
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "creator": one.creator,
        "parent": one.parent,
        "state": state and state.status,
        "file": place and place.file,
        "line": place and place.line,
        "waiting_on": state and _waiting_on(recording, state),
        "outcome": state and state.outcome,
        "ended": state and state.ended,
    }


def _waiting_on(recording: Recording, state: CoroutineState) -> str | None:
    return WaitWords(recording).label(state.waiting_on, len(recording) - 1) or None
