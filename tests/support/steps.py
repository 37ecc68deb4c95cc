"""A recording in plain words, for tests to compare: names in place of ids, no times."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coroplay.trace import Finish, Line, Output, Place, Recording, Step, Switch
from coroplay.trace.view import WaitWords


class Teller:
    """Tells the steps of one recording, a line of text each."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self.names = {one.id: one.name for one in recording.coroutines}

    def name(self, coroutine: int | None) -> str:
        """The name of a coroutine."""
        return "nobody" if coroutine is None else self.names[coroutine]

    def switches(self) -> list[str]:
        """All switches: ``main send 2 to consume(0)``."""
        return [self._switch(step) for step in self._recording if isinstance(step, Switch)]

    def finishes(self) -> list[str]:
        """All finishes: ``f returned 3``."""
        return [self._finish(step) for step in self._recording if isinstance(step, Finish)]

    def lines(self, coroutine: str) -> list[int]:
        """The numbers of the lines that ran in the coroutine of that name."""
        return [
            step.place.line
            for step in self._recording
            if isinstance(step, Line) and step.place and self.names[step.coroutine] == coroutine
        ]

    def _switch(self, step: Switch) -> str:
        told = step.value or WaitWords(self._recording).label(step.wait, step.step)
        value = f" {told}" if told else ""
        return f"{self.name(step.origin)} {step.how}{value} to {self.name(step.target)}"

    def _finish(self, step: Finish) -> str:
        name = self.name(step.coroutine)
        if step.exception is not None:
            return f"{name} failed {step.exception}"
        return f"{name} is gone" if step.value is None else f"{name} returned {step.value}"


def find(recording: Recording, name: str) -> int:
    """The id of the one coroutine of that name."""
    found = [one.id for one in recording.coroutines if one.name == name]
    assert len(found) == 1, f"{name}: {[one.name for one in recording.coroutines]}"
    return found[0]


def names(recording: Recording) -> list[str]:
    """The names of all coroutines, in the order in which they were met."""
    return [one.name for one in recording.coroutines]


def outputs(steps: Iterable[Step]) -> list[Output]:
    """The output steps among the steps."""
    return [step for step in steps if isinstance(step, Output)]


def values_of(recording: Recording, variable: str) -> list[str | None]:
    """The values that a local variable was seen to take, in order, in whatever frame."""
    return [
        change.value
        for step in recording
        if isinstance(step, Line)
        for change in step.changed
        if change.name == variable
    ]


def last_step_at(recording: Recording, line: int) -> int:
    """The number of the last line step at that line of a script."""
    return max(
        step.step
        for step in recording
        if isinstance(step, Line) and step.place is not None and step.place.line == line
    )


def at(place: Place | None) -> tuple[str, int] | None:
    """A place as the name of its file and the line."""
    return None if place is None else (Path(place.file).name, place.line)
