"""The state of a thread of the program, as far as it is known."""

from __future__ import annotations

import sys
from typing import NamedTuple

from coroplay.probe import fast_path
from coroplay.probe.base import originals
from coroplay.probe.coroutines import Track
from coroplay.probe.inspect.functions import name_of_thread
from coroplay.probe.inspect.throws import NO_PLACE, Place, Seen


class Thrown(NamedTuple):
    """A switch by exception, whose verb shows only in what happens next."""

    t: int
    origin: Track
    target: Track
    location: int
    seen: Seen | None
    """The exception, where the thrower's own frame tells; else None."""
    address: int = 0
    """The address of the switch, as `coroplay.trace.layout` has it."""
    ends: bool = False
    """True where the origin has ended by the exception."""
    place: Place = NO_PLACE
    """The place at which the target goes on."""


class ThreadState(fast_path.Thread):
    """The coroutines that run on one thread of the program."""

    __slots__ = ("main",)
    greenlet: Track
    thrown: Thrown | None

    def __init__(self, main: Track) -> None:
        self.main = main
        self.greenlet = main
        self.thrown = None

    @property
    def running(self) -> Track:
        """The coroutine that runs: the innermost generator on the greenlet, or the greenlet."""
        return self.greenlet.innermost


def thread_name() -> str | None:
    """Return the name that `threading` gives the calling thread; None if it has none."""
    threading = sys.modules.get("threading")
    active = getattr(threading, "_active", {})
    found = active.get(originals.get_ident()) if type(active) is dict else None
    return name_of_thread(found)
