"""The kinds of objects that coroutines wait for, told by their types alone."""

from __future__ import annotations

import sys
from types import FrameType, GetSetDescriptorType, MemberDescriptorType
from typing import Any, Final

from coroplay.trace.layout import WaitKind

classes_of = type.__dict__["__mro__"].__get__
"""Function that returns a class and those it is derived from, whatever its metaclass."""
dict_of_class = type.__dict__["__dict__"].__get__
"""Function that returns what a class itself holds, whatever its metaclass."""
_get_module = type.__dict__["__module__"].__get__
_name = type.__dict__["__name__"].__get__

_NOUNS: Final = {
    **dict.fromkeys((("gevent", one) for one in ("SimpleQueue", "Queue")), "queue"),
    ("queue", "Queue"): "queue",
    ("_queue", "SimpleQueue"): "queue",
    ("gevent", "Channel"): "channel",
    ("gevent", "Event"): "event",
    ("threading", "Event"): "event",
    ("threading", "Condition"): "condition",
    ("threading", "Barrier"): "barrier",
    ("gevent", "AsyncResult"): "result",
    ("concurrent", "Future"): "result",
    ("gevent", "Semaphore"): "semaphore",
    ("threading", "Semaphore"): "semaphore",
    **dict.fromkeys((("gevent", one) for one in ("LockType", "RLock")), "lock"),
    ("threading", "_RLock"): "lock",
    ("gevent", "Pool"): "pool",
    ("gevent", "Group"): "group",
    ("gevent", "ThreadPool"): "thread pool",
    ("gevent", "Popen"): "process",
    ("threading", "Thread"): "thread",
    ("greenlet", "greenlet"): "greenlet",
}
"""The nouns of types, by the first part of their module's name and their own name."""

_FUNCTIONS: Final = {
    ("gevent.hub", "sleep"): WaitKind.SLEEP,
    ("gevent.hub", "idle"): WaitKind.IDLE,
    ("gevent.hub", "Hub.join"): WaitKind.REST,
}
"""Functions that wait for nothing but the hub, by their module and name."""


def from_module(module: str, name: str) -> type | None:
    """Return a type of a module that the program has imported; None if there is none."""
    found = sys.modules.get(module)
    kind = getattr(found, name, None)
    return kind if isinstance(kind, type) else None


def noun_of(thing: Any) -> str:
    """Return the noun for an object of a known kind, or of one derived from it; else "".

    Runs no code of the program's, not even of a metaclass.
    """
    for kind in classes_of(type(thing)):
        noun = _NOUNS.get((_package(kind), _name(kind)))
        if noun is not None:
            return noun
    return ""


def plain_attribute(thing: Any, name: str, otherwise: Any = None) -> Any:
    """Return an attribute that an object itself holds, without running any code of the program's.

    Returns `otherwise` where it holds none, or where its class has something by that name.
    """
    if any(name in dict_of_class(kind) for kind in classes_of(type(thing))):
        return otherwise
    return held_by(thing).get(name, otherwise)


def held_by(thing: Any) -> dict[str, Any]:
    """Return the attributes that an object itself holds; none where it does not tell.

    Only the interpreter's own descriptors are asked: a class may have a property ``__dict__``.
    """
    for kind in classes_of(type(thing)):
        found = dict_of_class(kind).get("__dict__")
        if type(found) in (GetSetDescriptorType, MemberDescriptorType):
            held = found.__get__(thing)
            return held if type(held) is dict else {}
    return {}


def stored(thing: Any, name: str) -> Any:
    """Return what an object stores under a name, in a slot or among its attributes; or None.

    Runs no code of the program's: where a class has a property by that name, nothing is asked.
    """
    found = (dict_of_class(kind).get(name) for kind in classes_of(type(thing)))
    slot = next((one for one in found if one is not None), None)
    if type(slot) is not MemberDescriptorType:
        return None if slot is not None else held_by(thing).get(name)
    try:
        return slot.__get__(thing)
    except AttributeError:
        return None


def find_kind(frame: FrameType) -> WaitKind | None:
    """Return the kind of wait that a frame's function is all about; None for most functions."""
    code = frame.f_code
    if code.co_name not in ("sleep", "idle", "join"):
        return None
    module = frame.f_globals.get("__name__")
    return _FUNCTIONS.get((module, code.co_qualname)) if type(module) is str else None


def is_of_gevent(thing: Any) -> bool:
    """Tell whether an object is of a type of gevent's own."""
    return _package(type(thing)) == "gevent"


def _package(kind: type) -> str:
    """Return the first part of the name of a type's module; empty if the program took it away."""
    try:
        module = _get_module(kind)
    except AttributeError:
        return ""
    return module.partition(".")[0] if type(module) is str else ""
