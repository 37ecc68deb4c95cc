"""One step of a recording with the states on both sides of it, looked up once for all views."""

from __future__ import annotations

from functools import cached_property
from pathlib import PurePath

from coroplay.sanitizing import clean
from coroplay.trace.model import Coroutine, CoroutineKind, CoroutineState, Place
from coroplay.trace.recording import Recording
from coroplay.trace.states import CoroutineStates
from coroplay.trace.view.names import full_name_of, name_of
from coroplay.trace.view.sentence import Part, Role


class Moment:
    """The instant just after step `index` of a recording."""

    def __init__(self, recording: Recording, index: int) -> None:
        """Raises IndexError if there is no such step."""
        self.recording = recording
        self.index = index
        self.step = recording[index]
        # The earlier one first: going forward is what a recording is quick at.
        self.before: CoroutineStates | None = recording.state(index - 1) if index else None
        self.after: CoroutineStates = recording.state(index)
        self._known: dict[int, Coroutine] = {}

    @property
    def t_ns(self) -> int:
        """The time of the step, in nanoseconds."""
        return self.step.t_ns

    @cached_property
    def live(self) -> list[int]:
        """The ids of the coroutines that have not ended."""
        return self.after.live

    def was(self, coroutine: int) -> CoroutineState | None:
        """How a coroutine stood just before the step; None if it wasn't there yet."""
        return self.before.of(coroutine) if self.before else None

    def about(self, coroutine: int) -> Coroutine:
        """The coroutine with that id."""
        known = self._known.get(coroutine)
        if known is None:
            known = self._known[coroutine] = self.recording.coroutine(coroutine)
        return known

    def is_hub(self, coroutine: int) -> bool:
        """Whether that is gevent's hub."""
        return self.about(coroutine).kind is CoroutineKind.HUB

    def name(self, coroutine: int) -> str:
        """What a coroutine is called, fit to be shown."""
        return name_of(self.recording, coroutine)

    def who(self, coroutine: int) -> Part:
        """A coroutine, as a part of a sentence."""
        text = "the hub" if self.is_hub(coroutine) else self.name(coroutine)
        return Part(text, Role.COROUTINE, coroutine)

    def newcomer(self, coroutine: int) -> Part:
        """The same, with its arguments: who it is that is met for the first time."""
        return Part(full_name_of(self.recording, coroutine), Role.COROUTINE, coroutine)

    @cached_property
    def program(self) -> str:
        """The file name of the program."""
        meta = self.recording.meta
        if meta.module:
            return meta.program.rpartition(".")[2] + ".py"
        return PurePath(meta.program).name

    def line(self, place: Place | None) -> str:
        """A place in words: `line 15`, with the file's name where it isn't the program's."""
        if place is None:
            return ""
        file = PurePath(place.file).name
        return f"line {place.line}" + ("" if file == self.program else f" of {clean(file, 40)}")

    def at(self, coroutine: int, place: Place | None, word: str = "at") -> str:
        """` at line 15`, or nothing: where the hub stands is no business of the program's."""
        line = "" if self.is_hub(coroutine) else self.line(place)
        return f" {word} {line}" if line else ""
