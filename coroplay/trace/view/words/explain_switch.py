"""A switch in plain words: who hands over to whom and what, and who stays where."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from coroplay.trace.model import CoroutineKind, How, Status, Switch
from coroplay.trace.view.words.limits import Limits
from coroplay.trace.view.words.moment import Moment
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import Filling, Sentence, code, fill, join, value
from coroplay.trace.view.words.waits import WaitWords, describe_seconds
from coroplay.trace.view.words.wake_ups import WakeUp, wake_up

Templates = tuple[str, str | None]
"""The sentence about a switch, and the one about its origin, if any."""

_YIELD: Final = code("yield")
_IGNORED_EXIT: Final = "RuntimeError('generator ignored GeneratorExit')"
"""What Python raises where a generator is closed and yields."""
_THROW: Final = re.compile(r"[\w.\[\]]*(?:\(\)[\w.\[\]]*)*\bthrow\(")
"""A call that throws something into a coroutine."""
_HAVE_PARENTS: Final = frozenset({CoroutineKind.GREENLET, CoroutineKind.GEVENT})


def explain_switch(moment: Moment, step: Switch, limits: Limits) -> Sentence:
    """Say what that switch does."""
    first, second = _CHOOSE[step.how](moment, step)
    fillings = _fillings(moment, step, limits)
    # The hub does nothing of its own: that it is suspended is no news.
    if second is None or moment.is_hub(step.origin):
        return join(fill(first, **fillings))
    # In the second sentence the target is only a name: the first one has introduced it.
    return join(
        fill(first, **fillings), fill(second, **fillings | {"target": moment.name(step.target)})
    )


def _fillings(moment: Moment, step: Switch, limits: Limits) -> dict[str, Filling]:
    was = moment.was(step.target)
    fillings: dict[str, Filling] = {
        "origin": moment.who(step.origin),
        "target": moment.who(step.target),
        "value": None if step.value is None else value(step.value, limits.value),
        "here": moment.line_of(step.origin, step.place),
        "there": moment.line_of(step.target, was.place if was else None),
        "keyword": _YIELD,
        "unseen": ENGLISH.value_unseen if step.unseen else None,
        "asked": None if step.asked is None else moment.who(step.asked),
    }
    if step.timeout is not None:
        fillings["beginner"] = moment.who(step.timeout.coroutine)
        fillings["begun"] = moment.line(step.timeout.place)
    match step.how:
        case How.WAIT:
            fillings["wait"] = WaitWords(moment.recording, limits).clause(step.wait, moment.index)
        case How.WAKE | How.THROW if was:
            began = moment.recording.at_time(was.since_ns)
            words = WaitWords(moment.recording, limits)
            fillings["wait"] = words.clause(was.waiting_on, began)
            fillings["unended"] = words.unended(was.waiting_on, moment.index)
            fillings["time"] = describe_seconds((step.t_ns - was.since_ns) / 1e9)
            seconds = was.waiting_on.seconds if was.waiting_on else None
            fillings["length"] = None if seconds is None else describe_seconds(seconds)
        case How.CLOSE | How.DROPPING if _is_generator(moment, step):
            fillings["exception"] = code("GeneratorExit")
        case How.KILL | How.DROPPING:
            fillings["exception"] = code("GreenletExit")
    return fillings


def _is_new(moment: Moment, step: Switch) -> bool:
    """Return whether the target has not run yet."""
    was = moment.was(step.target)
    return was is None or was.status is Status.READY


def _wake_up(moment: Moment, step: Switch) -> WakeUp:
    return wake_up(moment.recording, moment.was(step.target), step)


def _start(moment: Moment, step: Switch) -> Templates:
    if step.by_throw:
        return ENGLISH.throws_exit_and_starts, ENGLISH.suspended_until_switch
    if step.asked is not None:
        return ENGLISH.starts_for_ended, ENGLISH.suspended_until_switch
    if moment.is_hub(step.origin):
        return ENGLISH.hub_starts, None
    if _is_generator(moment, step):
        return ENGLISH.starts, ENGLISH.suspended_until_yield
    return ENGLISH.starts, ENGLISH.suspended_until_switch


def _resume(moment: Moment, step: Switch) -> Templates:  # noqa: ARG001
    return ENGLISH.resumes, ENGLISH.suspended_until_answer


def _next(moment: Moment, step: Switch) -> Templates:
    first = ENGLISH.asks_new if _is_new(moment, step) else ENGLISH.asks
    return first, ENGLISH.suspended_until_answer


def _send(moment: Moment, step: Switch) -> Templates:
    first = ENGLISH.sends_to_new if _is_new(moment, step) else ENGLISH.sends
    return first, ENGLISH.suspended_until_answer


def _yield(moment: Moment, step: Switch) -> Templates:
    return ENGLISH.yields_to_new if _is_new(moment, step) else ENGLISH.yields, None


def _switch(moment: Moment, step: Switch) -> Templates:
    if step.by_throw:
        return ENGLISH.throws_exit_into_ended, None
    if step.asked is not None:
        alone = step.asked == step.origin
        return ENGLISH.switches_to_itself_for_certain if alone else ENGLISH.switches_to_ended, None
    if step.origin == step.target:
        # An exception that is raised is no switch: this one was not.
        throws = step.place is not None and _THROW.match(step.place.source)
        return ENGLISH.throws_into_some_ended if throws else ENGLISH.switches_to_itself, None
    first = ENGLISH.switches_to_new if _is_new(moment, step) else ENGLISH.switches
    return first, ENGLISH.suspended_until_switch


def _throw(moment: Moment, step: Switch) -> Templates:
    if step.asked is not None:
        alone = step.asked == step.origin
        return ENGLISH.throws_into_itself_for_certain if alone else ENGLISH.throws_into_ended, None
    if step.origin == step.target:
        return ENGLISH.throws_into_itself, None
    origin = moment.was(step.origin)
    # That an exception was thrown is seen; gevent catches its own before the program would.
    if _wake_up(moment, step) is WakeUp.TIME_UP:
        return ENGLISH.ends_wait, None
    if step.timeout is not None:
        return ENGLISH.throws_for_timeout, None
    of_generator = moment.about(step.origin).kind is CoroutineKind.GENERATOR
    if of_generator and step.value == _IGNORED_EXIT and not (origin and origin.ended):
        return ENGLISH.ignores_close, None
    failed = origin is not None and origin.status is Status.FAILED
    if failed:
        return ENGLISH.hands_on_failure, None
    return ENGLISH.throws_into_new if _is_new(moment, step) else ENGLISH.throws, None


def _return(moment: Moment, step: Switch) -> Templates:
    if moment.is_hub(step.target):
        return ENGLISH.ends_for_hub, None
    origin = moment.about(step.origin)
    new = _is_new(moment, step)
    if origin.kind in _HAVE_PARENTS and origin.parent == step.target:
        return ENGLISH.ends_for_new_parent if new else ENGLISH.ends_for_parent, None
    return ENGLISH.ends_for_new if new else ENGLISH.ends, None


def _close(moment: Moment, step: Switch) -> Templates:  # noqa: ARG001
    return ENGLISH.closes, ENGLISH.suspended_until_done


def _dropping(moment: Moment, step: Switch) -> Templates:
    if not _is_generator(moment, step):
        return ENGLISH.drops_greenlet, ENGLISH.suspended_until_done
    return ENGLISH.drops, ENGLISH.suspended_until_done


def _is_generator(moment: Moment, step: Switch) -> bool:
    return moment.about(step.target).kind is CoroutineKind.GENERATOR


def _wait(moment: Moment, step: Switch) -> Templates:
    if moment.is_hub(step.target):
        return ENGLISH.waits_for_hub, None
    return ENGLISH.waits_for_new if _is_new(moment, step) else ENGLISH.waits, None


def _wake(moment: Moment, step: Switch) -> Templates:
    if _is_new(moment, step):
        return ENGLISH.wakes_new, None
    return _WAKES[_wake_up(moment, step)], None


def _kill(moment: Moment, step: Switch) -> Templates:
    if step.timeout is not None:
        return ENGLISH.throws_for_timeout, None
    return ENGLISH.kills_new if _is_new(moment, step) else ENGLISH.kills, None


_WAKES: Final = {
    WakeUp.NONE: ENGLISH.wakes,
    WakeUp.SLEPT: ENGLISH.wakes_sleeper,
    WakeUp.TIME_UP: ENGLISH.wakes_in_vain,
    WakeUp.DONE: ENGLISH.wakes_waiter,
}
_CHOOSE: Final[dict[How, Callable[[Moment, Switch], Templates]]] = {
    How.START: _start,
    How.RESUME: _resume,
    How.NEXT: _next,
    How.SEND: _send,
    How.YIELD: _yield,
    How.SWITCH: _switch,
    How.THROW: _throw,
    How.RETURN: _return,
    How.CLOSE: _close,
    How.DROPPING: _dropping,
    How.WAIT: _wait,
    How.WAKE: _wake,
    How.KILL: _kill,
}
