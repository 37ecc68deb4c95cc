"""Hooks of ours that are put back whenever greenlet takes them out.

greenlet takes out a hook that raises, and exceptions of the program's signal handlers pass through
hooks. Each hook is a new object that only greenlet holds: at its end the callback of a weak
reference puts in the next one. The callback is made of functions in C alone: the interpreter may
run a signal handler wherever a function in Python begins, and would lose its exception there.
"""

from __future__ import annotations

import operator
from _weakref import ref
from collections.abc import Callable
from functools import partial
from itertools import repeat
from typing import Any

from coroplay.probe.base import originals


class Rehooking:
    """Puts hooks into threads, and puts in new ones whenever greenlet has taken them out."""

    def __init__(self, hook: Callable[[], Any]) -> None:
        """Make hooks by `hook`, a function in C that returns a new one for the calling thread."""
        self._alive: dict[int, Any] = {}
        """A weak reference to the hook of each thread, by the thread's number."""
        self._when_gone: list[Callable[[Any], Any]] = []
        never = object()
        in_use = iter(originals.gettrace, never)
        put_in = map(originals.settrace, iter(hook, never))
        references = map(ref, in_use, map(self._when_gone.__getitem__, repeat(0)))
        remember = map(self._alive.__setitem__, iter(originals.get_ident, never), references)
        self._install = partial(next, zip(put_in, remember, strict=False))
        # The hook of a thread that is gone ends in another thread, which has a hook of its own.
        is_without = map(operator.is_, in_use, repeat(None))
        again = map(operator.call, map((int, self._install).__getitem__, is_without))
        self._when_gone.append(partial(next, again))

    def install(self) -> None:
        """Put a hook into the calling thread, unless one is there."""
        hook = originals.gettrace()
        known = self._alive.get(originals.get_ident())
        if hook is None or known is None or known() is not hook:
            self._install()

    def leave(self) -> None:
        """Put no more hooks into the calling thread."""
        self._alive.pop(originals.get_ident(), None)

    def release(self) -> None:
        """Put in no more hooks."""
        self._alive.clear()
