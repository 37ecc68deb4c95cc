"""The frames of a library in which a call waits, where they are in Python."""

from __future__ import annotations

from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.things import find_kind
from coroplay.trace.layout import WaitKind

_ACQUIRE: Final = "acquire"
KILL: Final = "kill"
"""The method of a greenlet that waits until it has raised its exception, whatever its timeout is:
that limits what follows, its wait for the end."""
_REGAIN: Final = "_acquire_restore"
"""The method by which a condition acquires its lock again, once it has waited."""


def callee_of(top: FrameType, own: FrameType) -> FrameType:
    """Return the frame that `own` called directly, or `own` where no such frame is seen."""
    callee, at = own, top
    while at is not own:
        callee = at
        if at.f_back is None:
            return own
        at = at.f_back
    return callee


def gives_way(top: FrameType, own: FrameType | None) -> bool:
    """Tell whether a lock was not got that must not be waited for, after which gevent sleeps."""
    caller = top.f_back
    if top is own or caller is None or caller is own or caller.f_code.co_name != _ACQUIRE:
        return False
    module = dict.get(caller.f_globals, "__name__")
    of_gevent = type(module) is str and module.partition(".")[0] == "gevent"
    return of_gevent and find_kind(top) is WaitKind.SLEEP


def is_regaining(top: FrameType, callee: FrameType) -> bool:
    """Tell whether a condition that was waited for only waits for its lock by now."""
    return any(one.f_code.co_name == _REGAIN for one in _outwards(top, callee))


def timeout_of(thing: Any, top: FrameType, callee: FrameType) -> Any:
    """Return the timeout of the innermost method of an object: the rest of it, in a later wait."""
    for one in _outwards(top, callee):
        if one.f_code.co_name == KILL:
            return None
        found = variables(one)
        if found.get("self") is thing and "timeout" in found:
            return found["timeout"]
    return None


def _outwards(top: FrameType, callee: FrameType) -> Iterator[FrameType]:
    """Yield the frames from the innermost outwards, up to that of the function called."""
    at: FrameType | None = top
    while at is not None:
        yield at
        if at is callee:
            return
        at = at.f_back
