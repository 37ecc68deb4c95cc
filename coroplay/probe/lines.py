"""What a line step says: its place, and the locals that changed since the frame's last line."""

from __future__ import annotations

from types import FrameType

from coroplay.probe.frames import CodeFacts, Snapshot
from coroplay.probe.locations import Locations
from coroplay.probe.tables import RowFile, TextFile
from coroplay.probe.values import Namer
from coroplay.trace.layout import RECORD_SEPARATOR, SNAPSHOT_EVERY, UNIT_SEPARATOR


class Lines:
    """The frames whose lines are recorded, and the details of those lines."""

    def __init__(self, details: RowFile, texts: TextFile, locations: Locations) -> None:
        self._append = details.append
        self._add = texts.add
        self._locations = locations
        self._facts: dict[int, CodeFacts] = {}
        self._snapshots: dict[int, Snapshot] = {}

    def detail(self, frame: FrameType, line: int, name: Namer) -> tuple[int, int]:
        """The location of a line that is about to run, and the reference of its detail.

        Lines before which nothing changed follow upon the last one before which something did: so
        a loop without changes has the same details each time round.
        """
        snapshot = self._snapshots.get(id(frame)) or self._begin(frame)
        location = snapshot.locations.get(line)
        if location is None:
            location = self._locations.line(frame.f_code, line)
            snapshot.locations[line] = location
        changed = snapshot.changes(frame, name)
        if changed:
            return location, self._link(snapshot, location, changed)
        detail = snapshot.unchanged.get(line)
        if detail is None:
            detail = self._append(snapshot.detail, location, 0, 0) + 1
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
        text = self._add(RECORD_SEPARATOR.join(changed).encode("utf-8", "replace"))
        snapshot.links += 1
        whole = 0
        if not snapshot.links % SNAPSHOT_EVERY:
            shown = (f"{key}{UNIT_SEPARATOR}{text}" for key, text in snapshot.shown.items())
            whole = self._add(RECORD_SEPARATOR.join(shown).encode("utf-8", "replace"))
        snapshot.detail = self._append(snapshot.detail, location, text, whole) + 1
        snapshot.unchanged = {}
        return snapshot.detail

    def forget(self, frame: FrameType) -> None:
        """A frame begins or ends: what is known of one with that id is void."""
        self._snapshots.pop(id(frame), None)

    def end(self) -> None:
        """No more lines."""
        self._snapshots.clear()
