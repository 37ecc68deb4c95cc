"""The state of every coroutine at one step of a recording, looked up only where it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from coroplay.trace import layout
from coroplay.trace.fold import Standing
from coroplay.trace.layout import SummaryStatus, Verb
from coroplay.trace.model import Change, CoroutineState, Local, Place, Status

if TYPE_CHECKING:
    from coroplay.trace.recording import Recording


class State:
    """How every coroutine stands once the step `index` is the last one done."""

    def __init__(self, source: Recording, index: int, live: Mapping[int, Standing]) -> None:
        self._source = source
        self.index = index
        self._live = live

    @cached_property
    def live(self) -> list[int]:
        """The ids of the coroutines that have not finished, in order."""
        return sorted(self._live)

    def is_live(self, coroutine: int) -> bool:
        """Whether it was met and has not finished."""
        return coroutine in self._live

    def standing(self, coroutine: int) -> Standing:
        """What is known of one that was met and has not finished, in references to steps."""
        return self._live[coroutine]

    @property
    def running(self) -> list[int]:
        """The ids of the coroutines that run: one a thread."""
        return [i for i in self.live if self._live[i].status is SummaryStatus.RUNNING]

    @property
    def coroutines(self) -> dict[int, CoroutineState]:
        """Every coroutine met by then. For very many, ask with `of` for those that matter."""
        return {i: self.of(i) for i in range(1, self._source.spawned_by(self.index) + 1)}

    def of(self, coroutine: int) -> CoroutineState:
        """One coroutine's state. Raises RecordingError if the recording has no such id."""
        standing = self._live.get(coroutine)
        if standing is None:
            return self._ended(coroutine)
        if standing.status is SummaryStatus.READY:
            _, _, created, spawned, *_ = self._source.coroutine_row(coroutine)
            since = self._source.time(spawned)
            place = self._source.place(created)
            return CoroutineState(coroutine, Status.READY, place, None, since, None)
        since = self._source.time(standing.last) if standing.last >= 0 else 0
        place = self._place(standing)
        if standing.status is SummaryStatus.RUNNING:
            return CoroutineState(coroutine, Status.RUNNING, place, None, since, None)
        since = self._source.time(standing.left)
        if self._source.verb(standing.left) is not Verb.WAIT:
            return CoroutineState(coroutine, Status.SUSPENDED, place, None, since, None)
        text = self._source.detail_of(standing.left)[2]
        waiting = self._source.text(text) or (place.source if place else "") or None
        return CoroutineState(coroutine, Status.WAITING, place, waiting, since, None)

    def _place(self, standing: Standing) -> Place | None:
        """Where it stands: the place of its last line, or where it was left after that."""
        places = (
            self._source.place(self._source.detail_of(step)[1])
            for step in sorted((standing.left, standing.line), reverse=True)
            if step >= 0
        )
        return next((place for place in places if place), None)

    def _ended(self, coroutine: int) -> CoroutineState:
        finished = self._source.coroutine_row(coroutine)[4] - 1
        if finished < 0:
            return CoroutineState(coroutine, Status.FINISHED, None, None, 0, None)
        _, location, text, _ = self._source.detail_of(finished)
        failed = self._source.verb(finished) is Verb.FAIL
        return CoroutineState(
            coroutine,
            Status.FAILED if failed else Status.FINISHED,
            self._source.place(location),
            None,
            self._source.time(finished),
            self._source.text(text) if text else None,
        )

    def locals(self, coroutine: int) -> tuple[Local, ...]:
        """The locals of the frame an unfinished coroutine is in, as of its last line."""
        standing = self._live.get(coroutine)
        if standing is None or standing.line < 0:
            return ()
        reference = self._source.line_reference(standing.line)
        latest, before = self._chain(reference)
        changed = {
            change.name for change in self._source.changes(self._source.detail(reference)[2])
        }
        return tuple(
            Local(name, value, name in changed, before.get(name) if name in changed else None)
            for name, value in latest.items()
            if value is not None
        )

    def _chain(self, reference: int) -> tuple[dict[str, str | None], dict[str, str]]:
        """All locals at a line, and those just before it, from the chain of the frame's lines."""
        own = self._source.changes(self._source.detail(reference)[2])
        previous = self._all_locals(self._source.detail(reference)[0])
        latest: dict[str, str | None] = dict(previous)
        latest.update((change.name, change.value) for change in own)
        return latest, previous

    def _all_locals(self, reference: int) -> dict[str, str]:
        links: list[tuple[Change, ...]] = []
        for _ in range(layout.SNAPSHOT_EVERY + 1):
            if not reference:
                break
            previous, _, changed, snapshot = self._source.detail(reference)
            if snapshot:
                links.append(self._source.changes(snapshot))
                break
            links.append(self._source.changes(changed))
            reference = previous
        found: dict[str, str] = {}
        for changes in reversed(links):
            for change in changes:
                if change.value is None:
                    found.pop(change.name, None)
                else:
                    found[change.name] = change.value
        return found
