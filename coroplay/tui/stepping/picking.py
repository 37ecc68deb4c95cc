"""Picking a line of source with the keys: what the mouse does by a click."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from coroplay.trace import Status
from coroplay.tui.bindings import STEPPING, bindings
from coroplay.tui.stepping.source_pane import SourcePane


class Picking(Widget):
    """A widget with source panes, in which a line can be picked."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(STEPPING)

    def ask_to_run_to(self, file: str, line: int) -> None:
        """Somebody wants the program to run up to that line."""
        raise NotImplementedError

    def ask_for_breakpoint(self, file: str, line: int) -> None:
        """Somebody wants a breakpoint there, or none any more."""
        raise NotImplementedError

    @property
    def picked(self) -> tuple[str, int] | None:
        """The file and line that were picked with the keys."""
        return next((one.picked_place for one in self.query(SourcePane) if one.picked), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is done with a picked line is free for others while none is picked."""
        if action in ("run_to_picked", "break_at_picked", "unpick"):
            return self.picked is not None
        return super().check_action(action, parameters)

    def action_pick(self, by: int) -> None:
        """Pick a line in the pane of the coroutine that runs, or that was picked in before."""
        panes = list(self.query(SourcePane))
        runs = (one for one in panes if one.pane and one.pane.status is Status.RUNNING)
        chosen = next((one for one in panes if one.picked), next(runs, panes[0]))
        chosen.pick(by)

    def action_unpick(self) -> None:
        """Pick nothing."""
        for one in self.query(SourcePane):
            one.picked = None
            one.redraw()

    def action_run_to_picked(self) -> None:
        """Ask for a run to the picked line."""
        place = self.picked
        if place is not None:
            self.action_unpick()
            self.ask_to_run_to(*place)

    def action_break_at_picked(self) -> None:
        """Ask for a breakpoint at the picked line, or for none any more."""
        place = self.picked
        if place is not None:
            self.ask_for_breakpoint(*place)
