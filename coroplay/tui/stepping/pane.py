"""The step-through's pane, which is empty until the first frame has been drawn."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.content import Content

if TYPE_CHECKING:
    from coroplay.trace import Recording
    from coroplay.tui.stepping.step_through import StepThrough

EMPTY: Final = (
    "Nothing has run yet. Press enter to run the program, or s to step through it from its first"
    " line."
)


class SteppingPane(Vertical, can_focus=True):
    """The pane of the step at the cursor."""

    BORDER_TITLE = "Step through"

    def __init__(self) -> None:
        super().__init__(id="stepping", classes="pane -empty")
        self._step_through: StepThrough | None = None
        self._preparing = asyncio.Lock()

    def render(self) -> Content:
        """Draw the keys to press first, until the step-through covers them."""
        return Content(EMPTY if self.has_class("-empty") else "")

    async def prepare(self) -> None:
        """Mount the step-through."""
        from coroplay.tui.stepping.step_through import StepThrough

        async with self._preparing:
            if self._step_through is None:
                step_through = StepThrough()
                async with self.batch():  # The step-through takes the text's place in one frame.
                    await self.mount(step_through)
                    self.remove_class("-empty")
                self._step_through = step_through
                if self.has_focus:
                    step_through.focus()

    def focus_inside(self) -> None:
        """Focus the step-through, or the empty pane while there is none."""
        if self._step_through is None:
            self.focus()
        else:
            self._step_through.focus()

    def show_step(self, recording: Recording | None, cursor: int) -> None:
        """Show a step of a recording."""
        if self._step_through is not None:
            self._step_through.show_step(recording, cursor)

    def refresh_live(self) -> None:
        """Show the steps that have come, if the recording has grown."""
        if self._step_through is not None:
            self._step_through.refresh_live()

    def set_breakpoints(self, places: list[tuple[str, int]]) -> None:
        """Mark these breakpoints."""
        if self._step_through is not None:
            self._step_through.set_breakpoints(places)
