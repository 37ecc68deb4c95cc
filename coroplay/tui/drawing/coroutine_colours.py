"""The colours of coroutines as variables of a theme, so that stylesheets and markup can name them.

An app puts `variables` among those of its theme.
"""

from __future__ import annotations

from coroplay.coroutine_colours import COLOURS, colour_index


def colour(coroutine: int) -> str:
    """Return the theme variable with a coroutine's colour, as stylesheets and markup name it."""
    return f"$coroutine-{colour_index(coroutine) + 1}"


def variables(dark: bool) -> dict[str, str]:
    """Return the theme variables that `colour` names, for a dark or a light theme."""
    values = (one.on_dark if dark else one.on_light for one in COLOURS)
    return {f"coroutine-{number}": value for number, value in enumerate(values, 1)}
