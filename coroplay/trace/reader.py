"""Reading a recording's tables: rows, and the details, texts and places that rows refer to."""

from __future__ import annotations

import struct
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from coroplay.trace import layout
from coroplay.trace.clock import ProgramClock, unpack_clock
from coroplay.trace.layout import Verb, WaitKind
from coroplay.trace.model import Awaited, Beginning, Change, HowEnded, Notes, Place, Wait
from coroplay.trace.tables import Rows, Texts

_MOST_LOCALS: Final = 10_000
_MOST_PLACES: Final = 1 << 16
"""Places that are remembered."""

ENDINGS: Final = {
    Verb.FINISH: HowEnded.RETURNED,
    Verb.FAIL: HowEnded.FAILED,
    Verb.DROP: HowEnded.DROPPED,
    Verb.CLOSED: HowEnded.CLOSED,
    Verb.KILLED: HowEnded.KILLED,
    Verb.EXITED: HowEnded.EXITED,
    Verb.IGNORED: HowEnded.IGNORED,
    Verb.UNSEEN: HowEnded.UNSEEN,
    Verb.QUIT: HowEnded.QUIT,
}
"""The way of ending that each verb of a finish stands for."""


class Reader:
    """The tables of one recording, open for reading; they may still grow."""

    def __init__(self, directory: Path) -> None:
        """Open the tables in that folder. Raises RecordingError with a sentence."""
        with ExitStack() as opened:

            def rows(table: layout.Table, row: struct.Struct) -> Rows:
                return opened.enter_context(closing(Rows(directory, table, row)))

            self.steps = rows(layout.STEPS, layout.STEP)
            self._details = rows(layout.DETAILS, layout.DETAIL)
            self.coroutines = rows(layout.COROUTINES, layout.COROUTINE)
            self._locations = rows(layout.LOCATIONS, layout.LOCATION)
            self.marks = rows(layout.MARKS, layout.MARK)
            self.texts = opened.enter_context(closing(Texts(directory)))
            self._files = opened.pop_all()
        self._places: dict[int, Place | None] = {0: None}

    def close(self) -> None:
        """Let go of the files."""
        self._files.close()

    # Steps, by their numbers

    def verb(self, step: int) -> Verb:
        """Return the verb of a step. Raises RecordingError if it is none that coroplay knows."""
        return self.verb_in(self.steps[step][2], step)

    def verb_in(self, stamp: int, step: int) -> Verb:
        """Return the verb in the stamp of that step. Raises RecordingError."""
        try:
            return Verb(stamp >> layout.TIME_BITS)
        except ValueError:
            raise self.steps.damaged(f"step {step} says nothing that coroplay knows") from None

    def coroutine_at(self, step: int) -> int:
        """Return the id of the coroutine that runs at a step."""
        return self.steps[step][0]

    def time(self, step: int) -> int:
        """Return the time of a step, in nanoseconds."""
        return self.steps[step][2] & layout.TIME_MASK

    def detail_reference(self, step: int) -> int:
        """Return the reference to the detail of a step."""
        return self.steps[step][1]

    def detail_of(self, step: int) -> tuple[int, ...]:
        """Return the detail of a step."""
        return self.detail(self.steps[step][1])

    # Everything else, by its reference: 0 means "none"

    def detail(self, reference: int) -> tuple[int, ...]:
        """Return the row of a detail; all zeros for reference 0."""
        return self._details[reference - 1] if reference else (0, 0, 0, 0)

    def output(self, reference: int) -> bytes:
        """Return the bytes that a step of output wrote, by the reference to its detail."""
        return self.texts.data(self.detail(reference)[2])

    def text(self, reference: int) -> str | None:
        """Return a text; None for reference 0."""
        return self.texts.text(reference) if reference else None

    def place(self, location: int) -> Place | None:
        """Return a location as a place."""
        if location in self._places:
            return self._places[location]
        file, function, line, source = self._locations.fresh(location - 1)
        text = self.texts.text
        place = Place(text(file), line, text(function), text(source))
        if len(self._places) < _MOST_PLACES:
            self._places[location] = place
        return place

    def beginning(self, reference: int) -> Beginning:
        """Return the beginning of a Timeout that a detail tells."""
        coroutine, location, _, _ = self.detail(reference)
        return Beginning(coroutine, self.place(location))

    def wait(self, text: int) -> Wait | None:
        """Return the wait that a text tells; None for reference 0."""
        if not text:
            return None
        fields = self.texts.text(text).split(layout.UNIT_SEPARATOR)
        try:
            kind, noun, seconds, more, listed = fields
            return Wait(
                WaitKind(kind),
                noun,
                float(seconds) if seconds else None,
                tuple(map(_awaited, listed.split(layout.RECORD_SEPARATOR) if listed else ())),
                int(more or 0),
            )
        except ValueError:
            raise self.texts.damaged(f"text {text} is no wait") from None

    def changes(self, text: int) -> tuple[Change, ...]:
        """Return the locals that a text lists."""
        if not text:
            return ()
        entries = self.texts.text(text).split(layout.RECORD_SEPARATOR, _MOST_LOCALS)
        pairs = (entry.partition(layout.UNIT_SEPARATOR) for entry in entries)
        return tuple(Change(name, value if sign else None) for name, sign, value in pairs)

    # Coroutines, by their ids

    def coroutine_row(self, number: int) -> tuple[int, ...]:
        """Return the row of a coroutine as it stands in the file now."""
        return self.coroutines.fresh(number - 1)

    def count_spawned(self, step: int) -> int:
        """Count the coroutines that had been met once a step was done: ids are in that order."""
        low, high = 0, self.coroutines.committed()
        while low < high:
            middle = (low + high) // 2
            if self.coroutine_row(middle + 1)[3] <= step:
                low = middle + 1
            else:
                high = middle
        return low

    # The recording as a whole

    def clock(self) -> ProgramClock | None:
        """Return the program's clock, from the header of the steps; None if there is none."""
        return unpack_clock(self.steps.read(layout.CLOCK_OFFSET, layout.CLOCK.size))

    def notes(self) -> Notes:
        """Return the probe's notes as of now, from the header of the steps."""
        data = self.steps.read(layout.NOTES_OFFSET, layout.HEADER_SIZE - layout.NOTES_OFFSET)
        if len(data) < layout.HEADER_SIZE - layout.NOTES_OFFSET:
            raise self.steps.damaged("it ends within its header")
        lines_until, silent_at, lost_at, length = layout.NOTES.unpack_from(data)
        (own_trace_at,) = layout.NOTED_STEP.unpack(
            self.steps.read(layout.OWN_TRACE_OFFSET, layout.NOTED_STEP.size)
        )
        start = layout.NOTES.size
        reason = data[start : start + min(length, layout.NOTES_REASON_SIZE)]
        return Notes(
            lines_until - 1 if lines_until else None,
            silent_at - 1 if silent_at else None,
            lost_at - 1 if lost_at else None,
            reason.decode("utf-8", "replace"),
            own_trace_at - 1 if own_trace_at else None,
        )


def _awaited(member: str) -> Awaited:
    coroutine, _, name = member.partition(" ")
    return Awaited(int(coroutine) or None, name)
