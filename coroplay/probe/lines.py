"""What a line step says: its place, and the locals that changed since the frame's last line."""

from __future__ import annotations

from types import FrameType
from typing import Any, Protocol

from coroplay.probe import accelerator
from coroplay.probe.details import DetailTable
from coroplay.probe.frames import CodeFacts, Snapshot
from coroplay.probe.locations import Locations
from coroplay.probe.tables import TextFile
from coroplay.probe.values import Namer
from coroplay.trace.layout import RECORD_SEPARATOR, SNAPSHOT_EVERY, UNIT_SEPARATOR


class Lines(Protocol):
    """The frames whose lines are recorded, and the details of those lines."""

    name: Namer
    """Gives the name of a coroutine."""

    def detail(self, frame: FrameType, line: int, /) -> tuple[int, int]:
        """The location of a line that is about to run, and the reference of its detail.

        Lines before which nothing changed follow upon the last one before which something did: so
        a loop without changes has the same details each time round.
        """

    def forget(self, frame: FrameType, /) -> None:
        """A frame begins or ends: what is known of one with that id is void."""

    def end(self) -> None:
        """No more lines: nothing is written any more."""


class PythonLines:
    """The same in Python."""

    def __init__(self, details: DetailTable, texts: TextFile, locations: Locations) -> None:
        self._append = details.append
        self._add = texts.add
        self._locations = locations
        self._facts: dict[int, CodeFacts] = {}
        self._snapshots: dict[int, Snapshot] = {}
        self.name: Namer = lambda _thing: None

    def detail(self, frame: FrameType, line: int) -> tuple[int, int]:
        """The location of a line that is about to run, and the reference of its detail."""
        snapshot = self._snapshots.get(id(frame)) or self._begin(frame)
        location = snapshot.locations.get(line)
        if location is None:
            location = self._locations.line(frame.f_code, line)
            snapshot.locations[line] = location
        changed = snapshot.changes(frame, self.name)
        if changed:
            return location, self._link(snapshot, location, changed)
        detail = snapshot.unchanged.get(line)
        if detail is None:
            detail = self._append(snapshot.detail, location, 0, 0)
            snapshot.unchanged[line] = detail
        return location, detail

    def _begin(self, frame: FrameType) -> Snapshot:
        code = frame.f_code
        facts = self._facts.get(id(code))
        if facts is None:
            facts = self._facts[id(code)] = CodeFacts(code)
        snapshot = self._snapshots[id(frame)] = Snapshot(facts)
        return snapshot

    def _link(self, snapshot: Snapshot, location: int, changed: list[str]) -> int:
        """A detail that says of changes: the next of the frame's chain of them."""
        told = changed[0] if len(changed) == 1 else RECORD_SEPARATOR.join(changed)
        text = self._add(told.encode("utf-8", "replace"))
        snapshot.links = links = snapshot.links + 1
        whole = 0
        if not links % SNAPSHOT_EVERY:
            shown = (f"{key}{UNIT_SEPARATOR}{text}" for key, text in snapshot.shown.items())
            whole = self._add(RECORD_SEPARATOR.join(shown).encode("utf-8", "replace"))
        snapshot.detail = detail = self._append(snapshot.detail, location, text, whole)
        snapshot.unchanged = {}
        return detail

    def forget(self, frame: FrameType) -> None:
        """A frame begins or ends: what is known of one with that id is void."""
        self._snapshots.pop(id(frame), None)

    def end(self) -> None:
        """No more lines: nothing is written any more."""
        self._snapshots.clear()


class NativeLines:
    """The same in C for the frames of functions, and in Python for all others."""

    def __init__(self, details: DetailTable, texts: TextFile, locations: Locations) -> None:
        self._python = PythonLines(details, texts, locations)
        native: Any = accelerator.module
        self._native: Lines = native.Lines(self._python, texts, details.rows, locations)
        self.detail = self._native.detail
        self.forget = self._native.forget

    @property
    def name(self) -> Namer:
        """Gives the name of a coroutine."""
        return self._python.name

    @name.setter
    def name(self, name: Namer) -> None:
        self._python.name = self._native.name = name

    def end(self) -> None:
        """No more lines: nothing is written any more."""
        self._python.end()
        self._native.end()


def make_lines(details: DetailTable, texts: TextFile, locations: Locations) -> Lines:
    """The details of lines as they are made here: in C where that can be had."""
    kind = NativeLines if hasattr(accelerator.module, "Lines") else PythonLines
    return kind(details, texts, locations)
