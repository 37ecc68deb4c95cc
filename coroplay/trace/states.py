"""The states of all coroutines at one step, looked up only where they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from coroplay.trace import layout
from coroplay.trace.fold import Standing
from coroplay.trace.layout import SummaryStatus, Verb
from coroplay.trace.model import Change, CoroutineState, HowEnded, Local, Place, Status
from coroplay.trace.reader import ENDINGS, Reader


class CoroutineStates:
    """Every coroutine as it stands once the step `index` is the last one done."""

    def __init__(self, reader: Reader, index: int, live: Mapping[int, Standing]) -> None:
        self._reader = reader
        self.index = index
        self._live = live

    @cached_property
    def live(self) -> list[int]:
        """The ids of the coroutines that have not finished, in order."""
        return sorted(self._live)

    def is_live(self, coroutine: int) -> bool:
        """Return whether a coroutine was met and has not finished."""
        return coroutine in self._live

    def standing(self, coroutine: int) -> Standing:
        """Return the standing of a live coroutine, in references to steps."""
        return self._live[coroutine]

    @property
    def running(self) -> list[int]:
        """The ids of the coroutines that run: one a thread."""
        return [i for i in self.live if self._live[i].status is SummaryStatus.RUNNING]

    @property
    def coroutines(self) -> dict[int, CoroutineState]:
        """All coroutines met by then. Where there are very many, ask with `of` for a few."""
        return {i: self.of(i) for i in range(1, self._reader.count_spawned(self.index) + 1)}

    def of(self, coroutine: int) -> CoroutineState:
        """Return one coroutine's state. Raises RecordingError if there is no such id."""
        standing = self._live.get(coroutine)
        if standing is None:
            return self._ended(coroutine)
        if standing.status is SummaryStatus.READY:
            return self._ready(coroutine)
        place = self._place(standing)
        if standing.status is SummaryStatus.RUNNING:
            since = self._reader.time(standing.last) if standing.last >= 0 else 0
            return CoroutineState(coroutine, Status.RUNNING, place, None, since, None)
        since = self._reader.time(standing.left)
        if self._reader.verb(standing.left) is not Verb.WAIT:
            return CoroutineState(coroutine, Status.SUSPENDED, place, None, since, None)
        waiting = self._reader.wait(self._reader.detail_of(standing.left)[3])
        return CoroutineState(coroutine, Status.WAITING, place, waiting, since, None)

    def _ready(self, coroutine: int) -> CoroutineState:
        _, _, created, spawned, *_ = self._reader.coroutine_row(coroutine)
        since = self._reader.time(spawned)
        place = self._reader.place(created)
        return CoroutineState(coroutine, Status.READY, place, None, since, None)

    def _place(self, standing: Standing) -> Place | None:
        """Return the place of the last line, or the one where it was left after that."""
        places = (
            self._reader.place(self._reader.detail_of(step)[1])
            for step in sorted((standing.left, standing.line), reverse=True)
            if step >= 0
        )
        return next((place for place in places if place), None)

    def _ended(self, coroutine: int) -> CoroutineState:
        finished = self._reader.coroutine_row(coroutine)[4] - 1
        if finished < 0:
            return CoroutineState(coroutine, Status.FINISHED, None, None, 0, None, HowEnded.UNSEEN)
        _, location, text, never_ran = self._reader.detail_of(finished)
        verb = self._reader.verb(finished)
        return CoroutineState(
            coroutine,
            Status.FAILED if verb in layout.FAILURES else Status.FINISHED,
            self._reader.place(location),
            None,
            self._reader.time(finished),
            self._reader.text(text),
            ENDINGS.get(verb),
            bool(never_ran),
        )

    def locals(self, coroutine: int) -> tuple[Local, ...]:
        """Return the locals of the frame an unfinished coroutine is in, as of its last line."""
        standing = self._live.get(coroutine)
        if standing is None or standing.line < 0:
            return ()
        frame, _, changed, _ = self._reader.detail_of(standing.line)
        own = self._reader.changes(changed)
        before = self._all_locals(frame)
        latest: dict[str, str | None] = dict(before)
        latest.update((change.name, change.value) for change in own)
        news = {change.name for change in own}
        return tuple(
            Local(name, value, name in news, before.get(name) if name in news else None)
            for name, value in latest.items()
            if value is not None
        )

    def _all_locals(self, reference: int) -> dict[str, str]:
        """Return all locals at a line, from the chain of the frame's lines back to a snapshot."""
        links: list[tuple[Change, ...]] = []
        for _ in range(layout.SNAPSHOT_EVERY + 1):
            if not reference:
                break
            previous, _, changed, snapshot = self._reader.detail(reference)
            if snapshot:
                links.append(self._reader.changes(snapshot))
                break
            links.append(self._reader.changes(changed))
            reference = previous
        found: dict[str, str] = {}
        for changes in reversed(links):
            for change in changes:
                if change.value is None:
                    found.pop(change.name, None)
                else:
                    found[change.name] = change.value
        return found
