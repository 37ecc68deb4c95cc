"""Exceptions that are thrown into greenlets: what the thrower's own frame holds of them."""

from __future__ import annotations

import ast
import builtins
import opcode
import sys
from collections.abc import Iterator
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, NamedTuple

from coroplay.probe.base import originals
from coroplay.probe.base.own import is_own
from coroplay.probe.inspect.calls import Call, Values, arguments_of
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.parsing import parts_of
from coroplay.probe.inspect.things import classes_of, dict_of_class
from coroplay.probe.inspect.values import Namer, arguments, exception, type_name

_CALLS_NOTHING: Final = frozenset(
    {ast.Constant, ast.Name, ast.Load, ast.UnaryOp, ast.USub, ast.Tuple, ast.List}
)
"""Parts of expressions whose values are the same whenever they are looked at."""
_REASON_OF_DROPS: Final = ("Killing the greenlet because all references have vanished.",)
_arguments_of = BaseException.__dict__["args"].__get__
_trace_of = BaseException.__dict__["__traceback__"].__get__


Place = tuple[int, int]
"""A frame, by its id, and the offset of the instruction in it."""
NO_PLACE: Final = (0, -1)
"""The place of what runs in C."""


class Seen(NamedTuple):
    """An exception that was seen."""

    text: str | None
    """The exception in short; None where only its kind is known."""
    kills: bool
    """True for the exception that ends a greenlet quietly."""
    quits: bool = False
    """True for the exception that ends a thread quietly."""
    drops: bool = False
    """True for the exception that greenlet raises in one that nothing refers to any more."""
    way: frozenset[Place] = frozenset()
    """The places that it has come through, if it is one that kills."""


def seen(error: Any, name: Namer, trace: TracebackType | None = None) -> Seen:
    """Return what is said of an exception; `trace` as for `has_come`."""
    kind = type(error)
    kills, quits = issubclass(kind, originals.GreenletExit), issubclass(kind, SystemExit)
    drops = kind is originals.GreenletExit and _is_drop(_arguments_of(error))
    way = places_on_way(error, trace) if kills else frozenset()
    return Seen(exception(error, name), kills, quits, drops, way)


def _is_drop(given: tuple[Any, ...]) -> bool:
    return len(given) == 1 and type(given[0]) is str and given == _REASON_OF_DROPS


def thrown_by_timeout(frame: FrameType | None, name: Namer) -> Seen | None:
    """Return the exception that a Timeout of gevent's throws in that frame; None if it is none."""
    if frame is None or frame.f_code is not _code_of_expiration():
        return None
    return _raised(variables(frame).get("ex"), (), name)


def raised(given: Any, name: Namer) -> Seen | None:
    """Return the exception that `throw` raises, given its arguments; None where not known."""
    if not given:
        return Seen("GreenletExit()", kills=True)
    return _raised(given[0], tuple(given[1:2]), name)


def thrown_by_source(call: Call, frame: FrameType, name: Namer) -> Seen | None:
    """Return the exception that a call of `throw` raises; None where that is not known."""
    made = _made_by_source(call, frame, name)
    if made is not None:
        return made
    found = arguments_of(call, frame)
    return None if found is None or found[1] else raised(found[0], name)


def _made_by_source(call: Call, frame: FrameType, name: Namer) -> Seen | None:
    """Return the exception that the argument itself makes; None where it is another expression."""
    if len(call.given) != 1 or not isinstance(call.given[0], ast.Call):
        return None
    making = call.given[0]
    values = Values(frame)
    kind: Any = values.of(making.func)
    if making.keywords or not is_plain_exception(kind):
        return None
    unknown = object()
    given = [values.of(one, unknown) for one in making.args]
    if any(one is unknown for one in given) or not _CALLS_NOTHING.issuperset(
        type(one) for part in making.args for one in parts_of(part)
    ):
        return None
    shown = arguments(tuple(given), {}, name)
    kills = issubclass(kind, originals.GreenletExit)
    return Seen(f"{type_name(kind)}({shown})", kills, issubclass(kind, SystemExit))


def is_plain_exception(kind: Any) -> bool:
    """Tell whether calling a class makes an exception of it that keeps all that it is given."""
    if type(kind) is not type or not issubclass(kind, BaseException) or issubclass(kind, OSError):
        return False
    made = (dict_of_class(one) for one in classes_of(kind) if not _is_builtin(one))
    return not any("__init__" in one or "__new__" in one for one in made)


def _is_builtin(kind: type) -> bool:
    return getattr(builtins, type_name(kind), None) is kind


def _raised(thing: Any, given: tuple[Any, ...], name: Namer) -> Seen | None:
    """Return the exception that Python raises for a class or an instance, and a value."""
    value = given[0] if given else None
    if issubclass(type(thing), BaseException):
        return seen(thing, name)
    if not issubclass(type(thing), type) or not issubclass(thing, BaseException):
        return None
    if issubclass(type(value), BaseException):
        return seen(value, name)
    if not is_plain_exception(thing):
        return None
    if value is None:
        shown = ""
    else:
        shown = arguments(value if type(value) is tuple else (value,), {}, name)
    kills = issubclass(thing, originals.GreenletExit)
    return Seen(f"{type_name(thing)}({shown})", kills, issubclass(thing, SystemExit))


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
    return NO_PLACE if frame is None else (id(frame), frame.f_lasti)


def has_come(error: BaseException, trace: TracebackType | None, place: Place) -> bool:
    """Tell whether an exception was raised at a place, or has come through it.

    Python 3.11 gives a tracer the traceback apart from the exception.
    """
    return place in _way_of(error, trace)


def places_on_way(error: BaseException, trace: TracebackType | None = None) -> frozenset[Place]:
    """Return the places that an exception has come through."""
    return frozenset(_way_of(error, trace))


def _way_of(error: BaseException, trace: TracebackType | None) -> Iterator[Place]:
    trace = trace or _trace_of(error)
    while trace is not None:
        yield id(trace.tb_frame), trace.tb_lasti
        trace = trace.tb_next


def was_returned(error: BaseException) -> bool:
    """Tell whether the function that an exception last came out of gave it back as its result.

    It may have been caught there before, or raised nowhere.
    """
    trace = _trace_of(error)
    if trace is None:
        return True
    frame = trace.tb_frame
    instruction: str = opcode.opname[frame.f_code.co_code[frame.f_lasti]]
    return instruction.startswith("RETURN")
