"""The rows of lanes: each drawn twice, as past and as future, and joined at the playhead."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from coroplay.trace.view import Lanes
from coroplay.tui.drawing.canvas import Canvas
from coroplay.tui.timeline import lane_strips
from coroplay.tui.timeline.columns import Columns


class LanesInSight:
    """The lanes in sight, where there are more than rows."""

    def __init__(self) -> None:
        self.first = 0
        """The topmost lane, counted from 0."""
        self.explained = True
        """True if a last row explains the signs."""

    def rows(self, height: int, count: int) -> int:
        """Return the number of lanes that have room between the axis and a last row, if any."""
        room = height - 1
        if not self.explained and room >= count:
            return count  # There is nothing to say in a last row.
        return max(1, room - 1 if room > min(count, 2) else room)

    def lanes(self, height: int, count: int) -> range:
        """Return the lanes in sight."""
        rows = self.rows(height, count)
        self.first = max(0, min(self.first, count - rows))
        return range(self.first, min(count, self.first + rows))

    def keep_in_sight(self, lane: int, height: int, count: int) -> None:
        """Scroll no further than it takes to have that lane in sight."""
        rows = self.rows(height, count)
        self.first = max(lane - rows + 1, min(self.first, lane))

    def range_text(self, count: int, shown: int) -> str:
        """Return the range of the lanes in sight as text, if they are not all."""
        if shown >= count:
            return ""
        return f"lanes {self.first + 1} to {self.first + shown} of {count}  ↑ ↓   "


class LaneRows:
    """The rows of the lanes that are in sight."""

    def __init__(self) -> None:
        self._indent = 0
        """Columns of symbol and name."""
        self._glyphs: list[str] = []
        self._past: list[Strip] = []
        self._future: list[Strip] = []

    def __len__(self) -> int:
        return len(self._past)

    def clear(self) -> None:
        """Drop all rows."""
        self._glyphs, self._past, self._future = [], [], []

    def draw(
        self,
        canvas: Canvas,
        lanes: Lanes,
        columns: Columns,
        shown: Sequence[tuple[int, str]],
    ) -> None:
        """Draw the lanes of these coroutines, given with their names."""
        self.clear()
        self._indent = columns.indent
        drawn = lanes.draw(columns.window, [one for one, _ in shown])
        for (one, name), lane in zip(shown, drawn, strict=True):
            label = lane_strips.label(canvas, one, name, self._indent)
            self._glyphs.append(lane.glyphs)
            self._past.append(Strip.join([label, lane_strips.past(canvas, lane)]))
            self._future.append(Strip.join([label, lane_strips.future(canvas, lane)]))

    def row(self, canvas: Canvas, at: int, playhead: int, *, all_past: bool) -> Strip:
        """Return a row with the playhead in that column; undivided if that is out of sight (-1)."""
        past, future = self._past[at], self._future[at]
        if playhead < 0:
            return past if all_past else future
        mark = lane_strips.playhead(canvas, self._glyphs[at][playhead - self._indent])
        return Strip.join([past.crop(0, playhead), mark, future.crop(playhead + 1)])
