"""A wait in words, and the time that is left of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.layout import WaitKind
from coroplay.trace.model import Awaited, CoroutineState, Wait
from coroplay.trace.recording import Recording
from coroplay.trace.view.words.limits import SCREEN, Limits
from coroplay.trace.view.words.names import name_of
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import fill_text
from coroplay.trace.view.words.wait_phrases import WaitPhrase

_MOST_NAMED: Final = 4
"""Things waited for that are named; the others are counted."""


_SEVERAL: Final = frozenset({WaitKind.ALL, WaitKind.ANY, WaitKind.SOME})
_JOINS: Final = frozenset({WaitKind.ALL, WaitKind.END})
"""Waits for all their members to end, which go on without a word when their time is up."""


class WaitWords:
    """The words for the waits in one recording, in which coroutines have names."""

    def __init__(self, recording: Recording, limits: Limits = SCREEN) -> None:
        self._recording = recording
        self._limits = limits

    def clause(self, wait: Wait | None, index: int) -> str:
        """Return the words after "waits": "for tea to end"; "" where it isn't known.

        Coroutines that ended at the step `index` or before are not waited for any more.
        """
        if wait is None:
            return ""
        return self._say(wait, index, _phrase(wait).clause, ENGLISH.wait_over)

    def label(self, wait: Wait | None, index: int) -> str:
        """Return a wait as of a step in few words: "join of tea"; "" where it isn't known."""
        if wait is None:
            return ""
        return self._say(wait, index, _phrase(wait).label, ENGLISH.label_over)

    def unended(self, wait: Wait | None, index: int) -> str:
        """Return the names of those whose ends a wait still needs as of a step; "" for none."""
        missing = unended(self._recording, wait, index)
        return clean(self._names(missing, 0), self._limits.value)

    def _say(self, wait: Wait, index: int, template: str, over: str) -> str:
        """Fill in the template for a wait, or the one for a wait that is over but for waking up."""
        if wait.kind not in _JOINS and wait.kind is not WaitKind.RESULT:
            return self._fill(template, wait, wait.members)
        missing = tuple(one for one in wait.members if not _has_ended(self._recording, one, index))
        if missing or wait.more or not wait.members:
            return self._fill(template, wait, missing)
        return clean(fill_text(over, what=self._names(wait.members, 0)), self._limits.value)

    def _fill(self, template: str, wait: Wait, members: tuple[Awaited, ...]) -> str:
        name = self._names(members, wait.more)
        nameless = ENGLISH.several if wait.kind in _SEVERAL else _nameless(wait.noun)
        length = None if wait.seconds is None else describe_seconds(wait.seconds)
        kind = "" if any(one.coroutine for one in members) else wait.noun
        named = fill_text(ENGLISH.named_thing, noun=kind, what=name) if kind else name
        words = fill_text(
            template,
            what=name or nameless,
            thing=named if name else nameless,
            noun=wait.noun,
            time=length,
        )
        limited = length is not None and wait.kind is not WaitKind.SLEEP
        limit = fill_text(ENGLISH.wait_limit, time=length) if limited else ""
        return clean(words, self._limits.value) + limit

    def _names(self, members: Sequence[Awaited], more: int) -> str:
        """Return the names of things; "" where none has a name."""
        members = _but_once(members)
        bearers = Counter(self._name(one) for one in members)
        named = list(bearers.items())[:_MOST_NAMED]
        count = len(members) + more
        if not bearers or not all(bearers):
            if count < 2:
                return ""
            return fill_text(ENGLISH.several_things, count=str(count))
        joined = ENGLISH.between_things.join(
            name if number == 1 else fill_text(ENGLISH.alike_things, what=name, count=str(number))
            for name, number in named
        )
        rest = count - sum(number for _, number in named)
        if not rest:
            return joined
        return fill_text(ENGLISH.more_things, what=joined, count=str(rest))

    def _name(self, one: Awaited) -> str:
        if one.coroutine is None:
            return clean(one.name)
        return name_of(self._recording, one.coroutine)


def unended(recording: Recording, wait: Wait | None, index: int) -> tuple[Awaited, ...]:
    """Return the coroutines that have not ended as of a step, and whose ends a wait needs.

    Where the end of any one is enough, that is all of them, or none once one has ended.
    """
    if wait is None or (wait.kind not in _JOINS and wait.kind is not WaitKind.ANY):
        return ()
    missing = tuple(
        one
        for one in wait.members
        if one.coroutine is not None and not _has_ended(recording, one, index)
    )
    if wait.kind is WaitKind.ANY and (wait.more or len(missing) < len(wait.members)):
        return ()
    return missing


def _has_ended(recording: Recording, one: Awaited, index: int) -> bool:
    if one.coroutine is None:
        return False
    finish = recording.reader.coroutine_row(one.coroutine)[4] - 1
    return 0 <= finish <= index


def _but_once(members: Sequence[Awaited]) -> list[Awaited]:
    """Return the members without those coroutines that were given before."""
    given = {one.coroutine: one for one in reversed(members)}
    return [one for one in members if one.coroutine is None or given[one.coroutine] is one]


def _nameless(noun: str) -> str:
    if not noun:
        return ENGLISH.something
    template = ENGLISH.some_vowel_thing if noun[0] in "aeiou" else ENGLISH.some_thing
    return fill_text(template, noun=noun)


def _phrase(wait: Wait) -> WaitPhrase:
    if wait.kind is WaitKind.RESULT and wait.noun == "result":
        return ENGLISH.kinds_of_wait[WaitKind.EVENT]
    if wait.kind is WaitKind.ANY and len(wait.members) == 1 and not wait.more:
        return ENGLISH.kinds_of_wait[WaitKind.EVENT]
    if wait.kind is WaitKind.ALL and wait.members and all(one.coroutine for one in wait.members):
        return ENGLISH.kinds_of_wait[WaitKind.END]
    return ENGLISH.kinds_of_wait[wait.kind]


def left_ns(state: CoroutineState, t_ns: int) -> int | None:
    """Return the nanoseconds that are left of a sleep at that time; None if it isn't a sleep."""
    wait = state.waiting_on
    if wait is None or wait.kind is not WaitKind.SLEEP or wait.seconds is None:
        return None
    return max(0, state.since_ns + int(wait.seconds * 1e9) - t_ns)


def describe_seconds(seconds: float) -> str:
    """Return a length of time in words, to three digits: "2 s", "0.25 s", "35 ms".

    What was to be slept and what was slept are told alike, so that the two can be compared.
    """
    unit, number = "s", seconds
    for smaller in ("ms", "µs"):
        if number == 0 or number >= _LEAST:
            break
        unit, number = smaller, number * 1000
    # From a hundred on, "g" would write an exponent.
    return f"{number:.0f} {unit}" if number >= 99.95 else f"{number:.3g} {unit}"


_LEAST: Final = 0.09995
"""The least that is told in a unit: less is told in the next smaller one."""
