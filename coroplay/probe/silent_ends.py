"""Generators that end without an event, which are found out when they are next looked at.

From Python 3.12 on `close` does not run a generator that has not started, and on 3.13 none that
stands in no `try` either. Where code that is not watched calls `close`, nobody is told of it.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from coroplay.trace.layout import Verb

if TYPE_CHECKING:
    from coroplay.probe.coroutines import Track
    from coroplay.probe.store import Store

_MAY_BE_SILENT: Final = sys.version_info >= (3, 12)
_MOST_LOOKED_AT: Final = 4
"""Generators that are looked at with one step."""


class InTurn:
    """Tracks that are looked at in turn, a few each time; several threads may do so at once."""

    def __init__(self) -> None:
        self._tracks: deque[Track] = deque()
        self.add = self._tracks.append
        """Function that puts a track at the end."""

    def __len__(self) -> int:
        return len(self._tracks)

    def take(self, most: int) -> Iterator[Track]:
        """Take so many tracks out, one after the other, of those that are there now."""
        for _ in range(min(most, len(self._tracks))):
            try:
                track = self._tracks.popleft()
            except IndexError:
                return  # Another thread looks at the last one.
            yield track


class SilentEnds:
    """Looks at the generators that have not ended, a few at each step, in turn."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unfinished = InTurn()

    def watch(self, track: Track) -> None:
        """Look at a generator from now on."""
        if _MAY_BE_SILENT:
            self.find()
            self._unfinished.add(track)

    def find(self) -> None:
        """Record that generators have ended, looking at a few."""
        if self._unfinished:
            self._find(_MOST_LOOKED_AT)

    def find_all(self) -> None:
        """Record that generators have ended, looking at each."""
        self._find(len(self._unfinished))

    def _find(self, most: int) -> None:
        for track in self._unfinished.take(most):
            thing = None if track.ref is None else track.ref()
            if thing is None or track.finished:
                continue
            if track.owner is None and _is_over(thing):
                self._store.write_end(Verb.UNSEEN, track, None)
            else:
                self._unfinished.add(track)


def _is_over(thing: Any) -> bool:
    """Tell whether a generator has ended."""
    return not thing.gi_suspended and not thing.gi_running and thing.gi_frame is None
