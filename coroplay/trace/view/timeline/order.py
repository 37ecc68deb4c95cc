"""The order of the lanes: the main one, the hub, then all others as they came."""

from __future__ import annotations

from coroplay.trace.model import CoroutineKind
from coroplay.trace.recording import Recording


class Order:
    """The coroutine in each lane; lanes are counted from 0."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._looked = 1
        self._hubs: list[int] = []
        """The hubs, one a thread, in the order of their ids."""

    def look(self, count: int) -> None:
        """Take notice of the coroutines up to that id."""
        for one in range(self._looked + 1, count + 1):
            if self._recording.coroutine(one).kind is CoroutineKind.HUB:
                self._hubs.append(one)
        self._looked = max(self._looked, count)

    def coroutine(self, lane: int) -> int:
        """Return the coroutine in that lane."""
        if lane <= len(self._hubs):
            return self._hubs[lane - 1] if lane else 1
        one = lane + 1 - len(self._hubs)
        for hub in self._hubs:
            one += hub <= one
        return one

    def lane(self, coroutine: int) -> int:
        """Return the lane of that coroutine."""
        if coroutine in self._hubs:
            return self._hubs.index(coroutine) + 1
        if coroutine == 1:
            return 0
        return coroutine - 1 + sum(hub > coroutine for hub in self._hubs)
