"""Coroutines that are gone: objects that have been freed, and how each of them ended."""

from __future__ import annotations

from coroplay.probe import coroutines
from coroplay.probe.base import originals
from coroplay.probe.coroutines import Registry
from coroplay.probe.in_turn import InTurn
from coroplay.probe.store import Store
from coroplay.trace.layout import Kind, Verb


class Departures:
    """Records that coroutines are gone, once each."""

    def __init__(self, store: Store, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._expected = InTurn()
        """Generators that are gone, and whose own ends may yet be seen."""
        self._found = InTurn()
        """Coroutines that are gone, and of whom that is not recorded yet."""

    def find(self) -> None:
        """Record that coroutines are gone, except those whose own end will still be seen."""
        held = [one.thrown for one in list(self._store.threads.values()) if one.thrown is not None]
        ending = [one.origin for one in held if one.ends]
        for track in self._expected.take(len(self._expected)):
            if not track.finished:
                self._expected.add(track)
        for track in self._registry.forget():
            runs = track in self._registry.dropping
            ends_itself = (
                track.kind is Kind.GENERATOR
                and track.started
                and (runs or not coroutines.ENDS_SILENTLY)
            )
            ends_itself = ends_itself or track in ending
            if track.finished or track.kind is Kind.THREAD:
                continue
            if not ends_itself:
                self._found.add(track)
            elif track.kind is Kind.GENERATOR:
                self._expected.add(track)
        state = self._store.threads.get(originals.get_ident())
        if state is None or state.thrown is None:
            self.tell()

    def tell(self) -> None:
        """Record who is gone; where a switch by exception is held back, only after that."""
        for track in self._found.take(len(self._found)):
            self._store.write_end(Verb.DROP, track, None)

    def end_expected(self) -> None:
        """Record that generators are gone whose own ends were not seen.

        So it is with one that Python 3.11 drops while it calls a trace function in Python.
        """
        for track in self._expected.take(len(self._expected)):
            if not track.finished:
                self._store.write_end(Verb.DROP, track, None)
