"""The help: all keys, made from the table of keys."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from coroplay.tui.bindings import groups
from coroplay.tui.dialogs.modal import Dialog


class HelpScreen(Dialog[None]):
    """The keys, in groups."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1,enter", "dismiss", "close", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Lay out one text."""
        with VerticalScroll() as box:
            box.border_title = "Keys"
            box.border_subtitle = "esc closes"
            yield Static(_table())


def _table() -> Content:
    lines: list[Content] = []
    for name, keys in groups():
        lines += [Content(""), Content.styled(name, "bold $primary")]
        lines += [Content.assemble((f"  {key.shown:<10}", "bold"), key.tooltip) for key in keys]
    return Content("\n").join(lines[1:])
