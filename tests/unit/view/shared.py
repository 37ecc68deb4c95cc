"""Views of a whole recording, as several tests ask for them."""

from __future__ import annotations

from coroplay.trace import Recording, Switch
from coroplay.trace.view import Lane, Lanes, Moment, Pair, Switches, Window, explain, pair


def sentences(recording: Recording) -> list[str]:
    return [explain(recording, index).text for index in range(len(recording))]


def pairs(recording: Recording) -> list[Pair]:
    switches = Switches(recording)
    found: list[Pair] = []
    for index in range(len(recording)):
        found.append(pair(Moment(recording, index), switches, found[-1] if found else None))
    return found


def switch_steps(recording: Recording) -> list[int]:
    return [step.step for step in recording if isinstance(step, Switch)]


def whole(recording: Recording, width: int = 100) -> Window:
    return Window(0, recording.elapsed_ns + 1, width)


def drawn(recording: Recording, window: Window) -> list[Lane]:
    return Lanes(recording).draw(window, range(1, len(recording.coroutines) + 1))
