"""The colours of coroutines as styles for drawing, from the theme in use."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.app import App
from textual.color import Color, ColorParseError

from coroplay.tui.drawing.coroutine_colours import colour


def ink(app: App[Any], coroutine: int) -> Style:
    """Return the style for all that belongs to a coroutine."""
    name = colour(coroutine).removeprefix("$")
    try:
        chosen = Color.parse(app.theme_variables.get(name, ""))
    except ColorParseError:  # A theme without it: the symbol tells coroutines apart.
        return Style(bold=True)
    return Style(color=chosen.rich_color)
