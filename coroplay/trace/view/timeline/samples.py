"""Lanes of a stretch too long to be looked through: a few states a column, a few columns a call.

States are kept for all coroutines, so that others can come into sight at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from coroplay.trace.layout import FIRST_SWITCH, MARK_EVERY
from coroplay.trace.recording import Recording
from coroplay.trace.view.rows import rows
from coroplay.trace.view.timeline.boxes import glyph
from coroplay.trace.view.timeline.compact_states import CompactStates
from coroplay.trace.view.timeline.lane_histories import NOBODY

_LONGEST_CALL: Final = 0.005
"""Seconds after which a call leaves the rest to the next one."""
_PEEK: Final = 48
"""Steps of a column that are read, to see whether control goes to and fro there."""

_MOST_KEPT: Final = 1 << 20
"""Coroutines that all columns together may hold; beyond them only those that are asked for."""


@dataclass(frozen=True, slots=True)
class _Column:
    """A column as far as it is known."""

    end: CompactStates
    """The states at its end."""
    seen: dict[int, int]
    """For each coroutine, how often control was seen to come to it or to leave it."""


class Sampler:
    """The lanes of some coroutines between given times."""

    def __init__(self, recording: Recording, edges: list[int], coroutines: tuple[int, ...]) -> None:
        self._recording = recording
        self._edges = edges
        self._coroutines = coroutines
        self._columns: list[_Column] = []
        self._settled = 0
        """Columns that were sampled when the recording already went beyond them."""
        self._has_all = True
        """True while the columns hold all coroutines."""

    @property
    def complete(self) -> bool:
        """True once every column that the recording has reached is there."""
        reached = self._edges[len(self._columns)] if self._columns else self._edges[0]
        return len(self._columns) == self._width or reached > self._recording.length_ns

    @property
    def _width(self) -> int:
        return len(self._edges) - 1

    def adopt(self, edges: list[int], coroutines: tuple[int, ...]) -> bool:
        """Draw these coroutines from now on, if the samples fit; return whether they do."""
        if edges != self._edges or not (self._has_all or coroutines == self._coroutines):
            return False
        self._coroutines = coroutines
        return True

    def advance(self) -> None:
        """Sample a few more columns, and once more those that have grown."""
        del self._columns[self._settled :]
        kept = sum(len(column.end) for column in self._columns)
        elapsed = self._recording.length_ns
        begun = time.monotonic()
        while not self.complete:
            column = len(self._columns)
            self._columns.append(self._sample(column))
            kept += len(self._columns[-1].end)
            self._has_all &= kept <= _MOST_KEPT
            if self._edges[column + 1] <= elapsed:
                self._settled = column + 1
            if time.monotonic() - begun > _LONGEST_CALL:
                break

    def lanes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Return glyphs and status codes of every lane, blank where nothing is known."""
        return [self._lane(one) for one in self._coroutines]

    def _lane(self, coroutine: int) -> tuple[str, tuple[int, ...]]:
        codes = [column.end.code(coroutine) for column in self._columns]
        before = [NOBODY, *codes]
        glyphs = "".join(
            glyph(
                was, code, _changes(was, code, column.seen.get(coroutine, 0)), up=False, down=False
            )
            for was, code, column in zip(before, codes, self._columns, strict=False)
        )
        blank = self._width - len(codes)
        return glyphs + " " * blank, (*codes, *[NOBODY] * blank)

    def _sample(self, column: int) -> _Column:
        if self._edges[column + 1] <= self._recording.time(0):
            return _Column(CompactStates(self._recording, -1, None), {})
        first = self._recording.at_time(self._edges[column])
        last = max(first, self._recording.at_time(self._edges[column + 1] - 1))
        near = (last + 1) // MARK_EVERY * MARK_EVERY
        if near > first + _PEEK:
            last = near - 1
        seen = self._to_and_fro(max(first, last + 1 - _PEEK), last + 1)
        end = CompactStates(self._recording, last, None if self._has_all else self._coroutines)
        return _Column(end, seen)

    def _to_and_fro(self, start: int, stop: int) -> dict[int, int]:
        """Count how often control came to each coroutine or left it in those steps."""
        seen: dict[int, int] = {}
        detail = self._recording.reader.detail
        for coroutine, verb, _, reference in rows(self._recording, start, stop):
            if verb >= FIRST_SWITCH:
                for one in (coroutine, detail(reference)[0]):
                    seen[one] = seen.get(one, 0) + 1
        return seen


def _changes(was: int, code: int, seen: int) -> int:
    """Count changes as `glyph` does: 3 says "several", whatever came out in the end."""
    if seen > 1:
        return 3
    return 0 if was == code else 1
