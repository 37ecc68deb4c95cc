"""The kinds of objects that coroutines wait for, told by their types alone."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import FrameType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final

from coroplay.probe.base.interruptions import is_from_within
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

_ABSENT: Final = object()
_PLAIN_WAYS: Final[tuple[object, ...]] = (
    object.__getattribute__,
    type.__getattribute__,
    ModuleType.__getattribute__,
)
"""The ways in which Python itself looks up attributes."""

_FUNCTIONS: Final = {
    ("gevent.hub", "sleep"): WaitKind.SLEEP,
    ("gevent.hub", "idle"): WaitKind.IDLE,
    ("gevent.hub", "Hub.join"): WaitKind.REST,
}
"""Functions that wait for nothing but the hub, by their module and name."""


def is_one(thing: Any, those: Iterable[Any]) -> bool:
    """Tell whether a type or another object is one of those.

    ``in`` would ask the object, or the metaclass of a type, for its hash and whether it is equal.
    """
    return any(thing is one for one in those)


def from_module(module: str, name: str) -> type | None:
    """Return a type of a module that the program has imported; None if there is none."""
    kind = held_by(sys.modules.get(module)).get(name)
    return kind if issubclass(type(kind), type) else None


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


def static_attribute(thing: Any, name: str, otherwise: Any = None) -> Any:
    """Return an attribute of an object, of a class or of a module, without running any code.

    Returns `otherwise` where only code knows: a property, a method that is to be bound, a class
    with a ``__getattr__``.
    """
    kinds = classes_of(type(thing))
    if not is_one(_in_classes(kinds, "__getattribute__"), _PLAIN_WAYS):
        return otherwise
    of_class = _in_classes(kinds, name)
    if type(of_class) is MemberDescriptorType:
        found = _of_slot(of_class, thing)
    elif _has(of_class, "__set__") or _has(of_class, "__delete__"):
        return otherwise
    elif issubclass(type(thing), type):
        found = _in_classes(classes_of(thing), name)
        if _has(found, "__get__"):
            return otherwise
    else:
        found = held_by(thing).get(name, _ABSENT)
    if found is _ABSENT and not _has(of_class, "__get__"):
        found = of_class
    return otherwise if found is _ABSENT else found


def _in_classes(kinds: tuple[type, ...], name: str) -> Any:
    """Return what the first class has that has something by that name."""
    found = (dict_of_class(kind).get(name, _ABSENT) for kind in kinds)
    return next((one for one in found if one is not _ABSENT), _ABSENT)


def _has(thing: Any, method: str) -> bool:
    return _in_classes(classes_of(type(thing)), method) is not _ABSENT


def _of_slot(slot: MemberDescriptorType, thing: Any) -> Any:
    try:
        return slot.__get__(thing)
    except (AttributeError, TypeError) as error:
        if is_from_within(error):
            raise
        return _ABSENT  # It is empty, or that of another class.


def held_by(thing: Any) -> dict[str, Any]:
    """Return the attributes that an object itself holds; none where it does not tell.

    Only the interpreter's own descriptors are asked: a class may have a property ``__dict__``.
    """
    for kind in classes_of(type(thing)):
        found = dict_of_class(kind).get("__dict__")
        if is_one(type(found), (GetSetDescriptorType, MemberDescriptorType)):
            held = found.__get__(thing)
            return held if type(held) is dict else {}
    return {}


def stored(thing: Any, name: str) -> Any:
    """Return what an object stores under a name, in a slot or among its attributes; or None.

    Runs no code of the program's: where a class has a property by that name, nothing is asked.
    """
    slot = _in_classes(classes_of(type(thing)), name)
    if slot is _ABSENT:
        return held_by(thing).get(name)
    found = _of_slot(slot, thing) if type(slot) is MemberDescriptorType else _ABSENT
    return None if found is _ABSENT else found


def find_kind(frame: FrameType) -> WaitKind | None:
    """Return the kind of wait that a frame's function is all about; None for most functions."""
    code = frame.f_code
    if code.co_name not in ("sleep", "idle", "join"):
        return None
    module = dict.get(frame.f_globals, "__name__")
    return _FUNCTIONS.get((module, code.co_qualname)) if type(module) is str else None


def is_of_gevent(thing: Any) -> bool:
    """Tell whether an object is of a type of gevent's own."""
    return _package(type(thing)) == "gevent"


def _package(kind: type) -> str:
    """Return the first part of the name of a type's module; empty if the program took it away."""
    try:
        module = _get_module(kind)
    except AttributeError as error:
        if is_from_within(error):
            raise
        return ""
    return module.partition(".")[0] if type(module) is str else ""
