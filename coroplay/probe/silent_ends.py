"""Generators that end without an event, which are found out when they are next looked at.

From Python 3.12 on `close` does not run a generator that has not started, and on 3.13 none that
stands in no `try` either. Where code that is not watched calls `close`, nobody is told of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any, Final

from coroplay.probe.in_turn import InTurn
from coroplay.trace.layout import Verb

if TYPE_CHECKING:
    from coroplay.probe.coroutines import Track
    from coroplay.probe.store import Store

_MAY_BE_SILENT: Final = sys.version_info >= (3, 12)
_IS_SUSPENDED: Final = attrgetter("gi_suspended")
_IS_RUNNING: Final = attrgetter("gi_running")
_FRAME: Final = attrgetter("gi_frame")
_MOST_LOOKED_AT: Final = 4
"""Generators that are looked at with one step."""


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
            if track.ref is None or track.finished:
                continue
            over = _is_over(track.ref)
            if over and track.owner is None:
                self._store.write_end(Verb.UNSEEN, track, None)
            elif over is not None:
                self._unfinished.add(track)


def _is_over(ref: Callable[[], Any]) -> bool | None:
    """Tell whether a generator has ended; None if it is gone.

    Another thread may let go of the generator at any moment. It must not come to its end here, in
    the wrong thread, for want of our reference: so none is held from one call to the next.
    """
    suspended = next(map(_IS_SUSPENDED, _object_of(ref)), None)
    if suspended is None:
        return None
    if suspended or next(map(_IS_RUNNING, _object_of(ref)), True):
        return False
    return next(map(is_, (None,), map(_FRAME, _object_of(ref))), None)


def _object_of(ref: Callable[[], Any]) -> Iterator[Any]:
    """Iterate over what a weak reference refers to, in C; over nothing if it is gone."""
    return iter(ref, None)
