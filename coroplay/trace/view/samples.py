"""Lanes of a stretch too long to be looked through: a few states a column, a few columns a call."""

from __future__ import annotations

import time
from typing import Final

from coroplay.trace.layout import FIRST_SWITCH, MARK_EVERY
from coroplay.trace.recording import Recording
from coroplay.trace.state import State
from coroplay.trace.view.boxes import glyph
from coroplay.trace.view.rows import rows
from coroplay.trace.view.tracks import CODES, NOBODY

_HELPING: Final = 0.005
"""Seconds after which a call leaves the rest to the next one."""
_PEEK: Final = 48
"""Steps looked at in a column, to see whether control goes to and fro there."""

Column = tuple[tuple[int, int], ...]
"""For each lane, the status code at the end of the column and the number of changes seen."""


class Sampler:
    """The lanes of some coroutines between given times."""

    def __init__(self, recording: Recording, edges: list[int], coroutines: tuple[int, ...]) -> None:
        self._recording = recording
        self._edges = edges
        self._coroutines = coroutines
        self._columns: list[Column] = []
        self._settled = 0
        """Columns that were sampled when the recording already went beyond them."""

    @property
    def complete(self) -> bool:
        """Whether every column that the recording has reached is there."""
        reached = self._edges[len(self._columns)] if self._columns else self._edges[0]
        return len(self._columns) == self._width or reached > self._recording.elapsed_ns

    @property
    def _width(self) -> int:
        return len(self._edges) - 1

    def fits(self, edges: list[int], coroutines: tuple[int, ...]) -> bool:
        """Whether this is the sampler for that window and these coroutines."""
        return edges == self._edges and coroutines == self._coroutines

    def advance(self) -> None:
        """Sample a few more columns, and those again that have grown."""
        del self._columns[self._settled :]
        elapsed = self._recording.elapsed_ns
        begun = time.monotonic()
        while not self.complete:
            column = len(self._columns)
            self._columns.append(self._sample(column))
            if self._edges[column + 1] <= elapsed:
                self._settled = column + 1
            if time.monotonic() - begun > _HELPING:
                break

    def lanes(self) -> list[tuple[str, tuple[int, ...]]]:
        """Glyphs and status codes of every lane, blank where nothing is known."""
        return [self._lane(row) for row in range(len(self._coroutines))]

    def _lane(self, row: int) -> tuple[str, tuple[int, ...]]:
        codes = [column[row][0] for column in self._columns]
        before = [NOBODY, *codes]
        glyphs = "".join(
            glyph(before[at], codes[at], column[row][1], up=False, down=False)
            for at, column in enumerate(self._columns)
        )
        blank = self._width - len(codes)
        return glyphs + " " * blank, (*codes, *[NOBODY] * blank)

    def _sample(self, column: int) -> Column:
        first = self._recording.at_time(self._edges[column])
        last = max(first, self._recording.at_time(self._edges[column + 1] - 1))
        near = (last + 1) // MARK_EVERY * MARK_EVERY
        if near > first + _PEEK:
            last = near - 1
        seen = self._to_and_fro(max(first, last + 1 - _PEEK), last + 1)
        state = self._recording.state(last)
        known = self._recording.spawned_by(last)
        before = self._columns[-1] if self._columns else None
        found = []
        for row, one in enumerate(self._coroutines):
            code = _code(state, one) if one <= known else NOBODY
            was = before[row][0] if before else NOBODY
            found.append((code, _changes(was, code, seen.get(one, 0))))
        return tuple(found)

    def _to_and_fro(self, start: int, stop: int) -> dict[int, int]:
        """How often control came to or left each coroutine in those steps."""
        seen: dict[int, int] = {}
        for coroutine, verb, _, reference in rows(self._recording, start, stop):
            if verb >= FIRST_SWITCH:
                for one in (coroutine, self._recording.detail(reference)[0]):
                    seen[one] = seen.get(one, 0) + 1
        return seen


def _code(state: State, coroutine: int) -> int:
    return CODES[state.of(coroutine).status]


def _changes(was: int, code: int, seen: int) -> int:
    """As `glyph` counts them: 3 says "several", whatever came out in the end."""
    if seen > 1:
        return 3
    return 0 if was == code else 1
