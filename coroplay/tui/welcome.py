"""What a person reads who starts the playground for the first time."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

_TEXT = """\
[b]Welcome! Here you see coroutines run.[/b]
Press [b $primary]enter[/] to run the chosen lesson,
then [b $primary]←[/] and [b $primary]→[/] to step through it. ([b $primary]?[/] shows all keys.)"""


class Welcome(Widget):
    """Three lines above the panes, where they are seen whatever pane is shown."""

    def render(self) -> Content:
        """The two things to press."""
        return Content.from_markup(_TEXT)
