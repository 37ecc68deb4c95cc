"""The choice of steps to print: by coroutine, by kind, by whose code it is, by number."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import PurePath
from typing import NamedTuple

from coroplay.cli.errors import NOT_FOUND, CommandError
from coroplay.trace import Recording, Step, Switch
from coroplay.trace.view import unique_name_of


def kind_of(step: Step) -> str:
    """Return the kind of a step by its name: ``switch``, ``line``, ``output`` and so on."""
    return type(step).__name__.lower()


class StepFilter(NamedTuple):
    """The conditions that a step of a recording has to meet to be printed."""

    first: int = 0
    last: int | None = None
    kinds: tuple[str, ...] = ()
    """The kinds of steps, as `kind_of` names them; any if there are none."""
    coroutines: frozenset[int] = frozenset()
    """The coroutines, one of which a step is to be about; any if there are none."""
    own: tuple[str, ...] = ()
    """Files and folders, in one of which a step is to be; any if there are none."""

    def admits(self, step: Step) -> bool:
        """Tell whether a step meets all conditions."""
        if step.step < self.first or (self.last is not None and step.step > self.last):
            return False
        if self.kinds and kind_of(step) not in self.kinds:
            return False
        if self.own and not self._is_own(step):
            return False
        about = {step.coroutine}
        if isinstance(step, Switch):
            about |= {step.origin, step.target}
        return not self.coroutines or not self.coroutines.isdisjoint(about)

    def _is_own(self, step: Step) -> bool:
        file = PurePath("" if step.place is None else step.place.file)
        return any(map(file.is_relative_to, self.own))


def step_filter(recording: Recording, parsed: Namespace) -> StepFilter:
    """Return the filter that the options of a command describe. Raises CommandError."""
    return StepFilter(
        parsed.first,
        parsed.last,
        tuple(parsed.kind),
        frozenset().union(*(_called(recording, name) for name in parsed.coroutine)),
        recording.meta.own if parsed.own else (),
    )


def _called(recording: Recording, wanted: str) -> Sequence[int]:
    """Return the coroutines that go by a name or a number of `coroplay info`."""
    found = [
        one.id
        for one in recording.coroutines
        if wanted in (str(one.id), one.name, one.name.partition("(")[0])
        or wanted == unique_name_of(recording, one)
    ]
    if not found:
        raise CommandError(NOT_FOUND, f"no coroutine is called {wanted}: coroplay info lists them")
    return found
