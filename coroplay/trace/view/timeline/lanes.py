"""The timeline: every coroutine's history, a lane each, one character and status a column.

A stretch of up to `EXACT` steps is drawn exactly, from sorted times. A longer one is sampled: a few
states a column, found through the marks of the recording. Neither ever looks at all of a long
recording, and little is remembered.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from coroplay.trace.recording import Recording
from coroplay.trace.view.timeline.boxes import glyph
from coroplay.trace.view.timeline.lane_histories import NOBODY, LaneHistories, LaneHistory
from coroplay.trace.view.timeline.samples import Sampler

EXACT: Final = 20_000
"""Steps within the window up to which it is drawn exactly."""
_MOST_READ: Final = 100_000
_MOST_JOINED: Final = 3
"""Switches in one column up to which they are drawn; more would be a wall of lines."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, and the number of columns it is drawn in."""

    start_ns: int
    span_ns: int
    width: int

    def edge(self, column: int) -> int:
        """Return the time at which a column begins."""
        return self.start_ns + column * self.span_ns // self.width

    def column(self, t_ns: int) -> int:
        """Return the column of a time; it may lie outside."""
        return (t_ns - self.start_ns) * self.width // self.span_ns

    def edges(self) -> list[int]:
        """Return the times at which the columns begin, and at which the last one ends."""
        return [self.edge(column) for column in range(self.width + 1)]


@dataclass(frozen=True, slots=True)
class Lane:
    """One coroutine's row."""

    coroutine: int
    glyphs: str
    codes: tuple[int, ...]
    """The status in each column, as an index into `STATUSES`; NOBODY where there is none."""


class Lanes:
    """The lanes of one recording, which may be growing."""

    def __init__(self, recording: Recording) -> None:
        self.recording = recording
        self._histories = LaneHistories(recording)
        self._sampler: Sampler | None = None

    @property
    def complete(self) -> bool:
        """True if the last window was drawn in full; otherwise `sample`, and draw it again."""
        return self._sampler is None or self._sampler.complete

    def sample(self) -> None:
        """Read some more of a long recording, for a few milliseconds."""
        if self._sampler is not None:
            self._sampler.advance()

    def draw(self, window: Window, coroutines: Sequence[int]) -> list[Lane]:
        """Draw the lanes of these coroutines, from top to bottom."""
        count = len(self.recording)
        if not count or window.width <= 0 or window.span_ns <= 0:
            return [Lane(one, " " * max(0, window.width), ()) for one in coroutines]
        first = self.recording.at_time(window.start_ns)
        stop = self.recording.at_time(window.start_ns + window.span_ns) + 1
        if stop - first > EXACT:
            return self._sampled(window, tuple(coroutines))
        self._sampler = None
        self._cover(first, stop)
        return self._exact(window, coroutines)

    def _cover(self, first: int, stop: int) -> None:
        """Make the histories hold these steps; they go on from where they are, if that is near."""
        histories = self._histories
        far = stop - histories.upto > _MOST_READ or stop - histories.first > 2 * _MOST_READ
        if histories.first > first or far:
            histories = self._histories = LaneHistories(self.recording, first)
        if histories.upto < stop:
            histories.extend(stop)

    def _exact(self, window: Window, coroutines: Sequence[int]) -> list[Lane]:
        edges = window.edges()
        ups, downs = self._joints(edges, coroutines)
        end = window.column(self.recording.length_ns)
        empty = LaneHistory()
        return [
            _lane(one, self._histories.of.get(one, empty), edges, ups[row], downs[row], end)
            for row, one in enumerate(coroutines)
        ]

    def _joints(
        self, edges: list[int], coroutines: Sequence[int]
    ) -> tuple[list[set[int]], list[set[int]]]:
        """Return the columns of each row in which a switch goes upwards, and downwards."""
        row_of = {one: row for row, one in enumerate(coroutines)}
        ups: list[set[int]] = [set() for _ in coroutines]
        downs: list[set[int]] = [set() for _ in coroutines]
        times = self._histories.switch_times
        low = bisect_left(times, edges[0])
        for column in range(len(edges) - 1):
            high = bisect_left(times, edges[column + 1], low)
            if high - low <= _MOST_JOINED:
                for at in range(low, high):
                    ends = [row_of.get(self._histories.origins[at])]
                    ends.append(row_of.get(self._histories.targets[at]))
                    _join(ends, column, ups, downs)
            low = high
        return ups, downs

    def _sampled(self, window: Window, coroutines: tuple[int, ...]) -> list[Lane]:
        sampler = self._sampler
        if sampler is None or not sampler.adopt(window.edges(), coroutines):
            sampler = self._sampler = Sampler(self.recording, window.edges(), coroutines)
        return [
            Lane(one, glyphs, codes)
            for one, (glyphs, codes) in zip(coroutines, sampler.lanes(), strict=True)
        ]


def _join(ends: list[int | None], column: int, ups: list[set[int]], downs: list[set[int]]) -> None:
    one, other = ends
    if one is None or other is None:
        return
    top, bottom = min(one, other), max(one, other)
    for row in range(top, bottom):
        downs[row].add(column)
        ups[row + 1].add(column)


def _lane(
    coroutine: int, history: LaneHistory, edges: list[int], ups: set[int], downs: set[int], end: int
) -> Lane:
    """Draw one lane up to the column `end`: the rest is not known yet."""
    glyphs: list[str] = []
    codes: list[int] = []
    low = bisect_left(history.times, edges[0])
    for column in range(len(edges) - 1):
        if column > end:
            glyphs.append(" ")
            codes.append(NOBODY)
            continue
        high = bisect_left(history.times, edges[column + 1], low)
        before = history.codes[low - 1] if low else NOBODY
        after = history.codes[high - 1] if high else NOBODY
        glyphs.append(glyph(before, after, high - low, column in ups, column in downs))
        codes.append(after if high else NOBODY)
        low = high
    return Lane(coroutine, "".join(glyphs), tuple(codes))
