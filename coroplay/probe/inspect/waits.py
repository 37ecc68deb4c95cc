"""Waits of coroutines that switch to the hub: the kind, the object by its name, and the seconds.

With lines, objects are looked up and values read. Without, a wait is told by its source alone: it
is looked at once for each call in the source, so that nothing may be said that another time would
be different: no value but a constant's, no coroutine, no type.
"""

from __future__ import annotations

import ast
from types import FrameType
from typing import Any, Final, NamedTuple, Protocol

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.base.own import is_own
from coroplay.probe.inspect.calls import Call, Calls, Names, Operand, Values
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.sockets import socket_wait
from coroplay.probe.inspect.things import find_kind, is_one, noun_of
from coroplay.probe.inspect.wait_calls import (
    argument,
    clip,
    constant,
    constant_seconds,
    function_of_gevent,
    kind_of_several,
    limit_of_rest,
    method,
    name_of,
    number,
    seconds_of,
    waited_for,
)
from coroplay.probe.inspect.wait_kinds import BY_THING, BY_VERB
from coroplay.trace.layout import WaitKind, pack_wait

_UNKNOWN: Final = object()
_MOST_MEMBERS: Final = 256
_COLLECTIONS: Final = (list, tuple, set, frozenset)
Member = tuple[int, str]
"""One of the things waited for: its coroutine or 0, and its name in the source."""


class Coroutines(Protocol):
    """The coroutines of the program, as far as waits need them."""

    def identify(self, thing: object) -> int:
        """Return the number of a greenlet, or of the one of a thread; 0 for anything else."""

    def find_awaited(self, waiting: Any, frame: FrameType, count: int | None) -> list[int]:
        """Return the greenlets at whose end a coroutine is to be switched to; see there."""


class _Wait(NamedTuple):
    kind: WaitKind
    members: tuple[Member, ...] = ()
    noun: str = ""
    seconds: float | None = None
    more: int = 0

    def pack(self) -> str:
        return pack_wait(self.kind, self.noun, self.seconds, self.more, self.members)


_ACQUIRE: Final = "acquire"
_YIELD: Final = _Wait(WaitKind.SLEEP, seconds=0.0)
"""What gevent has a coroutine do whose `acquire` must not wait, and has failed."""


class Waits:
    """Tells the waits of coroutines."""

    def __init__(self, calls: Calls, coroutines: Coroutines) -> None:
        self._calls = calls
        self._coroutines = coroutines
        self._known = CodeMemory[dict[int, str | None]](dict)
        """Waits told by their source, by the offset of an instruction."""
        self._limits: dict[int, tuple[tuple[int, int, int], float | None]] = {}
        """The call in which a coroutine, by its number, last waited for several, and its limit."""

    def by_source(self, own: FrameType | None, top: FrameType) -> str | None:
        """Return the wait of a call as its source tells it; None where nothing is known.

        `own` is the frame of the call in the person's own code, if there is any; `top` is the
        innermost frame, which may be gevent's own.
        """
        if own is None:
            return _of_foreign(top).pack()
        known, at = self._known.of(own.f_code), own.f_lasti
        if at not in known:
            found = self._by_source(own, top)
            known[at] = None if found is None else found.pack()
        return known[at]

    def by_objects(self, own: FrameType | None, top: FrameType, waiting: Any) -> str | None:
        """Return the wait of a call under way with the objects and values it is about."""
        if own is None:
            return self._of_foreign_objects(top).pack()
        found = socket_wait(top, own)
        if found is not None:
            verb, address = found
            return _Wait(WaitKind.IO, ((0, verb),), address).pack()
        call = self._calls.under_way(own)
        if call is not None and call.verb == _ACQUIRE and find_kind(top) is WaitKind.SLEEP:
            return _YIELD.pack()
        wait = self._in_frame(own, call, _callee(top, own))
        if wait is None and call is not None:
            wait = self._of_call(call, own, waiting)
        if wait is None:
            wait = self._by_source(own, top)
            if wait is not None and wait.seconds is None and call is not None:
                wait = wait._replace(seconds=seconds_of(call, Values(own)))
        return None if wait is None else wait.pack()

    # By the source alone

    def _by_source(self, own: FrameType, top: FrameType) -> _Wait | None:
        call = self._calls.under_way(own)
        callee = _callee(top, own)
        kind = find_kind(callee)
        if call is not None and call.verb == _ACQUIRE and find_kind(top) is WaitKind.SLEEP:
            return _YIELD
        if kind is WaitKind.REST and call is not None:
            return _Wait(kind, seconds=constant(limit_of_rest(call)))
        if kind is not None:
            return _Wait(kind, seconds=None if call is None else constant_seconds(call))
        if call is None:
            return None
        function = function_of_gevent(call, Names(own))
        several = kind_of_several(function, call, None)
        if several is not None:
            members = tuple((0, name_of(one)) for one in call.items)
            return _Wait(several, members, seconds=constant(argument(call, "timeout", 1)))
        if call.receiver is None and call.verb == "next" and call.items:
            return self._next(call.items[0])
        if call.verb == "__next__" and call.receiver is not None:
            return self._next(call.receiver)
        kind = BY_VERB.get(call.verb)
        if kind is None or call.receiver is None or _is_strange(call, call.receiver, own):
            return _Wait(WaitKind.CALL, ((0, clip(call.function)),))
        node = argument(call, "timeout", 0 if call.verb in ("wait", "join") else None)
        return _Wait(kind, ((0, name_of(call.receiver)),), seconds=constant(node))

    def _next(self, iterated: Operand) -> _Wait:
        call = iterated.call
        if call is not None and call.verb == "iwait":
            members = tuple((0, name_of(one)) for one in call.items)
            return _Wait(WaitKind.ANY, members, seconds=constant(argument(call, "timeout", 1)))
        return _Wait(WaitKind.NEXT, ((0, name_of(iterated)),))

    def _of_foreign_objects(self, top: FrameType) -> _Wait:
        """Return the wait of a coroutine without code of the person's: its first known function."""
        outermost_first = [top]
        while (caller := outermost_first[0].f_back) is not None and not is_own(caller.f_code):
            outermost_first.insert(0, caller)
        found = (self._in_frame(one, None, one) for one in outermost_first)
        wait = next(filter(None, found), _of_foreign(top))
        gives_way = wait.kind is WaitKind.LOCK and find_kind(top) is WaitKind.SLEEP
        return _YIELD if gives_way else wait

    # By frames of gevent or of the library, which hold the objects

    def _in_frame(self, own: FrameType, call: Call | None, callee: FrameType) -> _Wait | None:
        """Return the wait of the function that the call is in, if that is one known to wait."""
        kind = find_kind(callee)
        found = variables(callee) if callee is not own or call is None or kind is not None else {}
        if kind is not None:
            if kind is WaitKind.REST and call is not None:
                # Its frame has a timer in place of the number by now.
                return _Wait(kind, seconds=number(Values(own).of(limit_of_rest(call))))
            return _Wait(kind, seconds=number(found.get("seconds")))
        thing = found.get("self")
        if thing is None:
            return None
        wait = self._of_thing(callee.f_code.co_name, thing, call, own)
        if call is None:
            wait = wait and wait._replace(members=((wait.members[0][0], ""),))
        return wait and wait._replace(seconds=number(found.get("timeout")))

    # By the objects in the frame of the call

    def _of_call(self, call: Call, own: FrameType, waiting: Any) -> _Wait | None:
        values = Values(own)
        function = function_of_gevent(call, values)
        kind = kind_of_several(function, call, values)
        if kind is not None:
            limit = self._limit_of_call(argument(call, "timeout", 1), own, waiting)
            return self._several(kind, call, own, waiting, limit)
        if call.verb in ("next", "__next__"):
            iterated = call.receiver or (call.items[0] if call.items else None)
            if iterated is not None and iterated.call and iterated.call.verb == "iwait":
                # The argument was read when the loop began: by now a variable may be another's.
                limit = constant(argument(iterated.call, "timeout", 1))
                return self._several(WaitKind.ANY, iterated.call, own, waiting, limit)
        if call.receiver is None:
            verb, thing = method(call, values)
        else:
            verb, thing = call.verb, values.of(call.receiver.node)
        wait = None if thing is None else self._of_thing(verb, thing, call, own)
        if wait is None and thing is None and call.verb in ("join", "get", "kill"):
            wait = self._of_linked(call, own, waiting)
        return wait and wait._replace(seconds=seconds_of(call, values))

    def _of_linked(self, call: Call, own: FrameType, waiting: Any) -> _Wait | None:
        """Return a wait for a greenlet that the source does not name."""
        found = self._coroutines.find_awaited(waiting, own, 1)
        if not found or call.receiver is None:
            return None
        kind = WaitKind.RESULT if call.verb == "get" else WaitKind.END
        return _Wait(kind, ((found[0], name_of(call.receiver)),), "greenlet")

    def _of_thing(self, verb: str, thing: Any, call: Call | None, own: FrameType) -> _Wait | None:
        noun = noun_of(thing)
        kind = BY_THING.get((noun, verb))
        if kind is None:
            return None
        name = _name_of(thing, call, own)
        return _Wait(kind, ((self._coroutines.identify(thing), name),), noun)

    def _limit_of_call(
        self, timeout: ast.expr | None, own: FrameType, waiting: Any
    ) -> float | None:
        """Return the most that a call waits which may wait several times.

        While it waits, others may give a variable another value: so it is read the first time.
        """
        site = (id(own), own.f_lasti, waiting.line)
        known, limit = self._limits.get(waiting.id, (None, None))
        if known != site:
            limit = number(Values(own).of(timeout))
            if len(self._limits) >= _MOST_MEMBERS:
                self._limits.clear()
            self._limits[waiting.id] = site, limit
        return limit

    def _several(
        self, kind: WaitKind, call: Call, own: FrameType, waiting: Any, seconds: float | None
    ) -> _Wait | None:
        values = Values(own)
        if call.listed:
            things = [values.of(one.node) for one in call.items]
            names = [name_of(one) for one in call.items]
        else:
            given: Any = values.of(waited_for(call))
            things = list(given) if is_one(type(given), _COLLECTIONS) else [None]
            names = [""] * len(things)
        if all(one is not None for one in things):
            more = max(0, len(things) - _MOST_MEMBERS)
            members = [
                (self._coroutines.identify(one), name or noun_of(one))
                for one, name in zip(things[:_MOST_MEMBERS], names, strict=False)
            ]
            # A set's own order differs between processes.
            return _Wait(
                kind, tuple(sorted(members) if not call.listed else members), "", seconds, more
            )
        count = len(things) if call.listed else None
        found = self._coroutines.find_awaited(waiting, own, count)
        if not found:
            return None
        return _Wait(kind, tuple((one, "") for one in found[:_MOST_MEMBERS]), "", seconds)


def _of_foreign(top: FrameType) -> _Wait:
    kind = find_kind(top)
    if kind is not None:
        return _Wait(kind)
    # A comprehension or a lambda goes by the function that it is written in.
    return _Wait(WaitKind.CALL, ((0, top.f_code.co_qualname.partition(".<locals>.<")[0]),))


def _callee(top: FrameType, own: FrameType) -> FrameType:
    """Return the frame that `own` called directly, or `own` where no such frame is seen."""
    callee, at = own, top
    while at is not own:
        callee = at
        if at.f_back is None:
            return own
        at = at.f_back
    return callee


def _is_strange(call: Call, receiver: Operand, own: FrameType) -> bool:
    """Tell whether a method does not wait for its object: that of a module, a client, the hub."""
    found = Names(own).of(receiver.node, _UNKNOWN)
    if found is _UNKNOWN:
        return False
    noun = noun_of(found)
    return not noun or (noun == "greenlet" and (noun, call.verb) not in BY_THING)


def _name_of(thing: Any, call: Call | None, own: FrameType) -> str:
    """Return the expression or variable by which a frame has an object; empty if it has none."""
    found = variables(own)
    if call is not None and call.receiver is not None:
        if Values(own).of(call.receiver.node) is thing:
            return name_of(call.receiver)
        inner = call.receiver.call
        if inner is not None:
            return ""
    for name, value in found.items():
        if value is thing and name.isidentifier():
            return name
    return ""
