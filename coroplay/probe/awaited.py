"""The coroutines behind the objects that others wait for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, Final

from coroplay.probe.base import originals
from coroplay.probe.coroutines import Registry, Track
from coroplay.probe.inspect.links import is_linked
from coroplay.probe.inspect.things import held_by, noun_of
from coroplay.trace.layout import Kind

_MOST: Final = 256
"""Greenlets that are looked at; where more are alive, it is not known who is waited for."""


class AwaitedCoroutines:
    """Finds the coroutines that others wait for. Runs no code of the program's."""

    def __init__(self, registry: Registry, meet: Callable[[Any], Track]) -> None:
        """`meet` makes a track for a greenlet that is new."""
        self._registry = registry
        self._meet = meet

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

    def find_awaited(self, waiting: Track, count: int | None) -> list[object]:
        """Return the greenlets at whose end a greenlet is to be switched to; none if not known.

        A greenlet that has started can't be looked into: without their `count` the others are all
        only while there is none.
        """
        tracks = (one for one in list(self._registry.tracks.values()) if one is not waiting)
        alive = (one for one in tracks if one.kind is Kind.GEVENT and not one.finished)
        near = list(islice(alive, _MOST + 1))
        if waiting.ref is None or len(near) > _MOST:
            return []
        greenlet = waiting.ref()
        new = [one.ref() for one in near if not one.started and one.ref is not None]
        found = [one for one in new if is_linked(one, greenlet)]
        complete = len(found) == count if count is not None else len(new) == len(near)
        return found if complete else []
