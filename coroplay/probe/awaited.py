"""The coroutines behind the objects that others wait for."""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import islice
from types import BuiltinFunctionType, FrameType, MethodType
from typing import Any, Final

from coroplay.probe.base import originals
from coroplay.probe.coroutines import Registry, Track
from coroplay.probe.inspect.things import held_by, is_of_gevent, noun_of
from coroplay.trace.layout import Kind

_MOST: Final = 256
"""Greenlets that are looked at; where more are alive, it is not known who is waited for."""


class AwaitedCoroutines:
    """Finds the coroutines that others wait for. Runs no code of the program's."""

    def __init__(self, registry: Registry, meet: Callable[[Any], Track]) -> None:
        """`meet` makes a track for a greenlet that is new."""
        self._registry = registry
        self._meet = meet
        self._known: dict[int, tuple[tuple[int, int, int], list[Track]]] = {}
        """The greenlets that a coroutine, by its number, waits for in a call."""

    def identify(self, thing: object) -> int:
        """Return the number of a greenlet, or of the one of a thread; 0 for anything else."""
        if issubclass(type(thing), originals.Greenlet):
            return (self._registry.tracks.get(id(thing)) or self._meet(thing)).id
        if noun_of(thing) != "thread":
            return 0
        # A patched thread is a greenlet, whose id is the number of the thread.
        ident = held_by(thing).get("_ident")
        track = self._registry.tracks.get(ident) if type(ident) is int else None
        return 0 if track is None or track.kind is Kind.GENERATOR else track.id

    def find_awaited(self, waiting: Track, frame: FrameType, count: int | None) -> list[int]:
        """Return the greenlets at whose end a greenlet is to be switched to; none if not known.

        Where it waits again in the same call, those that have ended meanwhile are among them.
        `frame` is that of the call that waits. A greenlet that has started can't be looked into:
        without their `count` the others are all only while there is none.
        """
        site = (id(frame.f_code), frame.f_lasti, waiting.line)
        known = self._known.get(waiting.id)
        if known is not None and known[0] == site:
            # No line ran in between: it waits in the very same call.
            return [one.id for one in known[1]]
        found = self._linked(waiting, count)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[waiting.id] = (site, found)
        return [one.id for one in found]

    def _linked(self, waiting: Track, count: int | None) -> list[Track]:
        tracks = (one for one in list(self._registry.tracks.values()) if one is not waiting)
        alive = (one for one in tracks if one.kind is Kind.GEVENT and not one.finished)
        near = list(islice(alive, _MOST + 1))
        if waiting.ref is None or len(near) > _MOST:
            return []
        greenlet = waiting.ref()
        new = [one for one in near if not one.started and one.ref is not None]
        found = [one for one in new if one.ref is not None and _links(one.ref(), greenlet)]
        complete = len(found) == count if count is not None else len(new) == len(near)
        return found if complete else []


def _links(thing: object, waiting: object) -> bool:
    """Tell whether a greenlet, when it ends, calls what switches to another one."""
    lists = (one for one in gc.get_referents(thing) if type(one) is list)
    return any(_switches_to(link, waiting) for links in lists for link in links)


def _switches_to(link: object, waiting: object) -> bool:
    if not isinstance(link, BuiltinFunctionType | MethodType):
        return False
    owner = link.__self__
    if owner is waiting:
        return True
    return is_of_gevent(owner) and any(one is waiting for one in gc.get_referents(owner))
