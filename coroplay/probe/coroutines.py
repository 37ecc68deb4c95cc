"""The coroutines that the probe knows: their identities, their names, and their disappearance.

Every live object is known by its id together with a weak reference whose callback forgets the id:
so a reused id is never taken for the old object, and nothing of the program's is kept alive.
"""

from __future__ import annotations

import sys
import weakref
from types import CodeType, GeneratorType
from typing import TYPE_CHECKING, Any, Final

from coroplay.probe import fast_path
from coroplay.probe.base.locks import make_rlock
from coroplay.probe.files.steps import Steps
from coroplay.probe.inspect.functions import ANY_CODE
from coroplay.probe.inspect.greenlets import Outcome
from coroplay.probe.inspect.throws import NO_PLACE, Place
from coroplay.trace.layout import Kind, Verb

if TYPE_CHECKING:
    from coroplay.probe.inspect.sent import Sent
    from coroplay.probe.inspect.wait_memory import Remembered

ENDS_SILENTLY: Final = sys.version_info[:2] == (3, 13)
"""True where a suspended generator that is dropped or closed ends without an event.

Python 3.13 ends one that stands in no `try` without running it. So do newer ones, but not if they
were asked to tell where it is resumed, as they are here.
"""
_MOST_PLACES: Final = 16
"""Places at which a greenlet was thrown into that are remembered."""
NO_GENERATORS: Final[list[Any]] = []
"""The list of tracks without generators, one for all: a program may count its lists."""


class Track(fast_path.Track):
    """A coroutine, for as long as the probe has to do with it."""

    __slots__ = (
        "__weakref__",
        "delegates",
        "ended_at",
        "finished",
        "is_thread",
        "kind",
        "label",
        "outcome",
        "passes",
        "ref",
        "runs",
        "thrown_at",
        "waits",
    )

    def __init__(self, number: int, kind: Kind, name: str) -> None:
        super().__init__()
        self.id = number
        self.hub = kind is Kind.HUB
        self.kind = kind
        self.name = self.label = name
        self.ref: weakref.ref[Any] | None = None
        self.started = False
        self.finished = False
        self.is_thread = False
        self.runs: CodeType | None = ANY_CODE
        """The code of what a greenlet or a thread runs; None where that is not in Python."""
        self.left = 0
        self.line = self.location = 0
        self.generators: list[Track] = NO_GENERATORS
        self.caller: Track | None = None
        self.owner: Track | None = None
        self.raised = 0
        self.delegates = False
        """True while a running generator only hands an exception on to one that it asked."""
        self.passes: Sent | None = None
        """The value that a generator got, which it may have to hand on."""
        self.thrown_at: tuple[Place, ...] = ()
        """The places at which what may be a GreenletExit was last thrown into a greenlet."""
        self.outcome: Outcome | None = None
        """The outcome of the outermost function, once that is known."""
        self.ended_at = 0
        """The location at which that function was left; what runs later does not move it."""
        self.waits: tuple[Remembered, ...] = ()
        """The calls in which it last waited: see `coroplay.probe.inspect.wait_memory`."""

    is_thread: bool
    """True for a thread, and for a Greenlet that a patched `threading` runs as one."""
    label: str
    """The name as recorded: that of a library's function until one of the person's own runs."""

    def note_throw(self, place: Place) -> None:
        """Note that what may be a GreenletExit is thrown into a greenlet that goes on there."""
        if place not in self.thrown_at[-1:]:
            self.thrown_at = (*self.thrown_at[1 - _MOST_PLACES :], place)

    def ends_by_exit(self, way: frozenset[Place] | None) -> Verb:
        """Return how a greenlet ends by a GreenletExit that came this way, None if not known."""
        if not self.thrown_at:
            return Verb.EXITED
        if way is None:
            return Verb.UNSEEN
        if not way.isdisjoint(self.thrown_at):
            return Verb.KILLED
        if NO_PLACE in self.thrown_at:
            only_c = self.runs is None and self.thrown_at[-1] == NO_PLACE
            return Verb.KILLED if only_c else Verb.UNSEEN
        return Verb.UNSEEN if len(self.thrown_at) == _MOST_PLACES else Verb.EXITED

    @property
    def innermost(self) -> Track:
        """The coroutine that really runs while a greenlet does: its innermost generator, if any."""
        return self.generators[-1] if self.generators else self


class _Tie(weakref.ref[Any]):
    """A weak reference to a coroutine object, with the object's id and its track."""

    __slots__ = ("key", "track")
    key: int
    track: Track


class Registry:
    """Finds the track of a greenlet or generator object.

    The end of an object is only noted when it happens, by a function that runs no Python code. It
    may come anywhere, even in the pending calls at the end of a thread, where Python 3.11 loops
    for ever when it runs traced code. The next look-up deals with it first.
    """

    def __init__(self, steps: Steps) -> None:
        self.tracks: dict[int, Track] = {}
        self.gone: list[_Tie] = []
        """Ties of objects that are gone and have not been dealt with."""
        self.dropping: set[Track] = set()
        """The generators that run because they are dropped."""
        self._lock = make_rlock()
        self.fast_path = fast_path.make(steps, self.gone)

    def bind(self, track: Track, thing: object) -> None:
        """Tie a track to its object."""
        track.ref = tie = _Tie(thing, self.fast_path.forget)
        tie.key, tie.track = id(thing), track
        self.tracks[id(thing)] = track
        if track.kind is not Kind.GENERATOR:
            self.fast_path.bind(track, thing)

    def forget(self) -> list[Track]:
        """Forget the objects that are gone; return their tracks.

        Those of generators may yet run, each because it was dropped: while one does, the others are
        kept back.
        """
        # While there are ties, every thread comes here before a look-up. So the ties go last, once
        # nothing is left under an old id.
        with self._lock:
            ties = self.gone[:]
            for tie in ties:
                if self.tracks.get(tie.key) is tie.track:
                    del self.tracks[tie.key]
            # A signal handler may have dealt with the same ties meanwhile.
            if self.gone[: len(ties)] != ties:
                return []
            held = [tie for tie in ties if self._may_run(tie.track)]
            self.gone[: len(ties)] = held
        return [tie.track for tie in ties if tie not in held]

    def begin_dropping(self, track: Track) -> None:
        """Note that a generator runs only because it is dropped."""
        track.raised = Verb.DROPPING
        self.dropping.add(track)

    def end_dropping(self, track: Track) -> None:
        """Note that a generator is left, which may have run because it was dropped."""
        track.raised = 0
        self.dropping.discard(track)

    def recover_dropping(self) -> None:
        """Forget the generators that run because they are dropped, but for those that still run."""
        running = [one for greenlet in list(self.tracks.values()) for one in greenlet.generators]
        self.dropping.intersection_update(running)

    def _may_run(self, track: Track) -> bool:
        """Tell whether a generator that is gone may yet run because it was dropped."""
        suspended = track.kind is Kind.GENERATOR and track.started and not track.finished
        return bool(self.dropping) and suspended and track not in self.dropping

    def name(self, thing: object) -> str | None:
        """Return the name of a known coroutine object; None if it is unknown or has no name."""
        track = self.tracks.get(id(thing))
        if track is not None and track.ref is not None and track.ref() is thing:
            return track.label or None
        return None


def is_running(track: Track) -> bool:
    """Tell whether the generator of a track is alive and not suspended."""
    thing = None if track.ref is None else track.ref()
    return type(thing) is GeneratorType and thing.gi_running
