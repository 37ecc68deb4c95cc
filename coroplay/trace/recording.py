"""A recording as everything else sees it: a growing sequence of steps, and the states at each.

It is read-only, and looks at the files only where it is asked to: opening one, going to a step and
showing the states there take the same time however long the recording is.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, overload

from coroplay.trace import layout
from coroplay.trace.checkpoints import Checkpoints
from coroplay.trace.ending import Ending
from coroplay.trace.layout import Kind
from coroplay.trace.meta import read_ending, read_meta, why_unrecorded
from coroplay.trace.model import Coroutine, CoroutineKind, Notes, RecordingError, Step
from coroplay.trace.reader import Reader
from coroplay.trace.states import CoroutineStates
from coroplay.trace.steps import read_step
from coroplay.trace.tables import open_file

_KINDS: Final = {
    Kind.MAIN: CoroutineKind.MAIN,
    Kind.GENERATOR: CoroutineKind.GENERATOR,
    Kind.GREENLET: CoroutineKind.GREENLET,
    Kind.GEVENT: CoroutineKind.GEVENT,
    Kind.HUB: CoroutineKind.HUB,
    Kind.THREAD: CoroutineKind.THREAD,
}


class Recording(Sequence[Step]):
    """The steps that a run left behind, or is leaving behind at this moment."""

    def __init__(self, path: Path) -> None:
        """Open the recording in that folder. Raises RecordingError with a sentence."""
        if not os.path.isdir(path):  # noqa: PTH112  (Path.is_dir lets some errors out)
            raise RecordingError(f"there is no recording at {path}: it is not a folder")
        self.path = path
        try:
            self.reader = Reader(path)
            try:
                self.meta = read_meta(path)
            except RecordingError:
                self.reader.close()
                raise
        except RecordingError:
            if why := why_unrecorded(path):
                raise RecordingError(f"nothing was recorded in {path}: {why}") from None
            raise
        self._checkpoints = Checkpoints(self.reader)
        self._count = 0
        self._length = 0
        """The length of the run as of the last look, in nanoseconds; 0 if unknown."""
        self._measured = False
        """True once the length is final."""
        self.refresh()

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # The sequence of steps

    def refresh(self) -> int:
        """Look for steps written since; return the number of steps there are now."""
        self._count = self.reader.steps.committed()
        return self._count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [read_step(self.reader, i) for i in range(*index.indices(self._count))]
        at = index + self._count if index < 0 else index
        if not 0 <= at < self._count:
            raise IndexError(f"step {index} of a recording of {self._count}")
        return read_step(self.reader, at)

    def __iter__(self) -> Iterator[Step]:
        return self.steps()

    def steps(self, start: int = 0, stop: int | None = None) -> Iterator[Step]:
        """Yield the steps from start up to stop (the end as it is now), one after the other."""
        for i in range(start, self._count if stop is None else min(stop, self._count)):
            yield read_step(self.reader, i)

    def coroutine_at(self, index: int) -> int:
        """Return the id of the coroutine that runs at a step, reading no more than its row."""
        return self.reader.coroutine_at(index)

    def time(self, index: int) -> int:
        """Return the time of a step, in nanoseconds, reading no more than its row."""
        return self.reader.time(index)

    def at_time(self, t_ns: int) -> int:
        """Find the last step at or before that time; 0 if all come later."""
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
    def length_ns(self) -> int:
        """The program's own time in nanoseconds: up to now, or to its end; at least `elapsed_ns`.

        Where nobody saw the end it is the time of the last step: it may have been longer.
        """
        if not self._measured:
            try:
                ending = self.ending
            except RecordingError:  # Whoever asks for the ending itself will hear of it.
                self._measured = True
                return self.elapsed_ns
            if ending is not None:
                self._measured, self._length = True, ending.elapsed_ns or 0
            elif self.growing and (clock := self.reader.clock()) is not None:
                self._length = clock.elapsed_ns()
            # Else the end has just come, and nobody has written it down yet.
        return max(self.elapsed_ns, self._length)

    # Coroutines

    @property
    def coroutines(self) -> list[Coroutine]:
        """All coroutines met so far, in the order of their ids."""
        return [self.coroutine(number + 1) for number in range(self.reader.coroutines.committed())]

    def coroutine(self, number: int) -> Coroutine:
        """Return the coroutine with that id. Raises RecordingError if there is none."""
        name, parent, created, spawned, _, creator, _, kind = self.reader.coroutine_row(number)
        try:
            known = _KINDS[Kind(kind)]
        except ValueError:
            raise self.reader.coroutines.damaged(
                f"coroutine {number} is of no known kind"
            ) from None
        place = self.reader.place(created)
        text = self.reader.texts.text(name)
        return Coroutine(number, known, text, creator or None, parent or None, place, spawned)

    def count_spawned(self, index: int) -> int:
        """Count the coroutines that had been met once a step was done: ids are in that order."""
        return self.reader.count_spawned(index)

    def state(self, index: int) -> CoroutineStates:
        """Return how every coroutine stands once that step is the last one done."""
        if not 0 <= index < self._count:
            raise IndexError(f"step {index} of a recording of {self._count}")
        return CoroutineStates(self.reader, index, self._checkpoints.fold_after(index).live)

    # The recording as a whole

    @property
    def notes(self) -> Notes:
        """The probe's notes about the recording as a whole, as of now."""
        return self.reader.notes()

    @property
    def ending(self) -> Ending | None:
        """The end of the process; None while it runs, or if nobody was there to see it end."""
        return read_ending(self.path)

    @property
    def growing(self) -> bool:
        """True while the child writes: it holds a lock on the steps as long as it lives."""
        return is_growing(self.path)


def is_growing(path: Path) -> bool:
    """Return whether a child is writing the recording in that folder."""
    fd = open_file(path / layout.STEPS.name)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
