"""Exceptions that are thrown into greenlets: what the thrower's own frame holds of them."""

from __future__ import annotations

import sys
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

from coroplay.probe.base import originals
from coroplay.probe.base.own import is_own
from coroplay.probe.inspect.calls import Call, arguments_of
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.values import Namer, exception, short, type_name

_trace_of = BaseException.__dict__["__traceback__"].__get__


class Seen(NamedTuple):
    """An exception that was seen."""

    text: str | None
    """The exception in short; None where only its kind is known."""
    kills: bool
    """True for the exception that ends a greenlet quietly."""
    quits: bool = False
    """True for the exception that ends a thread quietly."""


Place = tuple[int, int]
"""A frame, by its id, and the offset of the instruction in it."""


def seen(error: Any, name: Namer) -> Seen:
    """Return what is said of an exception."""
    kind = type(error)
    kills, quits = issubclass(kind, originals.GreenletExit), issubclass(kind, SystemExit)
    return Seen(exception(error, name), kills, quits)


def thrown_by_timeout(frame: FrameType, name: Namer) -> Seen | None:
    """Return the exception that a Timeout of gevent's throws in that frame; None if it is none."""
    if frame.f_code is not _code_of_expiration():
        return None
    return _raised(variables(frame).get("ex"), (), name)


def thrown_by_call(call: Call | None, frame: FrameType, name: Namer) -> Seen | None:
    """Return the exception that a call of `throw` throws; None where that is not known."""
    found = arguments_of(call, frame) if call is not None and call.verb == "throw" else None
    if found is None:
        return None
    given = found[0]
    if not given:
        return Seen("GreenletExit()", kills=True)
    return _raised(given[0], tuple(given[1:2]), name)


def _raised(thing: Any, given: tuple[Any, ...], name: Namer) -> Seen | None:
    """Return the exception that Python raises for a class or an instance, and a value."""
    value = given[0] if given else None
    if issubclass(type(thing), BaseException):
        return seen(thing, name)
    if not issubclass(type(thing), type) or not issubclass(thing, BaseException):
        return None
    if issubclass(type(value), BaseException):
        return seen(value, name)
    if value is None:
        arguments = ""
    elif type(value) is tuple:
        arguments = ", ".join(short(one, name, 1) for one in value)
    else:
        arguments = short(value, name, 1)
    kills = issubclass(thing, originals.GreenletExit)
    return Seen(f"{type_name(thing)}({arguments})", kills)


def _code_of_expiration() -> CodeType | None:
    timeout = getattr(sys.modules.get("gevent.timeout"), "Timeout", None)
    return getattr(getattr(timeout, "_on_expiration", None), "__code__", None)


def program_frame() -> FrameType | None:
    """Return the innermost frame of the calling greenlet that is not the probe's."""
    frame: FrameType | None = originals.getframe()
    while frame is not None and is_own(frame.f_code):
        frame = frame.f_back
    return frame


def place_of(frame: FrameType | None) -> Place:
    """Return the place where a frame stands."""
    return (0, -1) if frame is None else (id(frame), frame.f_lasti)


def has_come(error: BaseException, trace: TracebackType | None, place: Place) -> bool:
    """Tell whether an exception was raised at a place, or has come through it.

    Python 3.11 gives a tracer the traceback apart from the exception.
    """
    trace = trace or _trace_of(error)
    while trace is not None:
        if (id(trace.tb_frame), trace.tb_lasti) == place:
            return True
        trace = trace.tb_next
    return False
