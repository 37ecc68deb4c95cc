"""The details of line steps: the location, and the locals changed since the frame's last line."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple, TypeAlias

from coroplay.probe.base import accelerator
from coroplay.probe.files.locations import Locations
from coroplay.probe.files.tables import RowFile
from coroplay.probe.files.texts import TextFile
from coroplay.probe.inspect.snapshots import CodeFacts, Snapshot
from coroplay.probe.inspect.values import Namer
from coroplay.trace.layout import RECORD_SEPARATOR, SNAPSHOT_EVERY

if accelerator.used:
    from coroplay.probe.native import _accelerator


LineHooks: TypeAlias = "_accelerator.LineHooks"
"""The fast path of lines and generators, which only the accelerator has."""


class LineContext(NamedTuple):
    """The parts of the rest of the probe that lines need."""

    name: Namer
    """Function that names a coroutine."""
    fast_path: Any
    """The fast path of switches: see `coroplay.probe.fast_path`."""
    threads: dict[int, Any]
    """The state of each thread, by the thread's number."""
    frames: dict[int, Any]
    """The track of each generator that has started, by the id of the generator's frame."""
    no_generators: list[Any]
    """The list that stands in a track while no generator runs on it."""
    fault: Callable[[BaseException], bool]
    """Function that takes an exception: see `coroplay.probe.base.guard`."""


class PythonLines:
    """The details of lines in Python: the reference, and for modules and classes the only way."""

    def __init__(
        self, details: RowFile, texts: TextFile, locations: Locations, budget: int
    ) -> None:
        self.budget = budget
        """Number of lines that may still be recorded."""
        self._name: Namer = lambda _thing: None
        self._details = details
        self._texts = texts
        self._locations = locations
        self._facts: dict[int, CodeFacts] = {}
        """Facts about code objects, by id."""
        self._snapshots: dict[int, Snapshot] = {}
        """Snapshots of frames, by id."""

    def detail(self, frame: FrameType, line: int) -> tuple[int, int]:
        """Return the location of a line that is about to run, and the reference of its detail.

        A line before which nothing changed refers to the last line before which something did: so
        a loop without changes has the same details each time round.
        """
        snapshot = self._snapshots.get(id(frame))
        if snapshot is None or snapshot.facts.code is not frame.f_code:
            # There is none; or the end of an earlier frame with that id was not seen.
            snapshot = self._begin(frame)
        location = self._locations.line(frame.f_code, line)
        changes = snapshot.changes(frame, self._name)
        if changes:
            return location, self._changed(snapshot, location, changes)
        return location, self._unchanged(snapshot, location, line)

    def _begin(self, frame: FrameType) -> Snapshot:
        code = frame.f_code
        facts = self._facts.get(id(code))
        if facts is None:
            facts = self._facts[id(code)] = CodeFacts(code)
        snapshot = self._snapshots[id(frame)] = Snapshot(facts)
        return snapshot

    def _changed(self, snapshot: Snapshot, location: int, changes: list[str]) -> int:
        snapshot.links += 1
        text, whole = self._text(changes), 0
        if snapshot.links % SNAPSHOT_EVERY == 0:
            whole = self._text(list(snapshot.shown.values()))
        snapshot.detail = self._details.append(snapshot.detail, location, text, whole)
        snapshot.unchanged = {}
        return snapshot.detail

    def _unchanged(self, snapshot: Snapshot, location: int, line: int) -> int:
        detail = snapshot.unchanged.get(line)
        if detail is None:
            detail = self._details.append(snapshot.detail, location, 0, 0)
            snapshot.unchanged[line] = detail
        return detail

    def _text(self, entries: list[str]) -> int:
        return self._texts.add(RECORD_SEPARATOR.join(entries).encode("utf-8", "replace"))

    def forget(self, frame: FrameType) -> None:
        """Drop what is known under the id of a frame that begins or ends."""
        self._snapshots.pop(id(frame), None)

    def begin(self, context: LineContext) -> LineHooks | None:
        """Begin to record lines; return None: the reference has no fast path."""
        self._name = context.name
        return None

    def end(self) -> None:
        """Record no more lines."""
        self.budget = 0
        self._snapshots.clear()


class NativeLines:
    """The details of lines: in C for the frames of functions, in Python for all others."""

    def __init__(
        self, details: RowFile, texts: TextFile, locations: Locations, budget: int
    ) -> None:
        self._python = PythonLines(details, texts, locations, budget)
        self._native = _accelerator.Lines(self._python, texts, details, locations)
        self._native.budget = budget
        self.detail = self._native.detail
        self.forget = self._native.forget

    @property
    def budget(self) -> int:
        """Number of lines that may still be recorded."""
        return self._native.budget

    @budget.setter
    def budget(self, budget: int) -> None:
        self._native.budget = budget

    def begin(self, context: LineContext) -> LineHooks | None:
        """Begin to record lines; return their fast path."""
        self._python.begin(context)
        self._native.name = context.name
        return _accelerator.LineHooks(
            context.fast_path,
            self._native,
            context.threads,
            context.frames,
            context.no_generators,
            context.fault,
        )

    def end(self) -> None:
        """Record no more lines."""
        self._python.end()
        self._native.budget = 0
        self._native.end()


Lines = PythonLines | NativeLines
"""The details of lines, with what is known of the frames they are in."""

make_lines: Final[Callable[[RowFile, TextFile, Locations, int], Lines]] = (
    NativeLines if accelerator.used else PythonLines
)
"""Maker of the details of lines: in C where there is an accelerator."""
