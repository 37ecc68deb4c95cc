"""Says in plain words what a step does."""

from __future__ import annotations

from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import (
    Change,
    CoroutineKind,
    Finish,
    Line,
    Output,
    Spawn,
    Switch,
)
from coroplay.trace.recording import Recording
from coroplay.trace.view.explain_switch import explain_switch
from coroplay.trace.view.moment import Moment
from coroplay.trace.view.sentence import Part, Sentence, code, say, value

_MOST_CHANGES: Final = 3
_LONGEST_OUTPUT: Final = 60

_MADE: Final = {
    CoroutineKind.GENERATOR: "a generator. Its body does not run before it is asked for a value",
    CoroutineKind.GREENLET: "a greenlet. It does not run before it is switched to",
    CoroutineKind.GEVENT: "a Greenlet. It is ready; the hub will start it when its turn comes",
}


def explain(recording: Recording, index: int) -> Sentence:
    """What that step does. Raises IndexError if there is no such step."""
    return explain_moment(Moment(recording, index))


def explain_moment(moment: Moment) -> Sentence:
    """What the step of that moment does."""
    match moment.step:
        case Switch() as switch:
            return explain_switch(moment, switch)
        case Line() as line:
            return _line(moment, line)
        case Output() as output:
            return _output(moment, output)
        case Spawn() as spawn:
            return _spawn(moment, spawn)
        case Finish() as finish:
            return _finish(moment, finish)


def _line(moment: Moment, step: Line) -> Sentence:
    who = moment.who(step.coroutine)
    was = moment.was(step.coroutine)
    function = step.place.function if step.place else ""
    known = was.place.function if was and was.place else ""
    entered = bool(known) and function not in ("", known, who.text)
    within: list[str | Part] = []
    if entered and function == "<module>":
        within = [", back in the main part of the program,"]
    elif entered:
        within = [", now in ", code(function), ","]
    told = [who, *within, " is about to run ", moment.line(step.place) or "a line", "."]
    return say(*told, *_changes(step.changed))


def _changes(changed: tuple[Change, ...]) -> list[str | Part]:
    pieces: list[str | Part] = []
    for change in changed[:_MOST_CHANGES]:
        pieces += [", " if pieces else " ", code(change.name, 30)]
        if change.value is None:
            pieces.append(" is gone")
        else:
            pieces += [" is now " if len(pieces) == 2 else " ", value(change.value, 40)]
    if len(changed) > _MOST_CHANGES:
        pieces.append(f", and {len(changed) - _MOST_CHANGES} more")
    return [*pieces, "."] if pieces else []


def _output(moment: Moment, step: Output) -> Sentence:
    who = moment.who(step.coroutine)
    text = clean(step.text[: _LONGEST_OUTPUT * 2].strip("\r\n"), _LONGEST_OUTPUT)
    if step.stream == "stderr":
        return say(who, " writes to standard error: ", value(text), ".")
    if not text:
        return say(who, " prints an empty line.")
    return say(who, " prints ", value(f"“{text}”", _LONGEST_OUTPUT + 2), ".")


def _spawn(moment: Moment, step: Spawn) -> Sentence:
    about = moment.about(step.coroutine)
    who = moment.who(step.coroutine)
    if about.kind is CoroutineKind.HUB:
        return say(
            "gevent's ", Part("hub", who.role, who.coroutine), " comes to life: whenever a "
            "coroutine waits, the hub looks for one that can go on."
        )  # fmt: skip
    if about.kind is CoroutineKind.THREAD:
        return say("A thread starts, ", who, ": it runs beside the others, and may switch too.")
    if step.parent is None or about.kind is CoroutineKind.MAIN:
        return say("The program starts. What runs first goes by the name of ", who, ".")
    maker = moment.who(step.parent)
    verb = " spawns " if about.kind is CoroutineKind.GEVENT else " makes "
    return say(
        maker, verb, moment.newcomer(step.coroutine), f", {_MADE.get(about.kind, 'a coroutine')}."
    )


def _finish(moment: Moment, step: Finish) -> Sentence:
    who = moment.who(step.coroutine)
    where = moment.at(step.coroutine, step.place)
    if step.exception is not None:
        return say(who, " fails", where, ": ", value(step.exception), ".")
    if moment.about(step.coroutine).kind is CoroutineKind.MAIN:
        return say(who, " has come to its end, and the program with it.")
    if step.value is None:
        return say(who, " ends", where, ": it was closed, and will not go on.")
    if step.value == "GreenletExit()":
        return say(who, " was killed", where, ", and is finished.")
    if step.value == "None":
        return say(who, " has come to its end, and is finished.")
    return say(who, " returns ", value(step.value), " and is finished.")
