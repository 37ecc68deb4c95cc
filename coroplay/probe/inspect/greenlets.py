"""Greenlets, gevent's among them: kind, name, creator and outcome, running none of their code."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import CodeType, FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import Any, Final, NamedTuple

from coroplay.probe.base import originals
from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.base.own import is_own
from coroplay.probe.inspect import values
from coroplay.probe.inspect.functions import POOL_WORKER, function_name, is_pool_worker
from coroplay.probe.inspect.generators import is_generator_code
from coroplay.probe.inspect.things import classes_of, dict_of_class, from_module
from coroplay.trace.layout import Kind, Verb

UNNAMED: Final = "greenlet"
"""The label of a greenlet of which nothing more is known."""
instance_dict = originals.Greenlet.__dict__["__dict__"].__get__
"""Function that returns what a greenlet itself holds."""
is_dead = originals.Greenlet.__dict__["dead"].__get__
"""Function that tells whether a greenlet has ended."""
_run_of = originals.Greenlet.__dict__["run"].__get__
_GEVENTS_DEPTH: Final = 10
"""Number of frames that gevent notes of the stack that created a Greenlet."""


def greenlet_kind(thing: object) -> Kind:
    """Return the kind of a greenlet; those of gevent count only once gevent is imported."""
    hub = from_module("gevent.hub", "Hub")
    if hub is not None and issubclass(type(thing), hub):
        return Kind.HUB
    own = from_module("gevent.greenlet", "Greenlet")
    if own is not None and issubclass(type(thing), own):
        return Kind.GEVENT
    return Kind.GREENLET


def parent_of(thing: object) -> object:
    """Return the parent of a greenlet; None if it is the main one of its thread."""
    return originals.Greenlet.__dict__["parent"].__get__(thing)


def greenlet_run(thing: Any, kind: Kind) -> Any:
    """Return what a greenlet that has not started yet is to run; None where that is not known."""
    if kind is Kind.GEVENT:
        return dict.get(instance_dict(thing), "_run")
    try:
        return _run_of(thing)
    except AttributeError as error:
        if is_from_within(error):
            raise
        return None


def greenlet_name(thing: Any, kind: Kind, run: Any, namer: values.Namer) -> str:
    """Return the name of a greenlet that runs `run`, or a method of its own if that is None."""
    if kind is Kind.HUB:
        return "hub"
    if is_pool_worker(thing):
        return POOL_WORKER
    name = _type_name(thing) if run is None else function_name(run)
    if kind is not Kind.GEVENT:
        return name
    given, named = _of_gevent(thing, "args") or (), _of_gevent(thing, "kwargs") or {}
    while type(run) is functools.partial:
        run, given, named = run.func, (*run.args, *given), {**run.keywords, **named}
    shown = values.arguments(given, named, namer)
    return f"{name}({shown})" if shown else name


def _type_name(thing: Any) -> str:
    kind = type(thing)
    return UNNAMED if kind is originals.Greenlet else values.type_name(kind)


class Creation(NamedTuple):
    """The creation of a Greenlet, as gevent notes it."""

    creator: object
    code: CodeType | None
    """The code that the person's own nearest frame ran; None if there was none."""
    line: int
    is_certain: bool
    """False where a generator may have been running on the creator."""


def gevent_creation(thing: Any, owns: Callable[[CodeType], bool]) -> Creation | None:
    """Return who created a Greenlet of gevent where; None where gevent does not note that."""
    tie = _of_gevent(thing, "spawning_greenlet")
    creator = None if tie is None else tie()
    if creator is None:
        return None
    code, line, certain, depth = None, 0, True, 0
    frame = _of_gevent(thing, "spawning_stack")
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
    classes = classes_of(type(thing))
    found = (dict_of_class(one).get(name) for one in classes for name in ("__init__", "__new__"))
    functions = (one.__func__ if type(one) is staticmethod else one for one in found)
    return [one.__code__ for one in functions if type(one) is FunctionType]


class Outcome(NamedTuple):
    """The end of a coroutine, as far as it was seen."""

    ending: Verb
    text: str | None = None
    """The value or the exception in short; None where it was not seen."""


def gevent_outcome(thing: Any, namer: values.Namer) -> Outcome | None:
    """Return the outcome of a dead Greenlet of gevent; one that has run may have exited itself."""
    if greenlet_kind(thing) is not Kind.GEVENT:
        return None
    error = _of_gevent(thing, "exception")
    if error is not None:
        return Outcome(Verb.FAIL, values.exception(error, namer))
    value = _of_gevent(thing, "value")
    exits = gevent_exit(thing) is not None
    ending = Verb.KILLED if exits else Verb.FINISH
    return Outcome(ending, values.short(value, namer))


def gevent_exit(thing: Any) -> BaseException | None:
    """Return the GreenletExit that a dead Greenlet of gevent has as its value; None if none."""
    value = _of_gevent(thing, "value")
    return value if issubclass(type(value), originals.GreenletExit) else None


def is_dead_unstarted(thing: Any) -> bool:
    """Tell whether a Greenlet of gevent, which has not run, never will: it was killed before."""
    return bool(_of_gevent(thing, "dead"))


def _of_gevent(thing: Any, name: str) -> Any:
    """Return an attribute that gevent's class gives a Greenlet, whatever a derived class does."""
    own = from_module("gevent.greenlet", "Greenlet")
    assert own is not None
    found: Any = own.__dict__.get(name)
    if type(found) in (GetSetDescriptorType, MemberDescriptorType):
        return found.__get__(thing)
    # Where gevent is not compiled (PURE_PYTHON), a Greenlet holds its attributes itself.
    held = instance_dict(thing)
    if name == "exception":
        info = dict.get(held, "_exc_info")
        return info[1] if info else None
    return dict.get(held, name)
