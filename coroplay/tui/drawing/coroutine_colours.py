"""A coroutine's colour and symbol: the same in the output, its source, its arrows and its lane.

The one home of these colours. An app puts `variables` among those of its theme, so that stylesheets
and markup can name them.
"""

from __future__ import annotations

from typing import Final

_ON_DARK: Final = (
    "#7aa2f7",
    "#e6b05e",
    "#73d0a0",
    "#d894e8",
    "#5cc8d8",
    "#f0876e",
    "#b6cc6a",
    "#a9a0f5",
)
_ON_LIGHT: Final = (
    "#2b59c3",
    "#8a5300",
    "#08703f",
    "#8c2fa3",
    "#056a7c",
    "#b03a1e",
    "#566400",
    "#5a45c9",
)

# Seven, so that with eight colours it takes fifty-six coroutines to come to the same look again.
# None of them is also a state's sign.
_SYMBOLS: Final = "◆●▲★▼◉✚"


def colour(coroutine: int) -> str:
    """The theme variable with a coroutine's colour, as stylesheets and markup name it."""
    return f"$coroutine-{(coroutine - 1) % len(_ON_DARK) + 1}"


def symbol(coroutine: int) -> str:
    """A coroutine's symbol, one cell wide: colour is never the only sign."""
    return _SYMBOLS[(coroutine - 1) % len(_SYMBOLS)]


def variables(dark: bool) -> dict[str, str]:
    """The theme variables that `colour` names, for a dark or a light theme."""
    values = _ON_DARK if dark else _ON_LIGHT
    return {f"coroutine-{number}": value for number, value in enumerate(values, 1)}
