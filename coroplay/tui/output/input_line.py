"""The line in which a person types what goes to the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

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

    def action_end_input(self) -> None:
        """Tell that no more input comes."""
        self.post_message(self.Ended())
