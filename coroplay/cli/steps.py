"""`coroplay steps`: a recording step by step, for a person or as JSON lines."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from coroplay.cli.open_recording import open_recording
from coroplay.cli.paint import Paint, output_paint, pad, width
from coroplay.cli.step_filter import StepFilter, kind_of, step_filter
from coroplay.cli.step_text import StepText
from coroplay.trace import Finish, Line, Output, Recording, Spawn, Step, Switch, ValueWay, Wait
from coroplay.trace.view import Moment, WaitWords, walk


def steps(parsed: Namespace) -> int:
    """Print the steps that the recording has at this moment, or those of them asked for."""
    with open_recording(parsed.recording) as recording:
        chosen = step_filter(recording, parsed)
        if parsed.json:
            lines = _objects(recording, chosen)
        else:
            lines = _table(recording, chosen, parsed.color)
        for line in lines:
            sys.stdout.write(line + "\n")
    return 0


def _table(recording: Recording, chosen: StepFilter, color: str) -> Iterator[str]:
    paint = output_paint(color)
    columns = _Columns(recording, StepText(recording, paint), paint)
    yield paint.bold(columns.heading)
    until = recording.notes.lines_until
    for moment in walk(recording):
        if moment.step.step == until:
            yield paint.dim(f"from step {until} on, lines are not recorded: see coroplay info")
        if chosen.admits(moment.step):
            yield columns.row(moment)


class _Columns:
    """The widths of the columns before the text, and the rows."""

    def __init__(self, recording: Recording, text: StepText, paint: Paint) -> None:
        self._text = text
        self._paint = paint
        labels = [text.label(coroutine.id) for coroutine in recording.coroutines]
        self._step = max(4, len(str(len(recording))))
        self._digits = 3 if recording.elapsed_ns >= 1_000_000_000 else 6
        self._time = max(7, len(f"{recording.elapsed_ns / 1e9:.{self._digits}f}"))
        self._label = max([9, *map(width, labels)])

    @property
    def heading(self) -> str:
        """The first line of the table."""
        return "  ".join(
            (
                "step".rjust(self._step),
                "seconds".rjust(self._time),
                "coroutine".ljust(self._label),
                "line".rjust(5),
                "what happens",
            )
        )

    def row(self, moment: Moment) -> str:
        """Return the line of the step of that moment."""
        step, paint = moment.step, self._paint
        time = f"{step.t_ns / 1e9:.{self._digits}f}"
        label = pad(self._text.label(step.coroutine), self._label)
        return "  ".join(
            (
                paint.dim(str(step.step).rjust(self._step)),
                paint.dim(time.rjust(self._time)),
                paint.coroutine(step.coroutine, label),
                paint.dim(self._text.own_line(step.place).rjust(5)),
                self._text.describe(moment),
            )
        )


def _objects(recording: Recording, chosen: StepFilter) -> Iterator[str]:
    for step in filter(chosen.admits, recording):
        yield json.dumps(_object(recording, step), separators=(",", ":"))


def _object(recording: Recording, step: Step) -> dict[str, Any]:
    place = step.place
    return {
        "step": step.step,
        "t_ns": step.t_ns,
        "kind": kind_of(step),
        "coroutine": step.coroutine,
        "file": None if place is None else place.file,
        "line": None if place is None else place.line,
        **_particulars(recording, step),
    }


def _particulars(recording: Recording, step: Step) -> dict[str, Any]:
    match step:
        case Spawn():
            born = recording.coroutine(step.coroutine)
            return {"name": born.name, "creator": step.creator, "coroutine_kind": born.kind}
        case Switch():
            return {
                "origin": step.origin,
                "target": step.target,
                "how": step.how,
                "value": step.value,
                **({"value_unseen": True} if step.unseen else {}),
                **({} if step.asked is None else {"asked": step.asked}),
                **({"by_throw": True} if step.by_throw else {}),
                **({"wait": _wait(recording, step.wait, step.step)} if step.wait else {}),
            }
        case Line():
            return {"changed": {change.name: change.value for change in step.changed}}
        case Output():
            return {"stream": step.stream, "text": step.text}
        case Finish():
            return {
                "how": step.how,
                "value": step.value,
                "exception": step.exception,
                "never_ran": step.never_ran,
                **({} if step.way is ValueWay.USUAL else {"value_way": step.way}),
            }


def _wait(recording: Recording, wait: Wait, index: int) -> dict[str, Any]:
    return {**asdict(wait), "words": WaitWords(recording).label(wait, index)}
