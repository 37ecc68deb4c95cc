"""The line in which a person types what goes to the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from coroplay.tui.bindings import INPUT, bindings


class InputLine(Input):
    """What is typed here goes to the program."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(INPUT)

    @dataclass
    class Ended(Message):
        """No more input comes."""

    async def on_key(self, event: events.Key) -> None:
        """Send the line at once: were it left to a binding, what is typed next would come first."""
        if event.key == "enter":
            event.stop()
            await self.action_submit()
            self.clear()

    def action_end_input(self) -> None:
        """Tell that no more input comes."""
        self.post_message(self.Ended())
