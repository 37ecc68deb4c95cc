"""How a switch ends a wait: by what was waited for, or because the time is up."""

from __future__ import annotations

import enum
import re
from typing import Final

from coroplay.trace.layout import WaitKind
from coroplay.trace.model import CoroutineKind, CoroutineState, How, Status, Switch, Wait
from coroplay.trace.recording import Recording
from coroplay.trace.view.words.waits import unended

_THROWN_BY_QUEUES: Final = frozenset({"Empty()", "Full()"})
_TIMEOUT: Final = re.compile(r"Timeout\((\d+(?:\.\d*)?(?:e[+-]?\d+)?)\)")
_EARLIEST: Final = 0.002
"""Seconds by which the timers of an event loop may come too early."""


class WakeUp(enum.Enum):
    """Ends of a wait."""

    NONE = enum.auto()
    """The coroutine has not waited, or it is not its wait that the switch ends."""
    SLEPT = enum.auto()
    """It has slept for as long as it was to."""
    TIME_UP = enum.auto()
    """It has waited in vain for as long as it would at most."""
    DONE = enum.auto()
    """It has waited for what has come, as far as is known."""


def wake_up(recording: Recording, was: CoroutineState | None, switch: Switch) -> WakeUp:
    """Return how a switch ends the wait of its target, whose state before it is given."""
    if was is None or was.status is not Status.WAITING:
        return WakeUp.NONE
    if switch.how is How.THROW:
        ends = _ends_by_exception(was, switch) and _is_hub(recording, switch.origin)
        return WakeUp.TIME_UP if ends else WakeUp.NONE
    if switch.how is not How.WAKE:
        return WakeUp.NONE
    wait = was.waiting_on
    if wait is None or not _is_time_up(was, wait, switch):
        return WakeUp.DONE
    if wait.kind is WaitKind.SLEEP:
        return WakeUp.SLEPT
    return WakeUp.TIME_UP if unended(recording, wait, switch.step) else WakeUp.DONE


def _is_hub(recording: Recording, coroutine: int) -> bool:
    return recording.coroutine(coroutine).kind is CoroutineKind.HUB


def _is_time_up(was: CoroutineState, wait: Wait, switch: Switch) -> bool:
    """Return whether someone has waited as long as it would at most, or slept to the end."""
    if wait.seconds is None:
        return False
    waited = (switch.t_ns - was.since_ns) / 1e9
    return waited >= wait.seconds - min(_EARLIEST, wait.seconds / 4)


def _ends_by_exception(was: CoroutineState, switch: Switch) -> bool:
    """Return whether an exception, if the hub throws it, only ends a wait, whose time is up."""
    wait = was.waiting_on
    if wait is None or wait.seconds is None:
        return False
    if switch.timeout is not None and switch.timeout.place != was.place:
        return False  # The wait's own would have been begun where it stands.
    thrown = switch.value
    if thrown is None:
        return _is_time_up(was, wait, switch)
    # Where the exception itself tells, the clock need not: timers count from when the event loop
    # last looked at it, which may be long before the wait.
    if switch.t_ns - was.since_ns < wait.seconds * 1e9 / 2:
        return False
    match = _TIMEOUT.fullmatch(thrown)
    return thrown in _THROWN_BY_QUEUES or (match is not None and float(match[1]) == wait.seconds)
