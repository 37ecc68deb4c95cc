"""Picking a line of source with the keys, as a click does with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from coroplay.trace import Status
from coroplay.tui.stepping.source_pane import SourcePane

NEED_A_LINE: Final = ("run_to_picked", "break_at_picked", "unpick")
"""Actions that mean something only while a line is picked."""


class LinePicker:
    """Picks a line in one of several source panes."""

    def __init__(self, panes: Callable[[], Sequence[SourcePane]]) -> None:
        """`panes` finds the source panes that there are at the time."""
        self._panes = panes

    @property
    def picked(self) -> tuple[str, int] | None:
        """The file and line that are picked; None if none is."""
        return next((one.picked_place for one in self._panes() if one.picked), None)

    def pick(self, by: int) -> None:
        """Pick a line in the pane of the coroutine that runs, or that was picked in before."""
        panes = self._panes()
        runs = (one for one in panes if one.pane and one.pane.status is Status.RUNNING)
        chosen = next((one for one in panes if one.picked), next(runs, panes[0]))
        chosen.pick(by)

    def unpick(self) -> None:
        """Pick no line."""
        for one in self._panes():
            one.picked = None
            one.redraw()
