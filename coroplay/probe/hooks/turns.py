"""Turns of threads that write, so that steps of two streams come in the order of their bytes."""

from __future__ import annotations

from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.base.locks import make_rlock

_LONGEST_TURN: Final = 0.02
"""Seconds after which a thread writes out of turn: another's writing waits for a full pipe."""


class Turns:
    """The turns of threads: writes are recorded in the order in which they are done."""

    def __init__(self) -> None:
        self._lock = make_rlock()

    def begin(self) -> None:
        """Have other threads wait."""
        if originals.thread_count() and not self._lock.acquire(timeout=_LONGEST_TURN):
            # A signal handler of the program has cut a turn short, or it waits for a full pipe:
            # nobody waits for that one again.
            self._lock = make_rlock()

    def end(self) -> None:
        """Let other threads write, if they were made to wait."""
        if self._lock._is_owned():  # type: ignore[attr-defined]
            self._lock.release()


turns: Final = Turns()
"""The turns of everybody who writes to one of the standard streams."""
