"""Names of coroutines: as short as they can be told apart.

The recording has a function with its arguments, `consumer(1.0)`. While no other coroutine comes of
the same function, `consumer` says it all. Where names are alike, as far as they are shown, a number
tells them apart.
"""

from __future__ import annotations

from collections import Counter
from typing import Final
from weakref import WeakKeyDictionary

from coroplay.sanitizing import clean
from coroplay.trace.model import Coroutine, RecordingError
from coroplay.trace.recording import Recording

LONGEST_NAME: Final = 48
"""Characters of a coroutine's name that are shown."""
_MOST: Final = 512
"""Coroutines that are compared; those after them go by their full names."""


class Names:
    """The names of one recording's coroutines."""

    def __init__(self, recording: Recording) -> None:
        self._steps = 0
        """The length of the recording at the last update."""
        self._compared = 0
        self._nameless: list[int] = []
        """Coroutines whose name wasn't known yet."""
        self._alike: dict[int, int] = {}
        """For each coroutine, the number of those before it with the same name, as it is shown."""
        self._bearers: Counter[str] = Counter()
        self._functions: Counter[str] = Counter()
        self.update(recording)

    def update(self, recording: Recording) -> None:
        """Take notice of the coroutines that have come since."""
        if len(recording) == self._steps:
            return
        self._steps = len(recording)
        known = min(recording.count_spawned(self._steps - 1), _MOST)
        unknown = [*self._nameless, *range(self._compared + 1, known + 1)]
        self._nameless = []
        for one in unknown:
            self._note(recording, one)
        self._compared = max(self._compared, known)

    def _note(self, recording: Recording, one: int) -> None:
        try:
            name = recording.coroutine(one).name
        except RecordingError:
            return  # Whoever wants to show this one will hear of it.
        if not name:
            self._nameless.append(one)
            return
        shown = clean(name, LONGEST_NAME)
        self._alike[one] = self._bearers[shown]
        self._bearers[shown] += 1
        self._functions[function_of(name)] += 1

    def shorten(self, coroutine: Coroutine, limit: int = LONGEST_NAME) -> str:
        """Return a coroutine's name as short as it can be, fit to be shown."""
        number = self._number(coroutine)
        name = coroutine.name
        if coroutine.id in self._alike and not number:
            function = function_of(name)
            name = function if self._functions[function] == 1 else name
        return _cut(name, number, limit) or f"coroutine {coroutine.id}"

    def tell_apart(self, coroutine: Coroutine, limit: int = LONGEST_NAME) -> str:
        """Return a coroutine's name with its arguments, told from those alike, fit to be shown."""
        number = self._number(coroutine)
        return _cut(coroutine.name, number, limit) or f"coroutine {coroutine.id}"

    def _number(self, coroutine: Coroutine) -> str:
        """Return what tells a name from those that are alike, to be put after it."""
        place = self._alike.get(coroutine.id)
        if place is None or self._bearers[clean(coroutine.name, LONGEST_NAME)] <= 1:
            return ""
        return f" #{place + 1}"


def _cut(name: str, number: str, limit: int) -> str:
    """Return a name that fits; what tells it apart stays where it is cut."""
    return clean(name, limit - len(number)) + number


_KNOWN: Final[WeakKeyDictionary[Recording, Names]] = WeakKeyDictionary()


def names_of(recording: Recording) -> Names:
    """Return the names of a recording's coroutines, up to date."""
    names = _KNOWN.get(recording)
    if names is None:
        names = _KNOWN[recording] = Names(recording)
    names.update(recording)
    return names


def name_of(recording: Recording, coroutine: int, limit: int = LONGEST_NAME) -> str:
    """Return a coroutine's name as short as it can be, fit to be shown."""
    return names_of(recording).shorten(recording.coroutine(coroutine), limit)


def unique_name_of(recording: Recording, coroutine: Coroutine) -> str:
    """Return a coroutine's name with its arguments, told from those alike, fit to be shown."""
    return names_of(recording).tell_apart(coroutine)


def full_name(coroutine: Coroutine, limit: int = LONGEST_NAME) -> str:
    """Return a coroutine's name with its arguments, fit to be shown."""
    return clean(coroutine.name, limit) or f"coroutine {coroutine.id}"


def function_of(name: str) -> str:
    """Return a name without its arguments; of a thread such as ``Thread-1 (work)`` all of it."""
    function = name.partition("(")[0]
    return name if function[-1:] in ("", " ") else function
