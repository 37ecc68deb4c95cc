"""The call of `switch` or `throw` by which control passes between greenlets, and what it is given.

greenlet tells a hook neither. The accelerator sees the call itself. The reference has only its
source: it says what can be told from that for certain, which is nothing about calls within the call
that would have to be made again.
"""

from __future__ import annotations

import ast
from types import BuiltinFunctionType, FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.base import accelerator, originals
from coroplay.probe.inspect.calls import Call, Values, arguments_of
from coroplay.probe.inspect.greenlets import instance_dict, is_dead, parent_of
from coroplay.probe.inspect.parsing import parts_of
from coroplay.probe.inspect.things import classes_of, dict_of_class
from coroplay.probe.inspect.throws import Seen, raised, thrown_by_source
from coroplay.probe.inspect.values import Namer, arguments, short

if accelerator.used:
    from coroplay.probe.native import _accelerator

_EVALUATED_AGAIN: Final = (ast.Call, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


class Request(NamedTuple):
    """A call of `switch` or `throw`."""

    greenlet: Any
    """The greenlet whose method was called: if it has ended, a parent of it goes on."""
    value: str | None = None
    """What `switch` hands over, in short; None if that is nothing."""
    thrown: Seen | None = None
    """The exception that `throw` raises; None where it is not known, and for `switch`."""
    seen: bool = True
    """False where it is not known what is handed over."""
    throws: bool = False
    """True for `throw`."""


def watch() -> None:
    """Take notice of all calls from now on; only the accelerator can."""
    if accelerator.used:
        methods = originals.Greenlet.__dict__
        _accelerator.watch_requests(methods["switch"], methods["throw"])


def take(event: str, target: Any) -> tuple[Any, ...] | None:
    """Return the call by which control has just passed, as seen; None where it was not.

    Before greenlet does what it is asked to, it ends the greenlets of this thread that others have
    dropped: these are switches that nobody called for.
    """
    taken = _accelerator.take_request() if accelerator.used else None
    if taken is None:
        return None
    greenlet, throws, *_ = taken
    asked = (throws or event == "switch") and _leads_to(greenlet, target)
    return taken if asked else None


def read(taken: tuple[Any, ...], name: Namer) -> Request:
    """Return what a call that was seen says."""
    greenlet, throws, given, named = taken
    if throws:
        return Request(greenlet, None, raised(given, name), throws=True)
    return Request(greenlet, carried(given, named or {}, name))


def carried(given: Any, named: dict[str, Any], name: Namer) -> str | None:
    """Return what arguments of `switch` or `send` hand over; None if there are none."""
    if named or len(given) > 1:
        return f"({arguments(tuple(given), named, name)})"
    return short(given[0], name) if given else None


def by_source(
    call: Call | None, frame: FrameType, origin: Any, target: Any, name: Namer
) -> Request | None:
    """Return what the source says for certain of the call that a frame has under way.

    Returns None where not even the greenlet is certain whose method is called.
    """
    if call is None:
        return None
    values = Values(frame)
    verb, greenlet = _method(call, values, origin)
    if verb not in ("switch", "throw") or not _leads_to(greenlet, target):
        return None
    if verb == "throw":
        thrown = thrown_by_source(call, frame, name)
        return Request(greenlet, None, thrown, seen=thrown is not None, throws=True)
    if any(isinstance(one, _EVALUATED_AGAIN) for part in call.given for one in parts_of(part)):
        return Request(greenlet, seen=False)
    found = arguments_of(call, frame)
    if found is None:
        return Request(greenlet, seen=False)
    return Request(greenlet, carried(*found, name))


def _method(call: Call, values: Values, origin: Any) -> tuple[str, Any]:
    """Return the name of the method of a greenlet that is called, and the greenlet."""
    if call.receiver is not None:
        greenlet = _greenlet_of(call.receiver.node, values, origin)
        own = _is_greenlets_own(greenlet, call.verb)
        return (call.verb, greenlet) if own else ("", None)
    found = values.of(ast.Name(call.function, ast.Load())) if call.function.isidentifier() else None
    if type(found) is BuiltinFunctionType:
        return found.__name__, found.__self__
    return "", None


def _greenlet_of(node: ast.expr, values: Values, origin: Any) -> Any:
    """Return the value of an expression that is a greenlet; None where that is not certain."""
    if isinstance(node, ast.Call) and not (node.args or node.keywords):
        return origin if values.of(node.func) is originals.getcurrent else None
    if isinstance(node, ast.Attribute) and node.attr == "parent":
        child = _greenlet_of(node.value, values, origin)
        if child is not None and _is_greenlets_own(child, "parent"):
            return parent_of(child)
    found = values.of(node)
    return found if issubclass(type(found), originals.Greenlet) else None


def _is_greenlets_own(thing: Any, name: str) -> bool:
    """Tell whether an attribute of a greenlet is the one that greenlet itself gives it."""
    if thing is None or not issubclass(type(thing), originals.Greenlet):
        return False
    holders = (one for one in classes_of(type(thing)) if name in dict_of_class(one))
    held = dict.__contains__(instance_dict(thing), name)
    return next(holders, None) is originals.Greenlet and not held


def _leads_to(greenlet: Any, target: Any) -> bool:
    """Tell whether a switch to a greenlet has another one go on, since it has itself ended."""
    while greenlet is not None and greenlet is not target and is_dead(greenlet):
        greenlet = parent_of(greenlet)
    return greenlet is target
