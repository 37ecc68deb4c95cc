"""The lanes as they are drawn: each twice, as past and as future, joined at the playhead."""

from __future__ import annotations

from collections.abc import Sequence

from textual.strip import Strip

from coroplay.trace.view import Lanes, Window
from coroplay.tui.drawing.canvas import Canvas
from coroplay.tui.timeline import lane_strips


class Sight:
    """Which lanes are in sight, where there are more than rows."""

    def __init__(self) -> None:
        self.first = 0
        """The topmost lane, counted from 0."""
        self.explained = True
        """Whether a last row says what the signs mean."""

    def rows(self, height: int, count: int) -> int:
        """How many lanes have room between the axis and, if it has any, the last row."""
        room = height - 1
        if not self.explained and room >= count:
            return count  # There is nothing to say in a last row.
        return max(1, room - 1 if room > min(count, 2) else room)

    def lanes(self, height: int, count: int) -> range:
        """The lanes in sight."""
        rows = self.rows(height, count)
        self.first = max(0, min(self.first, count - rows))
        return range(self.first, min(count, self.first + rows))

    def keep(self, lane: int, height: int, count: int) -> None:
        """Have that lane in sight."""
        rows = self.rows(height, count)
        self.first = max(lane - rows + 1, min(self.first, lane))

    def told(self, count: int, shown: int) -> str:
        """Which lanes these are, if they are not all."""
        if shown >= count:
            return ""
        return f"lanes {self.first + 1} to {self.first + shown} of {count}  ↑ ↓   "


class LaneRows:
    """The rows of the lanes that are in sight."""

    def __init__(self) -> None:
        self.indent = 0
        """Columns before the first one of the window: symbol and name."""
        self._glyphs: list[str] = []
        self._past: list[Strip] = []
        self._future: list[Strip] = []

    def __len__(self) -> int:
        return len(self._past)

    def clear(self) -> None:
        """Show none."""
        self._glyphs, self._past, self._future = [], [], []

    def draw(
        self, canvas: Canvas, lanes: Lanes, window: Window, shown: Sequence[tuple[int, str]]
    ) -> None:
        """Draw the lanes of these coroutines, given with their names."""
        self.clear()
        drawn = lanes.draw(window, [one for one, _ in shown])
        for (one, name), lane in zip(shown, drawn, strict=True):
            label = lane_strips.label(canvas, one, name, self.indent)
            self._glyphs.append(lane.glyphs)
            self._past.append(Strip.join([label, lane_strips.past(canvas, lane)]))
            self._future.append(Strip.join([label, lane_strips.future(canvas, lane)]))

    def row(self, canvas: Canvas, at: int, playhead: int, *, all_past: bool) -> Strip:
        """One row with the playhead in that column; if it is out of sight (-1), all in one."""
        past, future = self._past[at], self._future[at]
        if playhead < 0:
            return past if all_past else future
        mark = lane_strips.playhead(canvas, self._glyphs[at][playhead - self.indent])
        return Strip.join([past.crop(0, playhead), mark, future.crop(playhead + 1)])
