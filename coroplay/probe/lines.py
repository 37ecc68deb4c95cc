"""What a line step says: its place, and the locals that changed since the frame's last line."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, Protocol

from coroplay.probe import accelerator
from coroplay.probe.coroutines import NO_GENERATORS
from coroplay.probe.details import DetailTable
from coroplay.probe.guard import Fault
from coroplay.probe.locations import Locations
from coroplay.probe.python_lines import PythonLines
from coroplay.probe.shortcut import Shortcut
from coroplay.probe.tables import TextFile
from coroplay.probe.values import Namer

Hook = Callable[..., Any]


class Watcher(Protocol):
    """The short way of what happens at every line.

    It makes the hooks that the interpreter calls; what they can't do goes the long way.
    """

    def wait_for(self, lines: frozenset[int], stops: bool, /) -> None:
        """Those lines, of whatever file, go the long way; all of them if it `stops`."""

    def goes_on(self, frame: FrameType, verb: int, /) -> None:
        """What that frame has under way makes generators go on, by that verb and with no value."""

    def at_line(self, long_way: Hook, /) -> Hook:
        """What `sys.monitoring` is to call at a line."""

    def at_start(self, long_way: Hook, /) -> Hook:
        """What it is to call where a function begins."""

    def at_return(self, long_way: Hook, /) -> Hook:
        """What it is to call where a function returns."""

    def at_resume(self, long_way: Hook, /) -> Hook:
        """What it is to call where a generator goes on."""

    def at_yield(self, long_way: Hook, /) -> Hook:
        """What it is to call where a generator hands a value back."""

    def tracer(
        self, owns: Hook, at_call: Hook, at_event: Hook, other: Hook, raised: dict[int, Any], /
    ) -> Any:
        """A trace function, for Python 3.11.

        `owns` says whether code is the person's own, `at_call` is the long way of a call, and
        `at_event` of all else, which `other` takes for frames that have that one. While there is
        anything in `raised`, all events go the long way.
        """


class Lines(Protocol):
    """The frames whose lines are recorded, and the details of those lines."""

    name: Namer
    """Gives the name of a coroutine."""
    budget: int
    """How many more lines are recorded."""
    layers: int
    """How many frames there are between the code a hook is for and the long way of that hook."""

    def detail(self, frame: FrameType, line: int, /) -> tuple[int, int]:
        """The location of a line that is about to run, and the reference of its detail.

        Lines before which nothing changed follow upon the last one before which something did: so
        a loop without changes has the same details each time round.
        """

    def forget(self, frame: FrameType, /) -> None:
        """A frame begins or ends: what is known of one with that id is void."""

    def watcher(
        self, shortcut: Shortcut, threads: dict[int, Any], frames: dict[int, Any], fault: Fault, /
    ) -> Watcher:
        """The short way.

        `threads` is what is known of them by number, `frames` what is known of those of generators
        by their ids, and `fault` takes what goes wrong.
        """

    def end(self) -> None:
        """No more lines: nothing is written any more."""


class NativeLines:
    """Made in C for the frames of functions, and in Python for all others."""

    layers = 0

    def __init__(self, details: DetailTable, texts: TextFile, locations: Locations) -> None:
        self._python = PythonLines(details, texts, locations)
        native: Any = accelerator.module
        self._native: Any = native.Lines(self._python, texts, details.rows, locations)
        self.detail = self._native.detail
        self.forget = self._native.forget

    @property
    def name(self) -> Namer:
        """Gives the name of a coroutine."""
        return self._python.name

    @name.setter
    def name(self, name: Namer) -> None:
        self._python.name = self._native.name = name

    @property
    def budget(self) -> int:
        """How many more lines are recorded."""
        return self._native.budget  # type: ignore[no-any-return]

    @budget.setter
    def budget(self, budget: int) -> None:
        self._native.budget = budget

    def watcher(
        self, shortcut: Shortcut, threads: dict[int, Any], frames: dict[int, Any], fault: Fault
    ) -> Watcher:
        """The short way."""
        native: Any = accelerator.module
        made: Watcher = native.Watcher(
            shortcut, self._native, threads, frames, NO_GENERATORS, fault
        )
        return made

    def end(self) -> None:
        """No more lines: nothing is written any more."""
        self._python.end()
        self._native.end()


def make_lines(details: DetailTable, texts: TextFile, locations: Locations) -> Lines:
    """The details of lines as they are made here: in C where that can be had."""
    kind = NativeLines if hasattr(accelerator.module, "Lines") else PythonLines
    return kind(details, texts, locations)
