"""Coroutines that are met for the first time: their names, creators and parents."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType, GeneratorType
from typing import Any, Final

from coroplay.probe.base import accelerator, originals
from coroplay.probe.coroutines import Registry, Track
from coroplay.probe.in_turn import InTurn
from coroplay.probe.inspect import functions, generators, greenlets
from coroplay.probe.inspect.frames import is_outermost
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.silent_ends import SilentEnds
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState
from coroplay.trace.layout import Kind

_MOST_LOOKED_AT: Final = 16
"""Greenlets that have not started that are looked at with one step."""


class Newcomers:
    """Makes the tracks of coroutines, and gives them the names that come to be known later."""

    def __init__(
        self,
        store: Store,
        scope: Scope,
        registry: Registry,
        thread: Callable[[], ThreadState],
        forget: Callable[[], None],
    ) -> None:
        """`thread` returns the state of the calling thread; `forget` deals with ended objects."""
        self.generator_frames: dict[int, Track] = {}
        """The track of each generator that has started, by the id of the generator's frame."""
        self._store = store
        self._scope = scope
        self.registry = registry
        self._tracks = registry.tracks
        self._thread = thread
        self._forget = forget
        self._being_named: set[int] = set()
        """Ids of objects whose arguments are being shown, which may hold these very objects."""
        self._unstarted = InTurn()
        """Greenlets of gevent that had not started when last looked at."""
        self.silent_ends = SilentEnds(store)
        self._orphans: dict[int, list[Track]] = {}
        """Greenlets whose parents have not been met, by the ids of these."""

    def name(self, thing: object) -> str | None:
        """Return the name of a coroutine object, which may be new; None for any other object."""
        if self.registry.gone:
            self._forget()
        if id(thing) in self._being_named:
            return None
        kind = type(thing)
        if kind is GeneratorType:
            return self._name_generator(thing)
        if issubclass(kind, originals.Greenlet):
            track = self._tracks.get(id(thing))
            if track is None and not self._may_be_unborn(thing):
                track = self.meet_greenlet(thing)
            return None if track is None else track.label
        return None

    def _may_be_unborn(self, thing: Any) -> bool:
        """Tell whether the constructor of a greenlet, which is new, may not have run yet.

        Its creator will be known then.
        """
        kind = greenlets.greenlet_kind(thing)
        if kind is Kind.GEVENT:
            return greenlets.gevent_creation(thing, self._scope.owns) is None
        return kind is Kind.GREENLET and accelerator.used

    def _name_generator(self, thing: Any) -> str | None:
        known = self.registry.name(thing)
        frame = None if known else thing.gi_frame
        if frame is None or not self._scope.owns(frame.f_code):
            return known
        track = self.generator_frames.get(id(frame))
        if track is not None and not track.finished:
            # It is being dropped, and its weak reference has been cleared.
            return track.label
        if frame.f_lasti >= 0 and thing.gi_running:
            return known
        return self.meet_generator(frame, thing).name

    def meet_created(self, thing: Any, creator: Track) -> None:
        """Make the track of a greenlet that has been created this very moment."""
        if id(thing) not in self._tracks:
            own = self._constructing(thing)
            location = 0 if own is None else self._store.locations.call(own)
            self._meet_greenlet(thing, Kind.GREENLET, creator.id, location)

    def meet_greenlet(self, thing: Any) -> Track:
        """Return a new track for a greenlet, whose creation was not seen."""
        kind = greenlets.greenlet_kind(thing)
        creator, location = self._creation(thing) if kind is Kind.GEVENT else (0, 0)
        return self._meet_greenlet(thing, kind, creator, location)

    def _creation(self, thing: Any) -> tuple[int, int]:
        """Return the creator of a Greenlet of gevent, and the location, 0 where not known."""
        made = greenlets.gevent_creation(thing, self._scope.owns)
        if made is None:
            return 0, 0
        state = self._thread()
        creator = self._tracks.get(id(made.creator))
        certain = made.is_certain
        location = 0
        if made.code is not None:
            location = self._store.locations.line(made.code, made.line)
            own = self._constructing(thing)
            if own is not None and own.f_code is made.code and own.f_lineno == made.line:
                location = self._store.locations.call(own)
                if creator is state.greenlet:
                    creator, certain = state.running, True
        return creator.id if creator is not None and certain else 0, location

    def _constructing(self, thing: Any) -> FrameType | None:
        """Return the frame that has called the constructor of a greenlet."""
        own = self._scope.nearest(originals.getframe())
        if type(thing) is originals.Greenlet:
            return own
        inside = greenlets.constructors(thing)
        while own is not None and own.f_code in inside:
            own = self._scope.nearest(own.f_back)
        return own

    def _meet_greenlet(self, thing: Any, kind: Kind, creator: int, location: int) -> Track:
        run = greenlets.greenlet_run(thing, kind)
        self._being_named.add(id(thing))
        try:
            label = greenlets.greenlet_name(thing, kind, run, self.name)
        finally:
            self._being_named.discard(id(thing))
        track = self.meet(kind, label, creator, location, thing)
        track.is_thread = functions.thread_of(run) is not None
        track.runs = functions.code_run_by(thing, run)
        if kind is Kind.GEVENT:
            self._unstarted.add(track)
        if kind is not Kind.HUB and not track.is_thread and self._is_foreign(thing, run):
            track.name = ""
        self._adopt(track, thing)
        return track

    def _is_foreign(self, thing: Any, run: Any) -> bool:
        """Tell whether no name of the person's own is known for what a greenlet runs."""
        if run is None:
            return type(thing) is originals.Greenlet
        code = functions.code_of(run)
        return code is not None and not self._scope.owns(code)

    def _adopt(self, track: Track, thing: Any) -> None:
        """Write the parent of a greenlet, and the greenlet as the parent of those met before."""
        for child in self._orphans.pop(id(thing), ()):
            known = child.ref and child.ref()
            if known is not None and greenlets.parent_of(known) is thing:
                self._store.write_parent(child, track)
        above = greenlets.parent_of(thing)
        if not self.note_parent(track, thing) and above is not None:
            self._orphans.setdefault(id(above), []).append(track)

    def meet_generator(self, frame: FrameType, thing: object | None) -> Track:
        """Return a new track for a generator."""
        self._being_named.add(id(thing))
        try:
            label = generators.generator_name(frame, self.name)
        finally:
            self._being_named.discard(id(thing))
        # Python tells nobody when a generator is made, only when it starts.
        track = self.meet(Kind.GENERATOR, label, 0, 0, thing)
        self.silent_ends.watch(track)
        return track

    def meet(
        self,
        kind: Kind,
        name: str,
        creator: int,
        location: int,
        thing: object | None,
        at_once: bool = False,
    ) -> Track:
        """Return a new track for a coroutine; `at_once` says whether it runs."""
        track = self._store.add_coroutine(kind, name, creator, location, at_once)
        track.started = at_once
        track.is_thread = kind is Kind.THREAD
        if thing is not None:
            self.registry.bind(track, thing)
        return track

    def name_by_frame(self, track: Track, frame: FrameType) -> None:
        """Name a greenlet after its first function of the person's own, or at least its first."""
        own = None
        while True:
            if self._scope.owns(frame.f_code):
                own = frame
            if is_outermost(frame) or frame.f_back is None:
                break
            frame = frame.f_back
        if track.runs is functions.ANY_CODE:
            track.runs = frame.f_code
        if own is not None:
            self._store.rename(track, functions.code_name(own.f_code))
        elif track.label == greenlets.UNNAMED:
            self._store.rename(track, functions.code_name(frame.f_code))
            track.name = ""

    def note_parent(self, track: Track, thing: Any) -> bool:
        """Write the parent of a greenlet as it is now; return False if it has not been met."""
        parent = self._tracks.get(id(greenlets.parent_of(thing)))
        if parent is not None:
            self._store.write_parent(track, parent)
        return parent is not None

    def find_ends(self) -> None:
        """Record that coroutines have ended of which nobody is told, looking at a few."""
        if self._unstarted:
            self._find_killed(_MOST_LOOKED_AT)
        self.silent_ends.find()

    def find_all_ends(self) -> None:
        """Record that coroutines have ended of which nobody is told, looking at each."""
        self._find_killed(len(self._unstarted))
        self.silent_ends.find_all()

    def _find_killed(self, most: int) -> None:
        """Record that greenlets of gevent were killed before they started, looking at so many."""
        for track in self._unstarted.take(most):
            thing = track.ref and track.ref()
            if thing is None or track.started or track.finished:
                continue
            if not greenlets.is_dead_unstarted(thing):
                self._unstarted.add(track)
            elif outcome := greenlets.gevent_outcome(thing, self.name):
                self._store.write_end(outcome.ending, track, outcome.text)
