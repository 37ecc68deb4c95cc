"""Characters that lanes are drawn with."""

from __future__ import annotations

from typing import Final

from coroplay.trace.model import Status
from coroplay.trace.view.timeline.lane_histories import CODES, NOBODY

SEVERAL: Final = "•"
"""Several changes in one column."""

LINES: Final = {
    Status.READY: "·",
    Status.RUNNING: "━",
    Status.SUSPENDED: "┄",
    Status.WAITING: "─",
    Status.FINISHED: "■",
    Status.FAILED: "✗",
}
"""The line of each status; all of them are one cell wide in every font."""

_PLAIN: Final = {CODES[status]: line for status, line in LINES.items()} | {NOBODY: " "}
_RUNNING: Final = CODES[Status.RUNNING]
_ENDED: Final = (CODES[Status.FINISHED], CODES[Status.FAILED])
_NO_LINE: Final = (NOBODY, *_ENDED, CODES[Status.READY])

_UP: Final = 1
_DOWN: Final = 2
# Indexed by the ways a connection leaves the cell, then by the weight of the line to its left and
# to its right: none, light, heavy.
_JOINTS: Final = {
    _UP: ("╵└┕", "┘┴┶", "┙┵┷"),
    _DOWN: ("╷┌┍", "┐┬┮", "┑┭┯"),
    _UP | _DOWN: ("│├┝", "┤┼┾", "┥┽┿"),
}


def glyph(before: int, after: int, changes: int, up: bool, down: bool) -> str:
    """Return the character for a column in which a status code became another."""
    if after in _ENDED:
        return _PLAIN[after] if changes else "│" if up and down else " "
    if changes > 2 or (changes == 2 and (after != _RUNNING or before == _RUNNING)):
        return SEVERAL
    ways = _UP * up | _DOWN * down
    if not ways:
        return _PLAIN[after]
    return _JOINTS[ways][_weight(before)][_weight(after)]


def _weight(code: int) -> int:
    if code in _NO_LINE:
        return 0
    return 2 if code == _RUNNING else 1
