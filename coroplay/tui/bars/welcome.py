"""The welcome for a person who starts the playground for the first time."""

from __future__ import annotations

from textual.content import Content
from textual.widget import Widget

_KEY = "bold $primary"
_TEXT = (
    ("Welcome! Here you see coroutines run.\n", "bold"),
    *("Press ", ("enter", _KEY), " to run the chosen lesson,\n"),
    *("then ", ("←", _KEY), " and ", ("→", _KEY), " to step through it. "),
    *("(", ("?", _KEY), " shows all keys.)"),
)


class Welcome(Widget):
    """Three lines above the panes, in sight whichever pane is shown."""

    def render(self) -> Content:
        """Draw the keys to press first."""
        return Content.assemble(*_TEXT)
