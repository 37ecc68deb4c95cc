"""How everybody stood at some moments of a recording, small enough to be kept for many of them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection
from typing import Final

from coroplay.trace.fold import Standing
from coroplay.trace.layout import SummaryStatus
from coroplay.trace.recording import Recording
from coroplay.trace.state import State
from coroplay.trace.view.lane_histories import CODES, NOBODY

_STATUSES: Final = tuple(SummaryStatus)
_NUMBERS: Final = {status: number for number, status in enumerate(_STATUSES)}


class Glance:
    """The state at a step, -1 before the first one, of all coroutines or of those named."""

    def __init__(self, recording: Recording, step: int, only: Collection[int] | None) -> None:
        state = recording.state(step) if step >= 0 else State(recording, step, {})
        live = state.live if only is None else sorted(filter(state.is_live, only))
        standings = [state.standing(one) for one in live]
        self._recording = recording
        self._step = step
        self._known = recording.spawned_by(step)
        self._live = array("I", live)
        self._left = array("q", [one.left for one in standings])
        self._statuses = bytes(_NUMBERS[one.status] for one in standings)
        self._codes: dict[int, int] = {}

    def __len__(self) -> int:
        """How many coroutines are kept in it."""
        return len(self._live)

    def code(self, coroutine: int) -> int:
        """The status code of a coroutine, NOBODY if it wasn't there yet."""
        if coroutine > self._known:
            return NOBODY
        found = self._codes.get(coroutine)
        if found is None:
            found = self._codes[coroutine] = CODES[self._state(coroutine).of(coroutine).status]
        return found

    def _state(self, coroutine: int) -> State:
        at = bisect_left(self._live, coroutine)
        if at == len(self._live) or self._live[at] != coroutine:
            return State(self._recording, self._step, {})
        standing = Standing(_STATUSES[self._statuses[at]], self._left[at])
        return State(self._recording, self._step, {coroutine: standing})
