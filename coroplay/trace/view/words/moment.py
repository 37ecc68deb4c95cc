"""One step of a recording with the states on both sides of it, looked up once for all views."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import PurePath
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.model import Coroutine, CoroutineKind, CoroutineState, Place, Status
from coroplay.trace.recording import Recording
from coroplay.trace.states import CoroutineStates
from coroplay.trace.view.words.names import names_of
from coroplay.trace.view.words.phrases import ENGLISH
from coroplay.trace.view.words.sentence import Fragment, Role, fill_text

_LONGEST_FILE: Final = 40
_MAIN: Final = 1
"""The id of the main coroutine."""


class Moment:
    """The instant just after step `index` of a recording."""

    def __init__(self, recording: Recording, index: int, previous: Moment | None = None) -> None:
        """Look the step up; `previous` is the moment before. Raises IndexError."""
        self.recording = recording
        self.index = index
        self.step = recording[index]
        self._known: dict[int, Coroutine] = previous._known if previous else {}
        # The earlier one first: going forward is what a recording is quick at.
        self.before: CoroutineStates | None = None
        if index:
            self.before = previous.after if previous else recording.state(index - 1)
        self.after: CoroutineStates = recording.state(index)

    @property
    def t_ns(self) -> int:
        """The time of the step, in nanoseconds."""
        return self.step.t_ns

    @cached_property
    def live(self) -> list[int]:
        """The ids of the coroutines that have not ended."""
        return self.after.live

    @property
    def is_over(self) -> bool:
        """Return whether the program is at its end: who still runs is not watched any more."""
        return self.after.of(_MAIN).status in (Status.FINISHED, Status.FAILED)

    def was(self, coroutine: int) -> CoroutineState | None:
        """Return a coroutine's state just before the step; None before the first one."""
        return self.before.of(coroutine) if self.before else None

    def about(self, coroutine: int) -> Coroutine:
        """Return the coroutine with that id."""
        known = self._known.get(coroutine)
        if known is None:
            known = self._known[coroutine] = self.recording.coroutine(coroutine)
        return known

    def is_hub(self, coroutine: int) -> bool:
        """Return whether that is gevent's hub."""
        return self.about(coroutine).kind is CoroutineKind.HUB

    def name(self, coroutine: int) -> str:
        """Return a coroutine's name, fit to be shown."""
        return names_of(self.recording).shorten(self.about(coroutine))

    def who(self, coroutine: int) -> Fragment:
        """Return a coroutine as a fragment of a sentence."""
        text = ENGLISH.the_hub if self.is_hub(coroutine) else self.name(coroutine)
        return Fragment(text, Role.COROUTINE, coroutine)

    def newcomer(self, coroutine: int) -> Fragment:
        """Return a coroutine that is met for the first time as a fragment, with its arguments."""
        name = names_of(self.recording).tell_apart(self.about(coroutine))
        return Fragment(name, Role.COROUTINE, coroutine)

    @cached_property
    def program(self) -> str:
        """The file name of the program."""
        meta = self.recording.meta
        if meta.module:
            return meta.program.rpartition(".")[2] + ".py"
        return PurePath(meta.program).name

    def line(self, place: Place | None) -> str:
        """Return a place in words: "line 15", with the file's name where it isn't the program's."""
        if place is None:
            return ""
        number, file = str(place.line), _file_name(place.file)
        if file == self.program:
            return fill_text(ENGLISH.line, number=number)
        return fill_text(ENGLISH.line_of_file, number=number, file=clean(file, _LONGEST_FILE))

    def line_of(self, coroutine: int, place: Place | None) -> str:
        """Return where a coroutine stands in words; "" for the hub, whose code is not shown."""
        return "" if self.is_hub(coroutine) else self.line(place)


def walk(recording: Recording) -> Iterator[Moment]:
    """Yield all moments of a recording, one after the other."""
    moment: Moment | None = None
    for index in range(len(recording)):
        moment = Moment(recording, index, moment)
        yield moment


@lru_cache
def _file_name(path: str) -> str:
    return PurePath(path).name
