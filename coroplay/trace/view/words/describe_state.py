"""A coroutine's state in plain words."""

from __future__ import annotations

from coroplay.sanitizing import clean
from coroplay.trace.model import CoroutineState, HowEnded, Status
from coroplay.trace.view.words.limits import SCREEN, Limits
from coroplay.trace.view.words.moment import Moment
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import fill_text
from coroplay.trace.view.words.waits import WaitWords, describe_seconds, left_ns


def describe_state(moment: Moment, state: CoroutineState, limits: Limits = SCREEN) -> str:
    """Return the words for a coroutine's state after that moment: "suspended at line 15"."""
    outcome = clean(state.outcome or "", limits.outcome)
    return fill_text(
        _choose_template(moment, state),
        line=moment.line(state.place),
        wait=WaitWords(moment.recording, limits).clause(state.waiting_on, moment.index),
        time=describe_seconds((left_ns(state, moment.t_ns) or 0) / 1e9),
        exception=outcome,
        value=outcome,
    )


def describe_state_briefly(moment: Moment, state: CoroutineState) -> str:
    """Return a state in fewer words: of a wait only what it is for, and the time that is left."""
    if state.status is not Status.WAITING or state.waiting_on is None:
        return describe_state(moment, state)
    left = left_ns(state, moment.t_ns)
    return fill_text(
        ENGLISH.state_waiting_brief,
        wait=WaitWords(moment.recording).label(state.waiting_on, moment.index),
        time=describe_seconds(left / 1e9) if left else None,
    )


def _choose_template(moment: Moment, state: CoroutineState) -> str:
    match state.status:
        case Status.READY:
            return ENGLISH.state_ready
        case Status.RUNNING:
            hub = moment.is_hub(state.coroutine)
            if hub:
                return ENGLISH.state_hub_running
            if moment.is_over:
                return ENGLISH.state_left_over
            beside = _is_beside(moment, state)
            return ENGLISH.state_running_beside if beside else ENGLISH.state_running
        case Status.SUSPENDED:
            hub = moment.is_hub(state.coroutine)
            return ENGLISH.state_hub_suspended if hub else ENGLISH.state_suspended
        case Status.WAITING:
            return _choose_wait(moment, state)
        case Status.FAILED | Status.FINISHED:
            return _choose_end(state)


def _is_beside(moment: Moment, state: CoroutineState) -> bool:
    """Return whether somebody in another thread has done the last step.

    Where this one has got to since its own is not known: a thread of a pool may wait for work.
    """
    running = moment.after.running
    if len(running) < 2:
        return False
    return state.since_ns < max(moment.after.of(one).since_ns for one in running)


def _choose_end(state: CoroutineState) -> str:
    if state.ended is None or state.ended is HowEnded.RETURNED:
        known = state.outcome is not None
        return ENGLISH.state_finished_with if known else ENGLISH.state_finished
    phrase = ENGLISH.endings[state.ended]
    return phrase.state_unstarted if state.never_ran else phrase.state


def _choose_wait(moment: Moment, state: CoroutineState) -> str:
    if not left_ns(state, state.since_ns):
        return ENGLISH.state_waiting
    left = left_ns(state, moment.t_ns)
    return ENGLISH.state_waiting_time_left if left else ENGLISH.state_waiting_time_up
