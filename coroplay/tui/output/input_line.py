"""The line in which a person types input for the program."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input

from coroplay.tui.bindings import INPUT, bindings

_LINE_END: Final = re.compile("\r\n|\r|\n")
_ENTERS: Final = ("enter", "ctrl+j")
"""The enter key of terminals; some paste their line ends as the second."""


class InputLine(Input):
    """An input that sends each line to the program."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(INPUT)

    @dataclass
    class Ended(Message):
        """The person ends the program's input."""

    async def on_key(self, event: events.Key) -> None:
        """Send the line at once: after a binding, the keys typed next would come first."""
        if event.key in _ENTERS:
            event.stop()
            await self.action_submit()
            self.clear()

    def on_paste(self, event: events.Paste) -> None:
        """Send each of several lines, as a terminal does; the last one can be edited."""
        *lines, last = _LINE_END.split(event.text)
        if not lines:
            return
        event.stop()
        event.prevent_default()
        start, end = sorted(self.selection)
        whole = [self.value[:start] + lines[0], *lines[1:]]
        self.value = last + self.value[end:]
        self.cursor_position = len(last)
        self.post_message(self.Submitted(self, "\n".join(whole)))

    def action_end_input(self) -> None:
        """Report that no more input will come."""
        self.post_message(self.Ended())
