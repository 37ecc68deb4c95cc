"""A coroutine's own pane at a step: its state in words, its place, its locals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import CoroutineKind, CoroutineState, Line, Place, Status
from coroplay.trace.view.words.describe_state import describe_state, describe_state_briefly
from coroplay.trace.view.words.moment import Moment
from coroplay.trace.view.words.names import full_name, function_of
from coroplay.trace.view.words.waits import left_ns

GLYPHS: Final = {
    Status.READY: "·",
    Status.RUNNING: "▶",
    Status.SUSPENDED: "‖",
    Status.WAITING: "─",
    Status.FINISHED: "■",
    Status.FAILED: "✗",
}
"""Signs of states: one cell wide in every font, and the same everywhere."""

_MOST_LOCALS: Final = 50
_LONGEST_VALUE: Final = 200


@dataclass(frozen=True, slots=True)
class Variable:
    """A local variable, fit to be shown."""

    name: str
    value: str
    changed: bool
    """True if the line before this one changed it."""
    was: str | None
    """The value before, if it changed and isn't new."""


@dataclass(frozen=True, slots=True)
class Pane:
    """One coroutine at one step."""

    coroutine: int
    name: str
    arguments: str
    """The arguments of its call, in brackets, where the name doesn't have them."""
    kind: CoroutineKind
    status: Status
    glyph: str
    words: str
    """The state in words, without the glyph."""
    brief: str
    """The state in fewer words, for where those are too long."""
    place: Place | None
    """The place at which it stands; for one that has not run yet, the one where it was made."""
    function: str
    """The function it is in, or will begin with."""
    variables: tuple[Variable, ...]
    left: float | None = None
    """The part of a sleep that is still to come, from 1.0 down to 0.0."""

    @property
    def state(self) -> str:
        """Glyph and words."""
        return f"{self.glyph} {self.words}"

    @property
    def brief_state(self) -> str:
        """Glyph and fewer words."""
        return f"{self.glyph} {self.brief}"


def pane(moment: Moment, coroutine: int) -> Pane:
    """Make the pane of that coroutine at that moment."""
    about = moment.about(coroutine)
    name = moment.name(coroutine)
    full = full_name(about)
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
        words=describe_state(moment, state),
        brief=describe_state_briefly(moment, state),
        place=state.place,
        function=clean(function, 60),
        variables=_variables(moment, state),
        left=_part_left(moment, state),
    )


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
