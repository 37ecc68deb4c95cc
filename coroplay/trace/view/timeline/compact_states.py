"""States of all coroutines at some steps, small enough to be kept for many of those."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection
from typing import Final

from coroplay.trace.fold import Standing
from coroplay.trace.layout import SummaryStatus
from coroplay.trace.recording import Recording
from coroplay.trace.states import CoroutineStates
from coroplay.trace.view.timeline.lane_histories import CODES, NOBODY

_STATUSES: Final = tuple(SummaryStatus)
_NUMBERS: Final = {status: number for number, status in enumerate(_STATUSES)}


class CompactStates:
    """The states at a step, -1 before the first one, of all coroutines or of those named."""

    def __init__(self, recording: Recording, step: int, only: Collection[int] | None) -> None:
        self._reader = recording.reader
        self._step = step
        states = recording.state(step) if step >= 0 else self._states({})
        live = states.live if only is None else sorted(filter(states.is_live, only))
        standings = [states.standing(one) for one in live]
        self._known = recording.count_spawned(step)
        self._live = array("I", live)
        self._left = array("q", [one.left for one in standings])
        self._statuses = bytes(_NUMBERS[one.status] for one in standings)
        self._codes: dict[int, int] = {}

    def __len__(self) -> int:
        """The number of coroutines that are kept."""
        return len(self._live)

    def code(self, coroutine: int) -> int:
        """Return the status code of a coroutine, NOBODY if it wasn't there yet."""
        if coroutine > self._known:
            return NOBODY
        found = self._codes.get(coroutine)
        if found is None:
            status = self._states(self._standing(coroutine)).of(coroutine).status
            found = self._codes[coroutine] = CODES[status]
        return found

    def _standing(self, coroutine: int) -> dict[int, Standing]:
        at = bisect_left(self._live, coroutine)
        if at == len(self._live) or self._live[at] != coroutine:
            return {}
        return {coroutine: Standing(_STATUSES[self._statuses[at]], self._left[at])}

    def _states(self, live: dict[int, Standing]) -> CoroutineStates:
        return CoroutineStates(self._reader, self._step, live)
