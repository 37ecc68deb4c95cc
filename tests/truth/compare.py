"""The comparison, step by step, of what a recording says with what is true."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Final

from tests.truth.facts import EXPRESSION, UNNAMED, Ended, Fact, Facts, Moved, Printed, Ran, Way
from tests.truth.model import Rendered, Sort
from tests.truth.render import BEGINNING, LETTERS, MANAGER
from tests.truth.styles import WAITS

_DEEPEST: Final = 8
"""Moves that may be told for one, where generators delegate to each other."""


@dataclass(slots=True)
class Comparison:
    """What came of a comparison."""

    lies: list[str] = field(default_factory=list)
    known: int = 0
    """Values that were told, and are true."""
    unknown: int = 0
    """Values that there were, and the recording says nothing of."""
    in_time: bool = True
    """False if from some step on timers fired otherwise than in the run of which all is known."""


def compare(
    told: Facts, true: Facts, lines: bool, rendered: Rendered, *, keeps: bool = False
) -> Comparison:
    """Look for the first false step, and for false creators and parents.

    `keeps` says that what is dropped may live on, and come to its end later or never.
    """
    result = Comparison()
    _compare_order(
        [one for one in told.order if not _is_left_out_of_account(one, lines)],
        [one for one in true.order if not _is_left_out_of_account(one, lines)],
        result,
        rendered,
        told.creators,
        keeps,
    )
    for name, (creator, line) in told.creators.items():
        if name.startswith(EXPRESSION):
            continue
        truly, at = true.creators.get(name, (None, None))
        if None not in (creator, truly) and creator != truly:
            result.lies.append(f"told: {creator} creates {name}; true: {truly} does")
        if None not in (line, at) and line != at:
            result.lies.append(f"told: {name} is created at line {line}; true: at line {at}")
    for name, parent in told.parents.items():
        if name in true.parents and parent not in (None, true.parents[name]):
            result.lies.append(f"told: {name}'s parent is {parent}; true: {true.parents[name]}")
    ended = {fact.who for fact in told.order if isinstance(fact, Ended)}
    for name in told.generators - ended if result.in_time and not keeps else ():
        if any(_same(name, one) for one in true.alive):
            continue
        result.lies.append(f"told: {name} has not ended; true: it is gone")
    return result


def _is_left_out_of_account(fact: Fact, lines: bool) -> bool:
    """Whether it is the end of all, or a line of a generator expression, run many times."""
    if isinstance(fact, Ran):
        return not lines or fact.who.startswith(EXPRESSION)
    return isinstance(fact, Ended) and fact.who == "main"


def _begins(fact: Fact) -> bool:
    return isinstance(fact, Printed) and fact.text.startswith(BEGINNING)


def _is_optional(fact: Fact | None, spawned: Collection[str]) -> bool:
    """Whether a recording need not tell it: of whom it never spoke, and what is an end's own."""
    match fact:
        case Moved():
            return fact.optional
        case Ran():
            return fact.again
        case Ended():
            return fact.who not in spawned
    return False


def _compare_order(
    told: list[Fact],
    true: list[Fact],
    result: Comparison,
    rendered: Rendered,
    spawned: Collection[str],
    keeps: bool,
) -> None:
    at, waiting = 0, true[::-1]
    left_out: Moved | None = None
    while at < len(told) or waiting:
        said = told[at] if at < len(told) else None
        fact = waiting.pop() if waiting else None
        if said is not None and fact is not None and _agree(said, fact, result):
            result.lies += _said_wrongly(said, fact, rendered)
            at, left_out = at + 1, None
        elif silent := _silent_end(told[at : at + 3], waiting, fact):
            told[at : at + 3] = [one for one in told[at : at + 3] if not _concerns(one, silent)]
            waiting += [fact] if fact else []
        elif waiting and _goes_on_closing(said, fact, waiting[-1]):
            at, left_out = at + 1, None
            waiting.pop()
        elif (freed := _freed_before(said, fact, waiting)) is not None:
            at += 1
            waiting.remove(freed)
            waiting += [fact] if fact else []
        elif joined := _passed_on(told[at : at + _DEEPEST], fact):
            told[at : at + 2] = [joined]
            waiting += [fact] if fact else []
        elif merged := _merged(said, fact, waiting):
            waiting[-1] = merged
        elif _is_optional(fact, spawned) or (keeps and _is_silent(fact, waiting)):
            left_out = left_out or (fact if isinstance(fact, Moved) else None)
        elif _differ_by_time(said, left_out or fact):
            result.in_time = False
            return
        else:
            before = told[at - 1] if at else "the start"
            result.lies.append(
                f"told: {said or 'nothing more'}; true: {fact or 'nothing more'} (after: {before})"
            )
            at, waiting = _next_scenario(told, at, [*waiting, *([fact] if fact else [])])


def _goes_on_closing(said: Fact | None, fact: Fact | None, after: Fact) -> bool:
    """Whether one who is closed had to wait for another to be closed, to which it delegates.

    Python closes the other first, as if whoever closes did; the recording goes by those between.
    """
    match said, fact, after:
        case Moved(way=Way.RETURN), Moved(), Moved(way=Way.CLOSE):
            through = (fact.origin, fact.target) == (said.origin, after.origin)
            return through and said.target == after.target
    return False


def _freed_before(said: Fact | None, fact: Fact | None, waiting: list[Fact]) -> Ended | None:
    """The end of one that was held by another, which ends with its function or when it is freed.

    A greenlet is told to end once it has: then what its function held is gone.
    """
    match said, fact:
        case Ended(way=Way.CLOSE), Ended():
            soon = takewhile(_is_freeing, reversed(waiting))
            ends = (one for one in soon if isinstance(one, Ended))
            return next((one for one in ends if _same(said.who, one.who)), None)
    return None


def _is_freeing(fact: Fact) -> bool:
    """Whether it may be of what is freed when a function is over: closes, and nothing that runs."""
    return isinstance(fact, Ended) or (isinstance(fact, Moved) and fact.optional)


def _differ_by_time(said: Fact | None, fact: Fact | None) -> bool:
    """Whether the hub let another one go on: its timers fire as the clock of that run has it."""
    match said, fact:
        case Moved(origin="hub"), Moved(origin="hub"):
            return said.target != fact.target
    return False


def _next_scenario(told: list[Fact], at: int, waiting: list[Fact]) -> tuple[int, list[Fact]]:
    """The places, in both, at which a scenario begins that comes after a false step."""
    while at < len(told) and not (_begins(told[at]) and told[at] in waiting):
        at += 1
    if at == len(told):
        return at, []
    return at, waiting[: waiting.index(told[at]) + 1]


def _said_wrongly(said: Fact, fact: Fact, rendered: Rendered) -> list[str]:
    """What is missing from a move, or false about what is waited for."""
    if not isinstance(said, Moved) or not isinstance(fact, Moved):
        return []
    plain, awaited = rendered.plain.get(said.line), rendered.waits.get(said.line)
    if plain and said.value is None and fact.way is Way.RESUME and fact.value is not None:
        return [f"not told, though {plain} says it: {fact}"]
    if (
        said.awaited
        and awaited
        and not any(word in said.awaited for word in WAITS.get(awaited, (awaited, awaited.lower())))
    ):
        return [f"told: {said.origin} waits for {said.awaited!r}; true: for {awaited}"]
    return []


def _agree(said: Fact, fact: Fact, result: Comparison) -> bool:
    match said, fact:
        case Moved(), Moved():
            if not _same(said.origin, fact.origin) or not _same(said.target, fact.target):
                return False
            alike = said.way is fact.way or _may_close(said, fact)
            return alike and _values_agree(said, fact, result)
        case Ended(), Ended():
            if not _same(said.who, fact.who):
                return False
            if not _ends_agree(said, fact) and not _may_close(said, fact):
                return False
            return said.way is not fact.way or _values_agree(said, fact, result)
        case Printed(), Printed():
            return _same(said.who, fact.who) and said.text == fact.text
    return said == fact


def _may_close(said: Moved | Ended, fact: Moved | Ended) -> bool:
    """Whether contextlib throws what a close has thrown, and catches it when it comes back.

    To the witness it is as if the manager had been closed: whom it is thrown to can't tell.
    """
    if isinstance(said, Ended):
        manager, true = said.who, Way.CLOSE
    elif said.way is Way.FAIL:
        manager, true = said.origin, Way.RETURN
    else:
        manager, true = said.target, Way.CLOSE
    throws = said.way in (Way.THROW, Way.FAIL) and fact.way is true
    return throws and said.value == "GeneratorExit()" and manager.startswith(MANAGER)


def _same(said: str, true: str) -> bool:
    """Whether two names are one coroutine's: the line or the function may not be known."""
    if said == UNNAMED:
        return true.startswith(LETTERS[Sort.GREENLET])
    return said == true or (said == EXPRESSION and true.startswith(EXPRESSION))


def _ends_agree(said: Ended, true: Ended) -> bool:
    """Whether an end is what it is said to be; closed is one that GeneratorExit brought about."""
    if said.way is Way.UNSEEN:
        return True
    if said.way is Way.CLOSE:
        return true.way is Way.CLOSE or true.closing
    return said.way is true.way


def _values_agree(said: Moved | Ended, true: Moved | Ended, result: Comparison) -> bool:
    if true.value is None:
        return True
    if said.value is None:
        result.unknown += true.value != "None" and true.way is not Way.CLOSE
        return True
    result.known += true.value != "None"
    begun, cut, _ = said.value.partition("…")
    if cut and true.value.startswith(begun.rstrip("'\"")):
        return True
    return said.value == true.value or _is_of_gevent(said.value, true.value)


def _is_of_gevent(said: str, true: str) -> bool:
    """Whether both are one of gevent's exceptions, whose arguments are not compared."""
    name = said.partition("(")[0]
    return name in ("Timeout", "LoopExit") and true == f"{name}()"


def _passed_on(told: list[Fact], fact: Fact | None) -> Moved | None:
    """One move for the first two that are told: what is thrown goes by those who delegate.

    They are told where one was seen, by way of one or more.
    """
    match told[:2], fact:
        case [Moved() as first, Moved() as second], Moved():
            passed = first.target == second.origin and first.way is second.way
            if not passed or first.value != second.value or first.origin != fact.origin:
                return None
            joined = replace(second, origin=first.origin)
            arrives = second.target == fact.target or _passed_on([joined, *told[2:]], fact)
            return joined if arrives else None
    return None


def _merged(said: Fact | None, fact: Fact | None, waiting: list[Fact]) -> Moved | None:
    """Two true moves as one, where who lies between only passed on what came."""
    if not isinstance(said, Moved) or not isinstance(fact, Moved) or not waiting:
        return None
    after = waiting[-1]
    if not isinstance(after, Moved) or not fact.through or after.origin != fact.target:
        return None
    return replace(after, origin=fact.origin)


def _silent_end(told: list[Fact], waiting: list[Fact], fact: Fact | None) -> str:
    """Who is told to end and ran nothing while it did; empty if nobody.

    From Python 3.13 on a suspended generator without a `finally` just ends. It must not run later.
    """
    ended = next((one for one in told if isinstance(one, Ended)), None)
    if ended is None or ended.way is Way.RETURN or ended.who == UNNAMED:
        return ""
    later = (*waiting, *([fact] if fact else []))
    return "" if any(_concerns(one, ended.who) for one in later) else ended.who


def _is_silent(fact: Fact | None, waiting: list[Fact]) -> bool:
    """Whether it is the end of one that is closed, of whom nothing is heard later."""
    if not isinstance(fact, Ended) or fact.way is not Way.CLOSE:
        return False
    later = (one for one in waiting if not (isinstance(one, Moved) and one.optional))
    return not any(_concerns(one, fact.who) for one in later)


def _concerns(fact: Fact, who: str) -> bool:
    match fact:
        case Moved():
            return who in (fact.origin, fact.target)
        case Ran() | Printed() | Ended():
            return fact.who == who


def kind_of(lie: str) -> str:
    """What false statements of one kind share: all but names, numbers and circumstances."""
    if "it printed " in lie:
        return "it printed"
    return re.sub(r"\b[a-z]?\d+\b", "#", re.sub(r" \(after: .*", "", lie))
