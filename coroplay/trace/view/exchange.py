"""The exchange: a sequence diagram of the switches around a step, one row a switch."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import Finish, How, HowEnded, Status, Switch
from coroplay.trace.recording import Recording
from coroplay.trace.view.pairs import Pair
from coroplay.trace.view.switches import Switches
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import fill_text
from coroplay.trace.view.words.waits import WaitWords, describe_seconds
from coroplay.trace.view.words.wake_ups import WakeUp, wake_up

_LONGEST: Final = 60
_LEAST_SHOWN_NS: Final = 50_000_000


class Tense(enum.StrEnum):
    """Places of a row in relation to the cursor."""

    PAST = "past"
    CURRENT = "current"
    """The last switch at or before the cursor: the one that led to who runs now."""
    FUTURE = "future"


class End(enum.StrEnum):
    """Places at which an arrow begins or ends: one of the two lifelines, or neither."""

    LEFT = "left"
    RIGHT = "right"
    OUTSIDE = "outside"
    """The coroutine is not one of the two."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One switch, as it is drawn."""

    step: int
    tense: Tense
    exact: bool
    """True if the cursor stands on this very switch."""
    origin: int
    target: int
    start: End
    end: End
    verb: str
    value: str | None

    @property
    def label(self) -> str:
        """Verb and value."""
        return self.verb if self.value is None else f"{self.verb} {self.value}"

    @property
    def brief(self) -> str:
        """The shortest text for the arrow: a time waited is whole or left out, never cut."""
        return self.value if self.value is not None and self.verb == How.WAKE else self.label


def exchange(switches: Switches, index: int, height: int, pair: Pair) -> list[Arrow]:
    """Return at most `height` switches around the step, the earliest first."""
    later = min(height // 3, max(0, height - 1))
    past = switches.before(index, height)
    future = switches.after(index, height - min(len(past), height - later))
    past = past[max(0, len(past) - (height - len(future))) :]
    current = past[-1] if past else None
    return [_arrow(switches, at, index, current, pair) for at in [*past, *future]]


def _arrow(switches: Switches, at: int, index: int, current: int | None, pair: Pair) -> Arrow:
    switch = switches.switch(at)
    tense = Tense.FUTURE if at > index else Tense.CURRENT if at == current else Tense.PAST
    verb, value = _label(switches.recording, switch)
    return Arrow(
        step=at,
        tense=tense,
        exact=at == index,
        origin=switch.origin,
        target=switch.target,
        start=_end(pair, switch.origin),
        end=_end(pair, switch.target),
        verb=clean(verb, _LONGEST),
        value=None if value is None else clean(value, _LONGEST),
    )


def _end(pair: Pair, coroutine: int) -> End:
    side = pair.side(coroutine)
    return End(side) if side else End.OUTSIDE


def _label(recording: Recording, switch: Switch) -> tuple[str, str | None]:
    match how := switch.how:
        case How.WAIT:
            return WaitWords(recording).label(switch.wait, switch.step) or how.value, None
        case How.WAKE | How.THROW:
            return _wake_or_throw(recording, switch)
        case How.RETURN:
            return _ending(recording, switch)
        case _:
            return _with_value(switch)


def _with_value(switch: Switch) -> tuple[str, str | None]:
    return switch.how.value, ENGLISH.label_unseen if switch.unseen else switch.value


def _wake_or_throw(recording: Recording, switch: Switch) -> tuple[str, str | None]:
    was = recording.state(switch.step - 1).of(switch.target) if switch.step else None
    if wake_up(recording, was, switch) is WakeUp.TIME_UP:
        return ENGLISH.label_time_up, None
    if switch.how is How.THROW:
        return _with_value(switch)
    waited = switch.t_ns - was.since_ns if was and was.status is Status.WAITING else 0
    if waited < _LEAST_SHOWN_NS:
        return switch.how.value, None
    return switch.how.value, fill_text(ENGLISH.label_waited, time=describe_seconds(waited / 1e9))


def _ending(recording: Recording, switch: Switch) -> tuple[str, str | None]:
    """Return how the origin has ended: its finish is the step before."""
    finish = recording[switch.step - 1]
    if not isinstance(finish, Finish) or finish.coroutine != switch.origin:
        return "return", switch.value
    match finish.how:
        case HowEnded.FAILED | HowEnded.IGNORED:
            return "fail", finish.exception
        case HowEnded.RETURNED:
            return "return", None if finish.value == "None" else finish.value
        case HowEnded.EXITED:
            return finish.how.value, finish.value
        case HowEnded.UNSEEN:
            return "end", None
        case _:
            return finish.how.value, None
