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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coroplay.probe import fast_path
from coroplay.probe.base import accelerator, high_ctypes, originals
from coroplay.probe.base.own import is_own
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
_LAMBDA: Final = "<lambda>"
UNNAMED: Final = "greenlet"
"""The label of a greenlet of which nothing more is known."""
_instance_dict = originals.Greenlet.__dict__["__dict__"].__get__
_classes_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_run_of = originals.Greenlet.__dict__["run"].__get__
_GEVENTS_DEPTH: Final = 10
"""Number of frames that gevent notes of the stack that created a Greenlet."""

ENDS_SILENTLY: Final = sys.version_info[:2] == (3, 13)
"""True where a suspended generator that is dropped or closed ends without an event.

Python 3.13 ends one that stands in no `try` without running it. So do newer ones, but not if they
were asked to tell where it is resumed, as they are here.
"""
NO_GENERATORS: Final[list[Any]] = []
"""The list of tracks without generators, one for all: a program may count its lists."""


class Outcome(NamedTuple):
    """How a coroutine ended."""

    ending: Verb
    text: str | None = None
    """The value or the exception in short; None where it was not seen."""


class Track(fast_path.Track):
    """A coroutine, for as long as the probe has to do with it."""

    __slots__ = (
        "__weakref__",
        "delegates",
        "finished",
        "is_thread",
        "kind",
        "label",
        "outcome",
        "passes",
        "ref",
        "runs",
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
        self.outcome: Outcome | None = None
        """The outcome of the outermost function, once that is known."""

    is_thread: bool
    """True for a thread, and for a Greenlet that a patched `threading` runs as one."""
    label: str
    """The name as recorded: that of a library's function until one of the person's own runs."""

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
            return track.label or None
        return None


def _any_code() -> None:
    """Stand for code that is not known."""


ANY_CODE: Final = _any_code.__code__
"""The code of what a greenlet runs where that is not known."""


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
        return _method_name(run)
    if kind is FunctionType and run.__name__ == _LAMBDA:
        return code_name(run.__code__)
    if kind in _NAMED:
        return str(run.__name__)
    if kind is functools.partial:
        return function_name(run.func)
    if issubclass(kind, type):
        return values.type_name(run)
    return values.type_name(kind)


def _method_name(method: MethodType) -> str:
    if (thread := thread_of(method)) is not None:
        return thread
    owner: Any = method.__self__
    name = function_name(method.__func__)
    kind = owner if issubclass(type(owner), type) else type(owner)
    return f"{values.type_name(kind)}.{name}"


def code_name(code: CodeType) -> str:
    """Return the name of a function by its code: a lambda's has the line at which it stands."""
    return f"<lambda:{code.co_firstlineno}>" if code.co_name == _LAMBDA else code.co_name


def name_of_thread(thing: object) -> str | None:
    """Return the name of an object of `threading.Thread`; None for any other."""
    own = _from_module("threading", "Thread")
    if own is None or not issubclass(type(thing), own):
        return None
    name = object.__getattribute__(thing, "__dict__").get("_name")
    return name if type(name) is str else None


def thread_name(function: object) -> str:
    """Return the name of a thread that `threading` does not know, by what it runs."""
    return "thread" if function is None else function_name(function)


def thread_of(run: Any) -> str | None:
    """Return the name of the thread that a function runs; None if it is no thread's."""
    if type(run) is not MethodType or getattr(run.__func__, "__name__", "") != "_bootstrap":
        return None
    return name_of_thread(run.__self__)


def is_part_of_thread(frame: FrameType | None) -> bool:
    """Tell whether a frame is of the methods by which `threading` calls a thread's function."""
    module = sys.modules.get("threading")
    if frame is None or module is None or frame.f_globals is not module.__dict__:
        return False
    return frame.f_code.co_name in ("run", "_bootstrap_inner")


def is_builtin(run: Any) -> bool:
    """Tell whether a function is one in C."""
    while type(run) is functools.partial:
        run = run.func
    return type(run) is BuiltinFunctionType


def code_run_by(thing: object, run: Any) -> CodeType | None:
    """Return the code that a greenlet starts with; None where it starts in C."""
    if run is None:
        # Without a method of its own, it runs what it was given, which is not known any more.
        return _code_of_method(thing, "run") or ANY_CODE
    if issubclass(type(run), type):
        # Its result is the object, and not what its constructor returns.
        return None
    return code_of(run) or _code_of_method(run, "__call__")


def _code_of_method(thing: object, name: str) -> CodeType | None:
    found = (_dict_of(one).get(name) for one in _classes_of(type(thing)))
    return code_of(next((one for one in found if one is not None), None))


def code_of(run: Any) -> CodeType | None:
    """Return the code of what a greenlet runs; None where that is not a function in Python."""
    while type(run) is MethodType or type(run) is functools.partial:
        run = run.__func__ if type(run) is MethodType else run.func
    return run.__code__ if type(run) is FunctionType else None


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


def greenlet_run(thing: Any, kind: Kind) -> Any:
    """Return what a greenlet that has not started yet is to run; None where that is not known."""
    if kind is Kind.GEVENT:
        return _instance_dict(thing).get("_run")
    try:
        return _run_of(thing)
    except AttributeError:
        return None


def greenlet_name(thing: Any, kind: Kind, run: Any, namer: values.Namer) -> str:
    """Return the name of a greenlet that runs `run`, or a method of its own if that is None."""
    if kind is Kind.HUB:
        return "hub"
    name = _type_name(thing) if run is None else function_name(run)
    if kind is not Kind.GEVENT:
        return name
    own = _from_module("gevent.greenlet", "Greenlet")
    assert own is not None
    given, named = own.__dict__["args"].__get__(thing), own.__dict__["kwargs"].__get__(thing)
    shown = values.arguments(given or (), named or {}, namer)
    return f"{name}({shown})" if shown else name


def _type_name(thing: Any) -> str:
    kind = type(thing)
    return UNNAMED if kind is originals.Greenlet else values.type_name(kind)


class Creation(NamedTuple):
    """What gevent notes of the creation of a Greenlet."""

    creator: object
    code: CodeType | None
    """The code that the person's own nearest frame ran; None if there was none."""
    line: int
    is_certain: bool
    """False where a generator may have been running on the creator."""


def gevent_creation(thing: Any, owns: Callable[[CodeType], bool]) -> Creation | None:
    """Return who created a Greenlet of gevent where; None where gevent does not note that."""
    own = _from_module("gevent.greenlet", "Greenlet")
    assert own is not None
    tie = own.__dict__["spawning_greenlet"].__get__(thing)
    creator = None if tie is None else tie()
    if creator is None:
        return None
    code, line, certain, depth = None, 0, True, 0
    frame = own.__dict__["spawning_stack"].__get__(thing)
    inside = constructors(thing)
    while frame is not None and not is_own(frame.f_code):
        at, depth = frame.f_code, depth + 1
        if owns(at):
            if code is None and at not in inside:
                code, line = at, frame.f_lineno
            certain = certain and not is_generator_code(at)
        frame = frame.f_back
    return Creation(creator, code, line, certain and depth < _GEVENTS_DEPTH)


def constructors(thing: object) -> list[CodeType]:
    """Return the code of the constructors of an object's class that are written in Python."""
    classes = _classes_of(type(thing))
    found = (_dict_of(one).get(name) for one in classes for name in ("__init__", "__new__"))
    functions = (one.__func__ if type(one) is staticmethod else one for one in found)
    return [one.__code__ for one in functions if type(one) is FunctionType]


def gevent_outcome(thing: Any, namer: values.Namer) -> Outcome | None:
    """Return the outcome of a dead Greenlet of gevent."""
    own = _from_module("gevent.greenlet", "Greenlet")
    if own is None or not issubclass(type(thing), own):
        return None
    error = own.__dict__["exception"].__get__(thing)
    if error is not None:
        return Outcome(Verb.FAIL, values.exception(error, namer))
    value = own.__dict__["value"].__get__(thing)
    ending = Verb.KILLED if is_exit(value) else Verb.FINISH
    return Outcome(ending, values.short(value, namer))


def is_exit(value: object) -> bool:
    """Tell whether a value is the exception that ends greenlets quietly."""
    return issubclass(type(value), originals.GreenletExit)


def is_dead_unstarted(thing: Any) -> bool:
    """Tell whether a Greenlet of gevent, which has not run, never will: it was killed before."""
    own = _from_module("gevent.greenlet", "Greenlet")
    return own is not None and bool(own.__dict__["dead"].__get__(thing))


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
