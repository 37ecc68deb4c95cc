"""Waits of coroutines that switch to the hub: the kind, the object by its name, and the seconds.

With lines, objects are looked up and values read. Without, a wait is told by its source alone: it
is looked at once for each call in the source, so that nothing may be said that another time would
be different: no value but a constant's, no coroutine, no type.
"""

from __future__ import annotations

from types import FrameType
from typing import Any, Final, Protocol

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.base.own import is_own
from coroplay.probe.inspect.calls import Call, Calls, Names, Operand, Values
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.sockets import socket_wait
from coroplay.probe.inspect.things import find_kind, is_one, noun_of
from coroplay.probe.inspect.wait_calls import (
    argument,
    blocks_by_source,
    clip,
    constant,
    constant_seconds,
    count_of,
    function_of_gevent,
    kind_of_several,
    limit_of_rest,
    method,
    name_of,
    number,
    seconds_of,
    waited_for,
)
from coroplay.probe.inspect.wait_frames import KILL, callee_of, gives_way, is_regaining, timeout_of
from coroplay.probe.inspect.wait_kinds import BY_THING, BY_VERB
from coroplay.probe.inspect.wait_memory import (
    Turn,
    Wait,
    occasion,
    recall,
    refer,
    remember,
    settle,
)
from coroplay.trace.layout import WaitKind

_UNKNOWN: Final = object()
_MOST_MEMBERS: Final = 256
_COLLECTIONS: Final = (list, tuple, set, frozenset)


class Coroutines(Protocol):
    """The coroutines of the program, as far as waits need them."""

    def identify(self, thing: object) -> int:
        """Return the number of a greenlet, or of the one of a thread; 0 for anything else."""

    def find_awaited(self, waiting: Any, count: int | None) -> list[object]:
        """Return the greenlets at whose end a coroutine is to be switched to; see there."""


_ACQUIRE: Final = "acquire"
_CONDITION: Final = "condition"
_CONDITION_WAIT: Final = "Condition.wait"
_YIELD: Final = Wait(WaitKind.SLEEP, seconds=0.0)
"""What gevent has a coroutine do whose `acquire` must not wait, and has failed."""


class Waits:
    """Tells the waits of coroutines."""

    def __init__(self, calls: Calls, coroutines: Coroutines) -> None:
        self._calls = calls
        self._coroutines = coroutines
        self._known = CodeMemory[dict[int, str | None]](dict)
        """Waits told by their source, by the offset of an instruction."""

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
            return Wait(WaitKind.IO, ((0, verb),), address).pack()
        if gives_way(top, own):
            return _YIELD.pack()
        call = self._calls.under_way(own)
        wait = self._in_frame(own, call, callee_of(top, own), top)
        if wait is None and call is not None:
            wait = self._of_call_again(call, own, top, waiting)
        elif wait is None:
            wait = self._by_source(own, top)
        return None if wait is None else wait.pack()

    # By the source alone

    def _by_source(self, own: FrameType, top: FrameType) -> Wait | None:
        call = self._calls.under_way(own)
        kind = find_kind(callee_of(top, own))
        if kind is not None:
            if call is None:
                return Wait(kind)
            rest = kind is WaitKind.REST
            limit = constant(limit_of_rest(call)) if rest else constant_seconds(call)
            return Wait(kind, seconds=limit)
        if call is None:
            return None
        function = function_of_gevent(call, Names(own))
        several = kind_of_several(function, call, None)
        if several is not None:
            members = tuple((0, name_of(one)) for one in call.items)
            return Wait(several, members, seconds=constant(argument(call, "timeout", 1)))
        if call.receiver is None and call.verb == "next" and call.items:
            return self._next(call.items[0])
        if call.verb == "__next__" and call.receiver is not None:
            return self._next(call.receiver)
        return _of_method(call, own, top)

    def _next(self, iterated: Operand) -> Wait:
        call = iterated.call
        if call is not None and call.verb == "iwait":
            members = tuple((0, name_of(one)) for one in call.items)
            # Which of them the iteration has handed out by now is not known.
            kind = WaitKind.SOME if len(members) > 1 else WaitKind.ANY
            return Wait(kind, members, seconds=constant(argument(call, "timeout", 1)))
        return Wait(WaitKind.NEXT, ((0, name_of(iterated)),))

    def _of_foreign_objects(self, top: FrameType) -> Wait:
        """Return the wait of a coroutine without code of the person's: its first known function."""
        if gives_way(top, None):
            return _YIELD
        outermost_first = [top]
        while (caller := outermost_first[0].f_back) is not None and not is_own(caller.f_code):
            outermost_first.insert(0, caller)
        found = (self._in_frame(one, None, one, top) for one in outermost_first)
        return next(filter(None, found), _of_foreign(top))

    # By frames of gevent or of the library, which hold the objects

    def _in_frame(
        self, own: FrameType, call: Call | None, callee: FrameType, top: FrameType
    ) -> Wait | None:
        """Return the wait of the function that the call is in, if that is one known to wait."""
        kind = find_kind(callee)
        found = variables(callee) if callee is not own or call is None or kind is not None else {}
        if kind is not None:
            if kind is WaitKind.REST and call is not None:
                # Its frame has a timer in place of the number by now.
                return Wait(kind, seconds=number(Values(own).of(limit_of_rest(call))))
            return Wait(kind, seconds=number(found.get("seconds")))
        thing = found.get("self")
        if thing is None:
            return None
        wait = self._of_thing(callee.f_code.co_name, thing, call, own)
        if call is None:
            wait = wait and wait._replace(members=((wait.members[0][0], ""),))
        if wait is not None and wait.noun == _CONDITION and is_regaining(top, callee):
            return wait._replace(kind=WaitKind.LOCK)
        return wait and wait._replace(seconds=number(timeout_of(thing, top, callee)))

    # By the objects in the frame of the call

    def _of_call_again(
        self, call: Call, own: FrameType, top: FrameType, waiting: Any
    ) -> Wait | None:
        """Return the wait of a call, which may have waited before."""
        track, greenlet = waiting.innermost, waiting.ref and waiting.ref()
        when = occasion(track, own)
        known = recall(track, when)
        iterates = _iteration(call) is not None
        turn = Turn.NEXT if known is None else when.turn(known.occasion)
        wait: Wait | None
        if known is not None and turn is Turn.SAME:
            wait = known.wait.under_way(greenlet)
            if call.verb == KILL and wait.seconds is None:
                wait = wait._replace(seconds=constant(argument(call, "timeout", 2)))
        else:
            wait = self._of_call(call, own, waiting) or self._of_source(call, own, top)
            # What an iteration is over may be another object's name by now.
            if wait is not None:
                wait = wait.without_ready(greenlet) if iterates else wait.under_way(greenlet)
            if wait and known is not None and (turn is Turn.UNCLEAR or iterates):
                earlier = known.wait.without_ready(greenlet)
                wait = settle(earlier, wait, greenlet) if earlier.members else wait
        if wait is not None:
            remember(track, when, wait)
        return wait

    def _of_source(self, call: Call, own: FrameType, top: FrameType) -> Wait | None:
        """Return what the source tells of a wait, with its limit."""
        wait = self._by_source(own, top)
        if wait is None or wait.seconds is not None or _iteration(call) is not None:
            return wait
        return wait._replace(seconds=_limit(call, Values(own)))

    def _of_call(self, call: Call, own: FrameType, waiting: Any) -> Wait | None:
        values = Values(own)
        function = function_of_gevent(call, values)
        kind = kind_of_several(function, call, values)
        if kind is not None:
            limit = number(values.of(argument(call, "timeout", 1)))
            count = count_of(function, call, values)
            return self._several(Wait(kind, seconds=limit), call, own, waiting, count)
        iterated = _iteration(call)
        if iterated is not None:
            # The argument was read when the loop began: by now a variable may be another's.
            limit = constant(argument(iterated, "timeout", 1))
            return self._several(Wait(WaitKind.ANY, seconds=limit), iterated, own, waiting)
        if call.receiver is None:
            verb, thing = method(call, values)
        else:
            verb, thing = call.verb, values.of(call.receiver.node)
        wait = None if thing is None else self._of_thing(verb, thing, call, own)
        if wait is None and thing is None and call.verb in ("join", "get", "kill"):
            wait = self._of_linked(call, waiting)
        return wait and wait._replace(seconds=_limit(call, values))

    def _of_linked(self, call: Call, waiting: Any) -> Wait | None:
        """Return a wait for a greenlet that the source does not name."""
        found = self._coroutines.find_awaited(waiting, 1)
        if not found or call.receiver is None:
            return None
        kind = WaitKind.RESULT if call.verb == "get" else WaitKind.END
        number = self._coroutines.identify(found[0])
        return Wait(kind, ((number, name_of(call.receiver)),), "greenlet")

    def _of_thing(self, verb: str, thing: Any, call: Call | None, own: FrameType) -> Wait | None:
        noun = noun_of(thing)
        kind = BY_THING.get((noun, verb))
        if kind is None:
            return None
        name = _name_of(thing, call, own)
        return Wait(kind, ((self._coroutines.identify(thing), name),), noun)

    def _several(
        self, wait: Wait, call: Call, own: FrameType, waiting: Any, count: int | None = None
    ) -> Wait | None:
        """Return a wait with the objects that a call waits for, of which `count` are enough."""
        values = Values(own)
        if call.listed:
            things = [values.of(one.node) for one in call.items]
            names = [name_of(one) for one in call.items]
        else:
            given: Any = values.of(waited_for(call))
            things = list(given) if is_one(type(given), _COLLECTIONS) else [None]
            names = [noun_of(one) for one in things]
        if any(one is None for one in things):
            things = self._coroutines.find_awaited(waiting, len(things) if call.listed else None)
            names = [""] * len(things)
        if not things:
            return None
        if count is not None and count >= len(things):
            wait = wait._replace(kind=WaitKind.ALL)
        found = [
            ((self._coroutines.identify(one), name), refer(one))
            for one, name in zip(things[:_MOST_MEMBERS], names, strict=False)
        ]
        if not call.listed:
            # A set's own order differs between processes.
            found.sort(key=lambda one: one[0])
        members, references = zip(*found, strict=True)
        more = max(0, len(things) - _MOST_MEMBERS)
        return wait._replace(members=members, more=more, things=references)


def _of_foreign(top: FrameType) -> Wait:
    kind = find_kind(top)
    if kind is not None:
        return Wait(kind)
    # A comprehension or a lambda goes by the function that it is written in.
    return Wait(WaitKind.CALL, ((0, top.f_code.co_qualname.partition(".<locals>.<")[0]),))


def _of_method(call: Call, own: FrameType, top: FrameType) -> Wait:
    """Return the wait of a call that is none of gevent's functions, as the source has it."""
    kind, blocks = BY_VERB.get(call.verb), True
    if call.verb == _ACQUIRE:
        known = blocks_by_source(call)
        kind, blocks = (None, True) if known is None else (kind, known)
    if not blocks and gives_way(top, own):
        return _YIELD
    if kind is None or call.receiver is None or _is_strange(call, call.receiver, own):
        return Wait(WaitKind.CALL, ((0, clip(call.function)),))
    if callee_of(top, own).f_code.co_qualname == _CONDITION_WAIT:
        # It regains its lock, however long that takes.
        return Wait(kind, ((0, name_of(call.receiver)),))
    node = argument(call, "timeout", 0 if call.verb in ("wait", "join") else None)
    return Wait(kind, ((0, name_of(call.receiver)),), seconds=constant(node))


def _limit(call: Call, values: Values) -> float | None:
    """Return the limit of the first wait of a call, by its value."""
    if call.verb != KILL or call.receiver is None:
        return seconds_of(call, values)
    limits_all = noun_of(values.of(call.receiver.node)) in ("group", "pool")
    return seconds_of(call, values) if limits_all else None


def _iteration(call: Call) -> Call | None:
    """Return the call of `iwait` whose next object is asked for, if that is so."""
    if call.verb not in ("next", "__next__"):
        return None
    iterated = call.receiver or (call.items[0] if call.items else None)
    made = None if iterated is None else iterated.call
    return made if made is not None and made.verb == "iwait" else None


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
