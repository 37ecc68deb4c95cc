"""A recording as everything else sees it: a growing sequence of steps, and the state at each.

It is read-only, and looks at the files only where it is asked to: opening one, going to a step and
showing the state there take the same time however long the recording is.
"""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from types import TracebackType
from typing import Final, Self, overload

from coroplay.trace import layout
from coroplay.trace.checkpoints import Folds
from coroplay.trace.ending import Ending, EndingKind
from coroplay.trace.fold import Fold
from coroplay.trace.layout import Kind, Verb
from coroplay.trace.meta import read_json, read_meta, unrecorded
from coroplay.trace.model import (
    Change,
    Coroutine,
    CoroutineKind,
    Finish,
    How,
    Line,
    Notes,
    Output,
    Place,
    RecordingError,
    Spawn,
    Step,
    Switch,
)
from coroplay.trace.state import State
from coroplay.trace.tables import Rows, Texts, open_file

_MOST_LOCALS: Final = 10_000
_KINDS: Final = {
    Kind.MAIN: CoroutineKind.MAIN,
    Kind.GENERATOR: CoroutineKind.GENERATOR,
    Kind.GREENLET: CoroutineKind.GREENLET,
    Kind.GEVENT: CoroutineKind.GEVENT,
    Kind.HUB: CoroutineKind.HUB,
    Kind.THREAD: CoroutineKind.THREAD,
}
_STREAMS: Final = {Verb.STDOUT: "stdout", Verb.STDERR: "stderr"}


class Recording(Sequence[Step]):
    """What a run left behind, or is leaving behind at this moment."""

    def __init__(self, path: Path) -> None:
        """Open the recording in that folder. Raises RecordingError with a sentence."""
        if not os.path.isdir(path):  # noqa: PTH112  (Path.is_dir lets some errors out)
            raise RecordingError(f"there is no recording at {path}: it is not a folder")
        self.path = path
        try:
            self._open(path)
        except RecordingError:
            if why := unrecorded(path):
                raise RecordingError(f"nothing was recorded in {path}: {why}") from None
            raise
        self._places: dict[int, Place | None] = {0: None}
        self._folds = Folds()
        self._count = 0
        self.refresh()

    def _open(self, path: Path) -> None:
        with ExitStack() as opened:

            def rows(table: layout.Table, row: struct.Struct) -> Rows:
                return opened.enter_context(closing(Rows(path, table, row)))

            self._steps = rows(layout.STEPS, layout.STEP)
            self._details = rows(layout.DETAILS, layout.DETAIL)
            self._coroutines = rows(layout.COROUTINES, layout.COROUTINE)
            self._locations = rows(layout.LOCATIONS, layout.LOCATION)
            self._marks = rows(layout.MARKS, layout.MARK)
            self._texts = opened.enter_context(closing(Texts(path)))
            self.meta = read_meta(path)
            self._files = opened.pop_all()

    @classmethod
    def open(cls, path: Path) -> Recording:
        """The recording in that folder. Raises RecordingError with a sentence."""
        return cls(path)

    def close(self) -> None:
        """Let go of the files."""
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def refresh(self) -> int:
        """Look for steps written since; the number of steps there are now."""
        self._count = self._steps.committed()
        return self._count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self._step(i, self._steps[i]) for i in range(*index.indices(self._count))]
        at = index + self._count if index < 0 else index
        if not 0 <= at < self._count:
            raise IndexError(f"step {index} of a recording of {self._count}")
        return self._step(at, self._steps[at])

    def __iter__(self) -> Iterator[Step]:
        return self.steps()

    def steps(self, start: int = 0, stop: int | None = None) -> Iterator[Step]:
        """The steps from start up to stop (the end as it is now), one after the other."""
        for i in range(start, self._count if stop is None else min(stop, self._count)):
            yield self._step(i, self._steps[i])

    def rows(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Coroutine, reference to the detail, and stamp of the steps from start up to stop."""
        return self._steps.span(start, stop)

    def packed(self, start: int, stop: int) -> bytes:
        """The rows of the steps from start up to stop as they stand in the file."""
        size = layout.STEP.size
        return self._steps.read(layout.HEADER_SIZE + start * size, (stop - start) * size)

    def last_bytes(self, start: int, stop: int) -> bytes:
        """The last byte of each step's row, for looking along very many: 0 where no switch is."""
        return self.packed(start, stop)[layout.STEP.size - 1 :: layout.STEP.size]

    def verb(self, index: int) -> Verb:
        """What a step says happened, without reading more than its row."""
        return self._verb(index, self._steps[index][2])

    def who(self, index: int) -> int:
        """Who runs at a step, by id, without reading more than its row."""
        return self._steps[index][0]

    def time(self, index: int) -> int:
        """The time of a step, in nanoseconds, without reading more than its row."""
        return self._steps[index][2] & layout.TIME_MASK

    def at_time(self, t_ns: int) -> int:
        """The last step at or before that time; 0 if all come later."""
        low, high = 0, self._count
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.time(middle) <= t_ns else (low, middle)
        return low

    @property
    def elapsed_ns(self) -> int:
        """The time of the last step, in nanoseconds."""
        return self.time(self._count - 1) if self._count else 0

    @property
    def coroutines(self) -> list[Coroutine]:
        """All coroutines met so far, in the order of their ids."""
        return [self.coroutine(number + 1) for number in range(self._coroutines.committed())]

    def coroutine(self, number: int) -> Coroutine:
        """The coroutine with that id. Raises RecordingError if there is none."""
        name, parent, created, spawned, _, _, _, kind = self.coroutine_row(number)
        try:
            known = _KINDS[Kind(kind)]
        except ValueError:
            raise self._coroutines.damaged(f"coroutine {number} is of no known kind") from None
        return Coroutine(
            number,
            known,
            self._texts.text(name),
            parent or None,
            self.place(created),
            spawned,
        )

    def coroutine_row(self, number: int) -> tuple[int, ...]:
        """The row of a coroutine as it stands in the file."""
        return self._coroutines.fresh(number - 1)

    def spawned_by(self, index: int) -> int:
        """How many coroutines had been met once that step was done: ids are in that order."""
        low, high = 0, self._coroutines.committed()
        while low < high:
            middle = (low + high) // 2
            if self.coroutine_row(middle + 1)[3] <= index:
                low = middle + 1
            else:
                high = middle
        return low

    def state(self, index: int) -> State:
        """How every coroutine stands once that step is the last one done."""
        if not 0 <= index < self._count:
            raise IndexError(f"step {index} of a recording of {self._count}")
        fold = self._fold_near(index + 1)
        if index - fold.upto > layout.MOST_UNMARKED:
            raise self._marks.damaged(f"there is no mark in the long way up to step {index}")
        while fold.upto <= index:
            stop = self._folds.next_halt(fold, index + 1)
            fold.replay(self._steps.span(fold.upto, stop), self.detail)
            if stop <= index:
                self._folds.leave(fold)
        self._folds.remember(fold)
        return State(self, index, fold.live)

    def _fold_near(self, upto: int) -> Fold:
        """The nearest fold at or before: one that is remembered, or a mark's."""
        low, high = -1, self._marks.committed()
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._marks[middle][0] <= upto else (low, middle)
        marked = self._marks[low][0] if low >= 0 else 0
        known = self._folds.nearest(upto)
        if low < 0 or marked <= known.upto:
            return known
        try:
            return Fold.from_summary(marked, self._summary(self._marks[low]))
        except ValueError as error:
            raise self._marks.damaged(str(error)) from None

    def _summary(self, mark: tuple[int, ...]) -> bytes:
        _, text, entries, _ = mark
        if entries > layout.MOST_UNMARKED // 4:
            raise ValueError(f"a summary of {entries} coroutines is more than there can be")
        data = self._texts.data(text)
        if len(data) != entries * layout.SUMMARY_ENTRY.size:
            raise ValueError("a summary is not as long as it says")
        return data

    def detail(self, reference: int) -> tuple[int, ...]:
        """The row of a detail; all zeros for reference 0."""
        return self._details[reference - 1] if reference else (0, 0, 0, 0)

    def detail_of(self, index: int) -> tuple[int, ...]:
        """The detail of a step."""
        return self.detail(self._steps[index][1])

    def line_reference(self, index: int) -> int:
        """The reference to the detail of a step."""
        return self._steps[index][1]

    def output(self, reference: int) -> bytes:
        """The bytes written in a step of output, by the reference to its detail."""
        return self._texts.data(self.detail(reference)[2])

    def text(self, reference: int) -> str:
        """A text by its reference."""
        return self._texts.text(reference)

    def place(self, location: int) -> Place | None:
        """A location by its reference."""
        if location in self._places:
            return self._places[location]
        file, function, line, source = self._locations.fresh(location - 1)
        place = Place(
            self._texts.text(file), line, self._texts.text(function), self._texts.text(source)
        )
        if len(self._places) < 1 << 16:
            self._places[location] = place
        return place

    def changes(self, text: int) -> tuple[Change, ...]:
        """The locals in a text, as written."""
        if not text:
            return ()
        entries = self._texts.text(text).split(layout.RECORD_SEPARATOR, _MOST_LOCALS)
        parts = (entry.partition(layout.UNIT_SEPARATOR) for entry in entries)
        return tuple(Change(name, value if sign else None) for name, sign, value in parts)

    def _verb(self, index: int, stamp: int) -> Verb:
        try:
            return Verb(stamp >> layout.TIME_BITS)
        except ValueError:
            raise self._steps.damaged(f"step {index} says nothing that coroplay knows") from None

    def _step(self, index: int, row: tuple[int, ...]) -> Step:
        coroutine, reference, stamp = row
        verb = self._verb(index, stamp)
        t_ns = stamp & layout.TIME_MASK
        first, location, text, _ = self.detail(reference)
        place = self.place(location)
        match verb:
            case Verb.LINE:
                return Line(index, t_ns, coroutine, place, self.changes(text))
            case Verb.SPAWN:
                return Spawn(index, t_ns, coroutine, place, first or None)
            case Verb.STDOUT | Verb.STDERR:
                data = self._texts.data(text)
                return Output(index, t_ns, coroutine, place, _STREAMS[verb], data)
            case Verb.FINISH:
                value = self._texts.text(text) if text else None
                return Finish(index, t_ns, coroutine, place, value, None)
            case Verb.FAIL:
                return Finish(index, t_ns, coroutine, place, None, self._texts.text(text))
            case Verb.DROP:
                return Finish(index, t_ns, coroutine, place, None, None, dropped=True)
            case _:
                how = How(verb.name.lower())
                value = self._texts.text(text) if text else None
                return Switch(index, t_ns, coroutine, place, first, how, value)

    @property
    def notes(self) -> Notes:
        """What the probe says about the recording as a whole, as of now."""
        data = self._steps.read(layout.NOTES_OFFSET, layout.HEADER_SIZE - layout.NOTES_OFFSET)
        if len(data) < layout.HEADER_SIZE - layout.NOTES_OFFSET:
            raise self._steps.damaged("it ends within its header")
        lines_until, silent_at, length = layout.NOTES.unpack_from(data)
        start = layout.NOTES.size
        reason = data[start : start + min(length, layout.NOTES_REASON_SIZE)]
        return Notes(
            lines_until - 1 if lines_until else None,
            silent_at - 1 if silent_at else None,
            reason.decode("utf-8", "replace"),
        )

    @property
    def ending(self) -> Ending | None:
        """How the process ended; None while it runs, or if nobody was there to see it end."""
        try:
            fields = read_json(self.path / layout.ENDING)
        except RecordingError:
            if (self.path / layout.ENDING).exists():
                raise
            return None
        try:
            return Ending(
                EndingKind(fields["kind"]), int(fields["status"]), bool(fields["pipe_closed"])
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            raise RecordingError(
                f"{self.path / layout.ENDING} is damaged: a field is missing or wrong"
            ) from None

    @property
    def growing(self) -> bool:
        """Whether the child is still writing: it holds a lock on the steps while it lives."""
        return is_growing(self.path)


def is_growing(path: Path) -> bool:
    """Whether a child is writing the recording in that folder."""
    fd = open_file(path / layout.STEPS.name)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
