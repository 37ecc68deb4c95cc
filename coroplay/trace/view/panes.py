"""What a coroutine's own pane says at a step: its state in words, its place, its locals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import CoroutineKind, CoroutineState, Line, Place, Status
from coroplay.trace.view.moment import Moment
from coroplay.trace.view.names import full_name_of, function_of
from coroplay.trace.view.waits import left_ns, seconds, waiting_for

GLYPHS: Final = {
    Status.READY: "·",
    Status.RUNNING: "▶",
    Status.SUSPENDED: "‖",
    Status.WAITING: "─",
    Status.FINISHED: "■",
    Status.FAILED: "✗",
}
"""One cell wide in every font, and the same everywhere."""

_MOST_LOCALS: Final = 50
_LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class Variable:
    """A local variable, fit to be shown."""

    name: str
    value: str
    changed: bool
    """Whether the line before this one changed it."""
    was: str | None
    """The value before, if it changed and isn't new."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One coroutine at one step."""

    coroutine: int
    name: str
    arguments: str
    """What it was called with, in brackets, where the name doesn't say it."""
    kind: CoroutineKind
    status: Status
    glyph: str
    words: str
    """The state in words, without the glyph."""
    place: Place | None
    """Where it stands; for one that has not run yet, where it was made."""
    function: str
    """The function it is in, or will begin with."""
    variables: tuple[Variable, ...]
    left: float | None = None
    """Of a sleep: which part is still to come, from 1.0 down to 0.0."""

    @property
    def state(self) -> str:
        """Glyph and words."""
        return f"{self.glyph} {self.words}"


def pane(moment: Moment, coroutine: int) -> Pane:
    """What the pane of that coroutine says at that moment."""
    about = moment.about(coroutine)
    name = moment.name(coroutine)
    full = full_name_of(moment.recording, coroutine)
    state = moment.after.of(coroutine)
    function = state.place.function if state.place else ""
    if state.status is Status.READY:
        function = function_of(about.name)
    return Pane(
        coroutine=coroutine,
        name=name,
        arguments=full.removeprefix(name) if full.startswith(name) else "",
        kind=about.kind,
        status=state.status,
        glyph=GLYPHS[state.status],
        words=_words(moment, state),
        place=state.place,
        function=clean(function, 60),
        variables=_variables(moment, state),
        left=_part_left(moment, state),
    )


def _words(moment: Moment, state: CoroutineState) -> str:
    place = moment.at(state.coroutine, state.place)
    match state.status:
        case Status.READY:
            return "ready, has not run yet"
        case Status.RUNNING if moment.is_hub(state.coroutine):
            return "looks for who can go on"
        case Status.RUNNING:
            line = moment.line(state.place)
            return f"running, {line}" if line else "running"
        case Status.SUSPENDED if moment.is_hub(state.coroutine):
            return "suspended while others run"
        case Status.SUSPENDED:
            return f"suspended{place}"
        case Status.WAITING:
            return f"waiting{waiting_for(state.waiting_on)}{_time_left(moment, state)}"
        case Status.FAILED:
            return f"failed: {clean(state.outcome or 'no reason known', 80)}"
        case Status.FINISHED if state.outcome is None:
            return "finished"
        case Status.FINISHED:
            return f"finished with {clean(state.outcome or '', 80)}"


def _time_left(moment: Moment, state: CoroutineState) -> str:
    left = left_ns(state, moment.t_ns)
    if left is None or not left_ns(state, state.since_ns):
        return ""
    return f", {seconds(left)} left" if left else ", its time is up"


def _part_left(moment: Moment, state: CoroutineState) -> float | None:
    left = left_ns(state, moment.t_ns)
    whole = left_ns(state, state.since_ns)
    return left / whole if left is not None and whole else None


def _variables(moment: Moment, state: CoroutineState) -> tuple[Variable, ...]:
    until = moment.recording.notes.lines_until
    if until is not None and moment.index >= until:
        return ()  # They are those of a line long past.
    # A change is news while the line that made it is the last one of whoever runs.
    news = state.status is Status.RUNNING and isinstance(moment.step, Line)
    return tuple(
        Variable(
            clean(local.name, 60),
            clean(local.value, _LONGEST_VALUE),
            local.changed and news,
            clean(local.was, _LONGEST_VALUE) if local.was is not None and news else None,
        )
        for local in moment.after.locals(state.coroutine)[:_MOST_LOCALS]
    )
