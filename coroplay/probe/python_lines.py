"""The frames whose lines are recorded, in Python: those of all lines where there is no accelerator.

Here is all that happens less often than a line; see `short_lines` for that.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from coroplay.probe import short_lines
from coroplay.probe.details import DetailTable
from coroplay.probe.frames import CodeFacts, Snapshot
from coroplay.probe.guard import Fault
from coroplay.probe.locations import Locations
from coroplay.probe.short_lines import FIND, Around, Files, Short
from coroplay.probe.tables import TextFile
from coroplay.probe.values import Namer

if TYPE_CHECKING:
    from coroplay.probe.watcher import PythonWatcher

Hook = Callable[..., Any]


class PythonLines:
    """The frames whose lines are recorded, and the details of those lines."""

    layers = 1

    def __init__(self, details: DetailTable, texts: TextFile, locations: Locations) -> None:
        self.facts: dict[int, CodeFacts] = {}
        """What is known of code, by its id."""
        self.snapshots: dict[int, Snapshot] = {}
        """What is known of frames, by their ids."""
        self.name: Namer = lambda _thing: None
        self.budget = 0
        self._files = Files(details.rows, texts, locations)
        self._short = short_lines.make(self, self._files)

    def detail(self, frame: FrameType, line: int) -> tuple[int, int]:
        """The location of a line that is about to run, and the reference of its detail."""
        found: tuple[int, int] = self._short.runs(self.snapshot(frame), frame, FIND, line)
        return found

    def snapshot(self, frame: FrameType) -> Snapshot:
        """What is known of a frame; nothing, if it was not met before."""
        return self.snapshots.get(id(frame)) or self._begin(frame)

    def _begin(self, frame: FrameType) -> Snapshot:
        code = frame.f_code
        facts = self.facts.get(id(code))
        if facts is None:
            facts = self.facts[id(code)] = CodeFacts(code)
        snapshot = self.snapshots[id(frame)] = Snapshot(facts)
        return snapshot

    def forget(self, frame: FrameType) -> None:
        """A frame begins or ends: what is known of one with that id is void."""
        self.snapshots.pop(id(frame), None)

    def watcher(
        self, shortcut: Any, threads: dict[int, Any], frames: dict[int, Any], fault: Fault
    ) -> PythonWatcher:
        """The short way."""
        # Where C has it, this need not be loaded.
        from coroplay.probe.watcher import PythonWatcher

        return PythonWatcher(self, self._files, Around(shortcut, threads, frames, fault))

    def goes_short(self, short: Short) -> Hook:
        """From now on details are found on the short way too; the hook of a line there."""
        self._short = short
        return short.runs

    def end(self) -> None:
        """No more lines: nothing is written any more."""
        self._short.let_go()
        self.snapshots.clear()
