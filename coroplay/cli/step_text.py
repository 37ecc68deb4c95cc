"""Steps in words for the terminal: the app's sentences, and all that those leave out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from coroplay.cli.paint import Paint
from coroplay.coroutine_colours import symbol
from coroplay.sanitizing import clean
from coroplay.trace import Finish, Line, Output, OutputStream, Place, Recording, Step
from coroplay.trace.view import (
    WHOLE,
    Moment,
    Role,
    Sentence,
    Sources,
    explain_changes,
    explain_moment,
    name_of,
    remark,
)

_GAP: Final = "   "
_FIRST_STEPS: Final = 100
"""Steps that are looked through for a module's file."""


class StepText:
    """The texts of one recording's steps. They may carry colours, and nothing else but text."""

    def __init__(self, recording: Recording, paint: Paint) -> None:
        self._recording = recording
        self._paint = paint
        self._labels: dict[int, str] = {}
        self._sources = Sources()
        self._file = _program_file(recording)

    def label(self, coroutine: int) -> str:
        """Return a coroutine's symbol and name, without colour."""
        if coroutine not in self._labels:
            name = name_of(self._recording, coroutine)
            self._labels[coroutine] = f"{symbol(coroutine)} {name}"
        return self._labels[coroutine]

    def own_line(self, place: Place | None) -> str:
        """Return the number of a line, if it is one of the program's own file."""
        return str(place.line) if place and place.file == self._file else ""

    def describe(self, moment: Moment) -> str:
        """Say what the step of that moment does, and then what the sentence leaves out."""
        step = moment.step
        pieces = self._line(moment, step) if isinstance(step, Line) else [self._sentence(moment)]
        notes = [remark(step, WHOLE).text, self._elsewhere(step.place)]
        pieces += [self._paint.dim(f"({note})") for note in notes if note]
        return _GAP.join(filter(None, pieces))

    def _line(self, moment: Moment, step: Line) -> list[str]:
        """Return the source, for which the columns before it say the rest, and the changes."""
        source = self._source(step.place)
        if not source:
            return [self._sentence(moment)]
        return [source, self._painted(explain_changes(step.changed, WHOLE), step)]

    def _sentence(self, moment: Moment) -> str:
        return self._painted(explain_moment(moment, WHOLE), moment.step)

    def _painted(self, sentence: Sentence, step: Step) -> str:
        strong = self._paint.alarm if _is_alarming(step) else self._paint.bold
        painted = ""
        for fragment in sentence.fragments:
            match fragment.role:
                case Role.COROUTINE if fragment.coroutine is not None:
                    painted += self._paint.coroutine(fragment.coroutine, fragment.text)
                case Role.VALUE:
                    painted += strong(fragment.text)
                case _:
                    painted += fragment.text
        return painted

    def _source(self, place: Place | None) -> str:
        """Return the text of a line; the call there if the file can't be read any more."""
        if place is None:
            return ""
        lines = self._sources.source(place.file).lines
        text = lines[place.line - 1] if 0 < place.line <= len(lines) else place.source
        return clean(text.strip())

    def _elsewhere(self, place: Place | None) -> str:
        """Return file and line, where that isn't the program's own file."""
        if place is None or place.file == self._file:
            return ""
        return f"{clean(Path(place.file).name)}:{place.line}"


def _is_alarming(step: Step) -> bool:
    match step:
        case Output(stream=OutputStream.STDERR):
            return True
        case Finish(exception=str()):
            return True
        case _:
            return False


def _program_file(recording: Recording) -> str:
    """Return the file whose lines need no name; of a module, the one that was seen first."""
    meta = recording.meta
    if not meta.module:
        return str(Path(meta.directory, meta.program))
    places = (step.place for step in recording.steps(0, _FIRST_STEPS))
    return next((place.file for place in places if place), "")
