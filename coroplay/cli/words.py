"""What a step says, in words for a person."""

from __future__ import annotations

from typing import Final

from coroplay.cli.paint import Paint
from coroplay.coroutine_colours import symbol
from coroplay.sanitizing import clean
from coroplay.trace import (
    Change,
    CoroutineKind,
    Finish,
    How,
    Line,
    Output,
    Place,
    Recording,
    Spawn,
    Step,
    Switch,
)
from coroplay.trace.view.sources import Sources

_LONGEST_NAME: Final = 32
_PHRASES: Final = {
    How.START: ("{origin} ▸ {target} starts{with_value}", ""),
    How.NEXT: ("{origin} asks {target} for the next value", ""),
    How.SEND: ("{origin} sends {value} into {target}", "a value"),
    How.YIELD: ("{origin} yields {value} to {target}", "a value"),
    How.SWITCH: ("{origin} switches to {target}{with_value}", ""),
    How.THROW: ("{origin} throws {value} into {target}", "an exception"),
    How.RETURN: ("{origin} ends, {target} goes on{with_value}", ""),
    How.CLOSE: ("{origin} closes {target}", ""),
    How.WAIT: ("{origin} waits on {value}", "something"),
    How.WAKE: ("{target} wakes up{with_value}", ""),
    How.KILL: ("{origin} kills {target}{with_value}", ""),
}
"""For each way the words, and what stands for the value where it isn't known."""


class Words:
    """Tells a recording's steps. The result may carry colours, and nothing else but text."""

    def __init__(self, recording: Recording, paint: Paint) -> None:
        self._recording = recording
        self._paint = paint
        self._names: dict[int, str] = {}
        self._sources = Sources()

    def name(self, coroutine: int) -> str:
        """A coroutine's name, as short as a column needs it, without colour."""
        if coroutine not in self._names:
            name = clean(self._recording.coroutine(coroutine).name) if coroutine else "?"
            short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
            self._names[coroutine] = short
        return self._names[coroutine]

    def labelled(self, coroutine: int) -> str:
        """Its symbol and its name, without colour."""
        return f"{symbol(coroutine)} {self.name(coroutine)}" if coroutine else "?"

    def tell(self, step: Step) -> str:
        """What happened."""
        match step:
            case Spawn():
                return self._spawn(step)
            case Switch():
                return self._switch(step)
            case Line():
                return self._line(step)
            case Output():
                return self._output(step)
            case Finish():
                return self._finish(step)

    def _who(self, coroutine: int) -> str:
        return self._paint.coroutine(coroutine, self.name(coroutine)) if coroutine else "?"

    def _spawn(self, step: Spawn) -> str:
        who = self._who(step.coroutine)
        kind = self._recording.coroutine(step.coroutine).kind
        if kind is CoroutineKind.MAIN:
            return f"{who} is there from the start"
        if step.parent is None:
            return f"{who} appears"
        return f"{self._who(step.parent)} creates {who}"

    def _switch(self, step: Switch) -> str:
        value = None if step.value is None else clean(step.value)
        if step.how is How.WAIT and not value and step.place:
            value = clean(step.place.source)
        phrase, missing = _PHRASES[step.how]
        shown = self._paint.bold(value) if value else missing
        return phrase.format(
            origin=self._who(step.origin),
            target=self._who(step.target),
            value=shown,
            with_value=f" with {shown}" if shown else "",
        )

    def _line(self, step: Line) -> str:
        source = clean(self._source(step.place).strip()) if step.place else ""
        changed = "  ".join(map(_change, step.changed))
        gap = "   " if changed else ""
        return f"{source}{gap}{self._paint.bold(changed)}"

    def _source(self, place: Place) -> str:
        """The text of a line; what is being called there if the file can't be read any more."""
        lines = self._sources.source(place.file).lines
        return lines[place.line - 1] if 0 < place.line <= len(lines) else place.source

    def _output(self, step: Output) -> str:
        text = clean(step.text.removesuffix("\n"))
        if step.stream == "stderr":
            return f"{self._paint.alarm('stderr ▌')} {text}"
        return f"{self._paint.coroutine(step.coroutine, '▌')} {text}"

    def _finish(self, step: Finish) -> str:
        who = self._who(step.coroutine)
        if step.exception is not None:
            return f"{who} fails with {self._paint.alarm(clean(step.exception))}"
        if step.dropped:
            return f"{who} is dropped before its end"
        if step.value is None:
            return f"{who} has ended"
        returned = "" if step.value == "None" else f" with {self._paint.bold(clean(step.value))}"
        return f"{who} has finished{returned}"


def _change(change: Change) -> str:
    if change.value is None:
        return f"{clean(change.name)} is gone"
    return f"{clean(change.name)} = {clean(change.value)}"
