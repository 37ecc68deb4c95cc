"""Says in plain words what a switch does: who hands over to whom and what, and who stays where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from coroplay.trace.model import CoroutineKind, How, Place, Status, Switch
from coroplay.trace.view.moment import Moment
from coroplay.trace.view.sentence import Part, Sentence, code, say, value
from coroplay.trace.view.waits import is_sleep, waiting_for

Pieces = list[str | Part]


def explain_switch(moment: Moment, step: Switch) -> Sentence:
    """What that switch does."""
    return say(*_TELL[step.how](moment, step))


def _with(step: Switch, word: str = " with ") -> Pieces:
    return [word, value(step.value)] if step.value is not None else []


def _stays(moment: Moment, step: Switch, until: str) -> Pieces:
    """Where the one that is left is suspended, and until when."""
    who = moment.who(step.origin)
    if moment.is_hub(step.origin):
        return []
    return [" ", who, " is suspended", moment.at(step.origin, step.place), until, "."]


def _goes_on(moment: Moment, step: Switch) -> Pieces:
    """Where the one that control passes to goes on."""
    was = moment.was(step.target)
    if was is None or was.status is Status.READY:
        return [" begins with its first line"]
    return [" goes on", moment.at(step.target, was.place)]


def _from_yield(moment: Moment, step: Switch) -> Pieces:
    was = moment.was(step.target)
    if was is None or was.status is Status.READY:
        return [", which begins with its first line"]
    return [", which goes on from its ", code("yield"), moment.at(step.target, was.place, "on")]


def _answers(moment: Moment, step: Switch) -> Pieces:
    return _stays(moment, step, f" until {moment.name(step.target)} answers")


def _start(moment: Moment, step: Switch) -> Pieces:
    target = moment.who(step.target)
    if moment.is_hub(step.origin):
        return [moment.who(step.origin), " starts ", target, *_with(step), ", whose turn has come."]
    told = [moment.who(step.origin), " starts ", target, *_with(step), "."]
    if moment.about(step.target).kind is CoroutineKind.GENERATOR:
        return told + _stays(moment, step, f" until {moment.name(step.target)} yields")
    return told + _stays(moment, step, " until somebody switches back")


def _next(moment: Moment, step: Switch) -> Pieces:
    target = moment.who(step.target)
    asks: Pieces = [moment.who(step.origin), " asks ", target, " for its next value"]
    return [*asks, *_from_yield(moment, step), ".", *_answers(moment, step)]


def _send(moment: Moment, step: Switch) -> Pieces:
    sent = value(step.value) if step.value is not None else "a value"
    told: Pieces = [moment.who(step.origin), " sends ", sent, " into ", moment.who(step.target)]
    return [*told, *_from_yield(moment, step), ".", *_answers(moment, step)]


def _yield(moment: Moment, step: Switch) -> Pieces:
    told: Pieces = [moment.who(step.origin), " yields", *_with(step, " ")]
    told += [" and is suspended", moment.at(step.origin, step.place), "; "]
    return [*told, moment.who(step.target), *_goes_on(moment, step), "."]


def _switch(moment: Moment, step: Switch) -> Pieces:
    told: Pieces = [moment.who(step.origin), " switches to ", moment.who(step.target)]
    told += [*_with(step), ", which", *_goes_on(moment, step), "."]
    return [*told, *_stays(moment, step, " until somebody switches back")]


def _throw(moment: Moment, step: Switch) -> Pieces:
    thrown = value(step.value) if step.value is not None else "an exception"
    left = moment.was(step.origin)
    if left is not None and left.status is Status.FAILED:
        ended: Pieces = [moment.who(step.origin), " has failed; ", thrown, " is raised in "]
        where = moment.at(step.target, _target_place(moment, step))
        return [*ended, moment.who(step.target), where, "."]
    told: Pieces = [moment.who(step.origin), " throws ", thrown, " into ", moment.who(step.target)]
    return [*told, moment.at(step.target, _target_place(moment, step)), ", where it is raised."]


def _target_place(moment: Moment, step: Switch) -> Place | None:
    was = moment.was(step.target)
    return was.place if was else None


def _return(moment: Moment, step: Switch) -> Pieces:
    origin, target = moment.who(step.origin), moment.who(step.target)
    if moment.is_hub(step.target):
        return [origin, " has ended; ", target, " looks for who can go on."]
    about = moment.about(step.origin)
    parent = "its parent " if about.kind in _HAVE_PARENTS and about.parent == step.target else ""
    on = _goes_on(moment, step)
    return [origin, " has ended; control goes to ", parent, target, ", which", *on, "."]


def _close(moment: Moment, step: Switch) -> Pieces:
    told: Pieces = [moment.who(step.origin), " closes ", moment.who(step.target)]
    told += [": its ", code("yield"), moment.at(step.target, _target_place(moment, step), "on")]
    told += [" raises ", code("GeneratorExit"), "."]
    return [*told, *_stays(moment, step, " until that is done")]


def _wait(moment: Moment, step: Switch) -> Pieces:
    what = step.value or (step.place.source if step.place else "")
    told: Pieces = [moment.who(step.origin), " waits", waiting_for(what), "; "]
    if moment.is_hub(step.target):
        return [*told, moment.who(step.target), " looks for who can go on."]
    return [*told, moment.who(step.target), *_goes_on(moment, step), "."]


def _wake(moment: Moment, step: Switch) -> Pieces:
    was = moment.was(step.target)
    told: Pieces = [moment.who(step.origin), " wakes ", moment.who(step.target)]
    if was and was.waiting_on and is_sleep(was.waiting_on):
        told += [", whose ", code(was.waiting_on), " is over"]
    elif was and was.status is Status.WAITING:
        told += [", whose wait is over"]
    return [*told, ". It", *_goes_on(moment, step), "."]


def _kill(moment: Moment, step: Switch) -> Pieces:
    told: Pieces = [moment.who(step.origin), " kills ", moment.who(step.target), ": "]
    raised: Pieces = [code("GreenletExit"), " is raised in it"]
    return [*told, *raised, moment.at(step.target, _target_place(moment, step)), "."]


_HAVE_PARENTS: Final = frozenset({CoroutineKind.GREENLET, CoroutineKind.GEVENT})
_TELL: Final[dict[How, Callable[[Moment, Switch], Pieces]]] = {
    How.START: _start,
    How.NEXT: _next,
    How.SEND: _send,
    How.YIELD: _yield,
    How.SWITCH: _switch,
    How.THROW: _throw,
    How.RETURN: _return,
    How.CLOSE: _close,
    How.WAIT: _wait,
    How.WAKE: _wake,
    How.KILL: _kill,
}
