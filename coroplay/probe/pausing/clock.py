"""The program's clock, which stands still while the program is paused.

The functions of `time` are replaced only where a host can pause the program. `datetime.now()`
and clocks outside the process can't be held.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

from coroplay.probe.base import originals
from coroplay.probe.pausing.gevent_loops import Loop, running_loop
from coroplay.probe.store import Store


class Clock:
    """Takes the time that the program was paused out of every clock that the program reads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._paused_ns = 0
        self._held_at: int | None = None
        self._timers: list[tuple[int, tuple[float, float]]] = []
        self._loop: Loop | None = None

    def install(self) -> None:
        """Give the program clocks that leave pauses out."""
        time.time = self._seconds(originals.time_s)
        time.monotonic = self._seconds(originals.monotonic)
        time.perf_counter = self._seconds(originals.perf_counter)
        time.time_ns = self._nanoseconds(originals.time_ns)
        time.monotonic_ns = self._nanoseconds(originals.monotonic_ns)
        time.perf_counter_ns = self._nanoseconds(originals.perf_counter_ns)

    def _seconds(self, real: Callable[[], float]) -> Any:
        def clock() -> float:
            return real() - self._pauses_ns() / 1e9

        return _named_like(clock, real)

    def _nanoseconds(self, real: Callable[[], int]) -> Any:
        def clock() -> int:
            return real() - self._pauses_ns()

        return _named_like(clock, real)

    def _pauses_ns(self) -> int:
        """Return the nanoseconds spent in pauses, including one that is under way."""
        if self._held_at is None:
            return self._paused_ns
        return self._paused_ns + originals.perf_counter_ns() - self._held_at

    def hold(self) -> None:
        """Hold the clocks, gevent's loop in the calling thread, and the interval timer."""
        self._loop = running_loop()
        self._held_at = originals.perf_counter_ns()
        self._store.end.hold()
        self._store.write_clock(held=True)
        if self._loop is not None:
            self._loop.suspend()
        self._timers = [(signal.ITIMER_REAL, signal.setitimer(signal.ITIMER_REAL, 0))]

    def resume(self) -> None:
        """Let clocks, loop and timer go on as if no time had passed."""
        before = self._paused_ns
        self._paused_ns += self._store.end.resume()
        self._store.write_clock()
        self._held_at = None
        if self._loop is not None:
            self._loop.resume(before, self._paused_ns)
            self._loop = None
        for which, (delay, interval) in self._timers:
            if delay:
                signal.setitimer(which, delay, interval)


def _named_like(clock: Any, real: Any) -> Any:
    clock.__name__ = clock.__qualname__ = real.__name__
    clock.__module__ = real.__module__
    clock.__doc__ = real.__doc__
    return clock
