"""What is remembered of the calls in which a coroutine waits, and of what it is given there.

A call that waits for several objects waits again and again, and an iteration over them does. What
they were given is read the first time: meanwhile others may give a variable another value. Whether
the same call still waits can't be seen: it is known by the lines that have run since, by the
variables that only its own function can have changed, and by the links of the objects.
"""

from __future__ import annotations

from _weakref import ref
from enum import Enum, auto
from types import FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.inspect.frames import is_function, names
from coroplay.probe.inspect.links import is_linked
from coroplay.probe.inspect.passes import is_repeated_unseen
from coroplay.trace.layout import WaitKind, pack_wait

_MOST: Final = 4
"""Calls that are remembered of a coroutine: iterations that wait may lie in one another."""
_SEVERAL: Final = frozenset({WaitKind.ALL, WaitKind.ANY, WaitKind.SOME})

Member = tuple[int, str]
"""One of the things waited for: its coroutine or 0, and its name in the source."""


class Wait(NamedTuple):
    """The reason why a coroutine switches to the hub: what it waits for, and how long at most."""

    kind: WaitKind
    members: tuple[Member, ...] = ()
    noun: str = ""
    seconds: float | None = None
    more: int = 0
    things: tuple[ref[Any] | None, ...] = ()
    """The members themselves where there are several; None for one that can't be referred to."""

    def pack(self) -> str:
        """Return the wait as it is recorded."""
        return pack_wait(self.kind, self.noun, self.seconds, self.more, self.members)

    def without_ready(self, waiting: object) -> Wait:
        """Return the wait without those that have been ready, which is known by their links.

        That a coroutine has ended is recorded, so that it may stay where all are to end.
        """
        if not self.things:
            return self
        pairs = [
            (member, thing)
            for member, thing in zip(self.members, self.things, strict=True)
            if (self.kind is WaitKind.ALL and member[0])
            or is_linked(_object(thing), waiting) is not False
        ]
        return self._replace(
            members=tuple(member for member, _ in pairs), things=tuple(thing for _, thing in pairs)
        )

    def under_way(self, waiting: object) -> Wait:
        """Return the wait of a call under way without those that have been ready.

        The only one that a call waits for has not been.
        """
        return self if len(self.things) == 1 else self.without_ready(waiting)

    def unnamed(self) -> Wait:
        """Return the wait for several things of which it is not known what they are."""
        return self._replace(members=(), things=(), more=0)


class Turn(Enum):
    """Answers to whether a wait belongs to the call of an earlier one."""

    SAME = auto()
    NEXT = auto()
    UNCLEAR = auto()


class Occasion(NamedTuple):
    """The place and time of a wait, as far as they tell whether two belong to the same call."""

    site: tuple[int, int]
    """The frame of the call, by its id, and the offset of the instruction."""
    line: int
    """The number of the coroutine's last line step before the wait, plus 1."""
    repeated: bool
    """True if the instruction may run again without a step."""
    own: tuple[int, ...]
    """The ids of the values that only the call's own function can have changed, if it may."""

    def turn(self, earlier: Occasion) -> Turn:
        """Tell whether the wait belongs to the same call as an earlier one at the same site."""
        if self.line != earlier.line or self.own != earlier.own:
            return Turn.NEXT
        return Turn.UNCLEAR if self.repeated else Turn.SAME


class Remembered(NamedTuple):
    """A wait, and when it was."""

    occasion: Occasion
    wait: Wait


_repeated: Final = CodeMemory[dict[int, bool]](dict)
"""For the offset of an instruction, whether it may run again without a step."""


def occasion(track: Any, own: FrameType) -> Occasion:
    """Return the occasion of a wait of a coroutine in a frame."""
    known, at = _repeated.of(own.f_code), own.f_lasti
    if at not in known:
        known[at] = is_repeated_unseen(own.f_code, at)
    return Occasion((id(own), at), track.line, known[at], _own_variables(own) if known[at] else ())


def remember(track: Any, when: Occasion, wait: Wait) -> None:
    """Remember a wait of a coroutine."""
    others = [one for one in track.waits if one.occasion.site != when.site]
    track.waits = (Remembered(when, wait), *others[: _MOST - 1])


def recall(track: Any, when: Occasion) -> Remembered | None:
    """Return what is known of the last wait of a coroutine at the same site."""
    return next((one for one in track.waits if one.occasion.site == when.site), None)


def settle(earlier: Wait, later: Wait, waiting: object) -> Wait:
    """Return the wait of a call that may be the one of an earlier wait, or may be new.

    `later` is what it would be if it were new. What is said is what both agree on, unless a link
    tells whose it is: while a coroutine waits, only what it waits for is linked to it.
    """
    if later.kind not in _SEVERAL:
        return later  # No other call waits twice.
    before, after = set(_ids(earlier)), set(_ids(later))
    if _is_any_linked(earlier, before - after, waiting):
        return earlier
    if _is_any_linked(later, after - before, waiting):
        return later
    seconds = later.seconds if later.seconds == earlier.seconds else None
    agreed = later if earlier.members == later.members and before == after else later.unnamed()
    kind = later.kind if earlier.kind is later.kind else WaitKind.SOME
    return agreed._replace(kind=kind, seconds=seconds)


def refer(thing: object) -> ref[Any] | None:
    """Return a weak reference to an object; None where there can't be one."""
    # Only a function in C runs within this `try`.
    try:
        return ref(thing)
    except TypeError as error:
        if is_from_within(error):
            raise
        return None


def _object(thing: ref[Any] | None) -> object:
    return None if thing is None else thing()


def _ids(wait: Wait) -> list[int]:
    return [id(_object(one)) for one in wait.things]


def _is_any_linked(wait: Wait, those: set[int], waiting: object) -> bool:
    things = [_object(one) for one in wait.things]
    return any(id(one) in those and is_linked(one, waiting) for one in things)


def _own_variables(frame: FrameType) -> tuple[int, ...]:
    """Return the ids of the values of variables that no other function can change."""
    code, found = frame.f_code, names(frame)
    shared = (*code.co_cellvars, *code.co_freevars)
    given = [(one, found.get(one)) for one in code.co_varnames if one not in shared]
    # In a module, only the variables of comprehensions are its own, while they have values.
    hidden = None if is_function(code) else frame.f_globals
    return tuple(
        id(value) for one, value in given if hidden is None or dict.get(hidden, one) is not value
    )
