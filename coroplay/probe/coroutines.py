"""The coroutines that the probe knows: their identities, their names, and their disappearance.

Every live object is known by its id together with a weak reference whose callback forgets the id:
so a reused id is never taken for the old object, and nothing of the program's is kept alive.
"""

from __future__ import annotations

import functools
import operator
import sys
import weakref
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FrameType, FunctionType, GeneratorType, MethodType
from typing import TYPE_CHECKING, Any, Final

from coroplay.probe import fast_path
from coroplay.probe.base import accelerator, high_ctypes, originals
from coroplay.probe.files.steps import Steps
from coroplay.probe.inspect import values
from coroplay.probe.inspect.frames import variables
from coroplay.trace.layout import Kind, Verb

if TYPE_CHECKING:
    from coroplay.probe.inspect.sent import Sent
if accelerator.used:
    from coroplay.probe.native import _accelerator

_CO_GENERATOR: Final = 0x20
_NOT_SHOWN: Final = ("cls", "self")
_instance_dict = originals.Greenlet.__dict__["__dict__"].__get__

ENDS_SILENTLY: Final = sys.version_info[:2] == (3, 13)
"""True where a suspended generator that is dropped or closed ends without an event.

Python 3.13 ends one that stands in no `try` without running it. So do newer ones, but not if they
were asked to tell where it is resumed, as they are here.
"""
NO_GENERATORS: Final[list[Any]] = []
"""The list of tracks without generators, one for all: a program may count its lists."""


class Track(fast_path.Track):
    """A coroutine, for as long as the probe has to do with it."""

    __slots__ = (
        "__weakref__",
        "delegates",
        "finished",
        "kind",
        "outcome",
        "passes",
        "ref",
    )

    def __init__(self, number: int, kind: Kind, name: str) -> None:
        super().__init__()
        self.id = number
        self.hub = kind is Kind.HUB
        self.kind = kind
        self.name = name
        self.ref: weakref.ref[Any] | None = None
        self.started = False
        self.finished = False
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
        self.outcome: tuple[bool, str] | None = None
        """The outcome of the outermost function: whether it failed, and the value in short."""

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
        self.dropping = 0
        """Number of generators that run because they are dropped."""
        self._lock = originals.RLock()
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

    def _may_run(self, track: Track) -> bool:
        """Tell whether a generator that is gone may yet run because it was dropped."""
        suspended = track.kind is Kind.GENERATOR and track.started and not track.finished
        return bool(self.dropping) and suspended and track.raised != Verb.DROPPING

    def name(self, thing: object) -> str | None:
        """Return the name of a known coroutine object; None if it is unknown or has no name."""
        track = self.tracks.get(id(thing))
        if track is not None and track.ref is not None and track.ref() is thing:
            return track.name or None
        return None


def is_generator_code(code: CodeType) -> bool:
    """Tell whether calling such code makes a generator, and not a coroutine of asyncio's kind."""
    return bool(code.co_flags & _CO_GENERATOR)


def is_running(track: Track) -> bool:
    """Tell whether the generator of a track is alive and not suspended."""
    thing = None if track.ref is None else track.ref()
    return type(thing) is GeneratorType and thing.gi_running


def generator_name(frame: FrameType, namer: values.Namer) -> str:
    """Return the function and arguments of a generator that has not run yet."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    names = [one for one in code.co_varnames[:count] if one not in _NOT_SHOWN and one[0] != "."]
    known = variables(frame)
    shown = [values.short(known[one], namer, 1) for one in names if one in known]
    return f"{code.co_name}({', '.join(shown)})" if shown else code.co_name


_NAMED: Final = (
    *(FunctionType, BuiltinFunctionType),
    *((_accelerator.WriteMethod,) if accelerator.used else ()),
)
"""Types of functions whose names can be had without running any of the program's code."""


def function_name(run: Any) -> str:
    """Return the name of what a greenlet runs, without running any of the program's code."""
    kind = type(run)
    if kind is MethodType:
        run = run.__func__
        kind = type(run)
    if kind in _NAMED:
        return str(run.__name__)
    if kind is functools.partial:
        return function_name(run.func)
    if issubclass(kind, type):
        return values.type_name(run)
    return values.type_name(kind)


def greenlet_kind(thing: object) -> Kind:
    """Return the kind of a greenlet; those of gevent count only once gevent is imported."""
    hub = _from_module("gevent.hub", "Hub")
    if hub is not None and issubclass(type(thing), hub):
        return Kind.HUB
    own = _from_module("gevent.greenlet", "Greenlet")
    if own is not None and issubclass(type(thing), own):
        return Kind.GEVENT
    return Kind.GREENLET


def parent_of(thing: object) -> object:
    """Return the parent of a greenlet; None if it is the main one of its thread."""
    return originals.Greenlet.__dict__["parent"].__get__(thing)


def greenlet_name(thing: Any, kind: Kind, namer: values.Namer) -> str:
    """Return the name of a greenlet that has not run yet; empty if it is not known yet."""
    if kind is Kind.HUB:
        return "hub"
    if kind is Kind.GEVENT:
        return _gevent_name(thing, namer)
    try:
        return function_name(originals.Greenlet.__dict__["run"].__get__(thing))
    except AttributeError:
        return ""


def _gevent_name(thing: Any, namer: values.Namer) -> str:
    own = _from_module("gevent.greenlet", "Greenlet")
    assert own is not None
    run = _instance_dict(thing).get("_run")
    name = values.type_name(type(thing)) if run is None else function_name(run)
    given, named = own.__dict__["args"].__get__(thing), own.__dict__["kwargs"].__get__(thing)
    shown = values.arguments(given or (), named or {}, namer)
    return f"{name}({shown})" if shown else name


def gevent_outcome(thing: Any, namer: values.Namer) -> tuple[bool, str] | None:
    """Return the outcome of a dead Greenlet of gevent: whether it failed, and a short text."""
    own = _from_module("gevent.greenlet", "Greenlet")
    if own is None or not issubclass(type(thing), own):
        return None
    error = own.__dict__["exception"].__get__(thing)
    if error is not None:
        return True, values.exception(error, namer)
    return False, values.short(own.__dict__["value"].__get__(thing), namer)


def generator_of(frame: FrameType) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator that a frame belongs to; None if it belongs to none."""
    return _finder(frame)


def _from_module(module: str, name: str) -> type | None:
    found = sys.modules.get(module)
    kind = getattr(found, name, None)
    return kind if isinstance(kind, type) else None


def _make_finder() -> Callable[[FrameType], GeneratorType[Any, Any, Any] | None]:
    """Return a function from a frame to its generator, which Python 3.14 has as an attribute."""
    if hasattr(FrameType, "f_generator"):
        return operator.attrgetter("f_generator")
    if accelerator.used:
        return _accelerator.generator_of
    ctypes = high_ctypes.load()
    get = ctypes.pythonapi.PyFrame_GetGenerator
    get.argtypes, get.restype = [ctypes.py_object], ctypes.py_object

    def find(frame: FrameType) -> GeneratorType[Any, Any, Any] | None:
        if not is_generator_code(frame.f_code):
            return None
        try:
            found: GeneratorType[Any, Any, Any] = get(frame)
        except ctypes.ArgumentError:
            # So `ctypes` words a RecursionError: the program is at its limit.
            raise RecursionError from None
        return found

    return find


_finder = _make_finder()
