"""Lessons and commands by name: words narrow the list down, enter does the chosen one.

Textual has a palette of its own; a second click or key while it goes brings the app down.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from coroplay.tui.dialogs.modal import Dialog

_NONE_FITS = "No lesson or command has these words. esc closes."


class Commands(OptionList, can_focus=False, inherit_bindings=False):
    """The commands that fit the words."""

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked command, if it is still there."""
        event.prevent_default()
        index = event.style.meta.get("option")
        if isinstance(index, int) and index < self.option_count:
            self.highlighted = index
            self.action_select()


class CommandPalette(Dialog[SystemCommand]):
    """A question for a lesson or a command."""

    CSS_PATH = "command_palette.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+p", "dismiss", "close", show=False, priority=True),
        Binding("up", "move(-1)", "above", show=False, priority=True),
        Binding("down", "move(1)", "below", show=False, priority=True),
    ]

    def __init__(self, commands: Iterable[SystemCommand]) -> None:
        super().__init__()
        self._commands = list(commands)
        self._fitting: list[SystemCommand] = []

    def compose(self) -> ComposeResult:
        """Lay out the words, and the list."""
        with Vertical() as box:
            box.border_title = "Lessons and commands"
            box.border_subtitle = "↑ ↓ choose · enter does it · esc closes"
            yield Input(placeholder="words of a name", compact=True)
            yield Commands(markup=False)

    def on_mount(self) -> None:
        """Begin with all commands."""
        self._narrow("")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        if not self.is_current:  # The dialog is on its way out, and so is the list.
            return
        words = typed.lower().split()
        self._fitting = [
            one for one in self._commands if all(word in one.title.lower() for word in words)
        ]
        shown = self.query_one(Commands)
        shown.clear_options()
        shown.add_options([Option(_prompt(one)) for one in self._fitting])
        if not self._fitting:
            shown.add_option(Option(Content(_NONE_FITS), disabled=True))
        shown.highlighted = 0 if self._fitting else None

    def action_move(self, by: int) -> None:
        """Go to the next command, or the previous one, and around."""
        shown = self.query_one(Commands)
        if self._fitting:
            shown.highlighted = ((shown.highlighted or 0) + by) % len(self._fitting)

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _chosen(self) -> None:
        at = self.query_one(Commands).highlighted
        if at is not None and at < len(self._fitting):
            self.dismiss(self._fitting[at])

    def on_click(self, event: events.Click) -> None:
        """Close at a click beside the box."""
        if event.widget is self:
            self.dismiss()


def _prompt(command: SystemCommand) -> Content:
    return Content.assemble((f"{command.title}\n", "bold"), (f"  {command.help}", "$text-muted"))
