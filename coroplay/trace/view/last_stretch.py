"""The time between a recording's last step and the end of its program, in words."""

from __future__ import annotations

from typing import Final

from coroplay.trace.model import CoroutineKind
from coroplay.trace.recording import Recording
from coroplay.trace.view.words.names import name_of

_WORTH_TELLING_NS: Final = 100_000_000
_MOST_NAMED: Final = 4


def explain_last_stretch(recording: Recording) -> str:
    """Return a sentence on who had control after the last step; empty if that was not for long.

    Nothing is known of such a stretch but its length and who had control when it began.
    """
    ns = recording.length_ns - recording.elapsed_ns
    if ns < _WORTH_TELLING_NS or not len(recording) or recording.notes.silent_at is not None:
        return ""
    state = recording.state(len(recording) - 1)
    running = state.running
    stretch = f"for the last {ns / 1e9:.2f} s, in which no step was recorded"
    if not running:
        return f"the program had come to its end, but its process lived on {stretch}"
    if all(recording.coroutine(one).kind is CoroutineKind.HUB for one in running):
        return f"no coroutine but the hub had control {stretch}"
    place = state.of(running[0]).place if len(running) == 1 else None
    where = f", on line {place.line} or in what that called," if place is not None else ""
    return f"{_named(recording, running)} ran, or was stuck{where} {stretch}"


def _named(recording: Recording, running: list[int]) -> str:
    if len(running) > _MOST_NAMED:
        return f"each of {len(running)} threads"
    *names, last = (name_of(recording, one) for one in running)
    return f"{', '.join(names)} and {last}, each in a thread," if names else last
