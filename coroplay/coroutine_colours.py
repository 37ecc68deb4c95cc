"""The one table of coroutines' signs and colours: the same in the app and on the command line."""

from __future__ import annotations

from typing import Final, NamedTuple


class CoroutineColour(NamedTuple):
    """One colour, for every background it is shown on."""

    on_dark: str
    on_light: str
    terminal: int
    """The nearest of the terminal's own colours: the code that chooses it as a foreground."""


COLOURS: Final = (
    CoroutineColour("#7aa2f7", "#2b59c3", 94),
    CoroutineColour("#e6b05e", "#8a5300", 33),
    CoroutineColour("#73d0a0", "#08703f", 32),
    CoroutineColour("#d894e8", "#8c2fa3", 35),
    CoroutineColour("#5cc8d8", "#056a7c", 36),
    CoroutineColour("#f0876e", "#b03a1e", 91),
    CoroutineColour("#b6cc6a", "#566400", 92),
    CoroutineColour("#a9a0f5", "#5a45c9", 95),
)
# Seven, so that with eight colours it takes fifty-six coroutines to come to the same look again.
# None of them is also a state's sign.
_SYMBOLS: Final = "◆●▲★▼◉✚"


def colour_index(coroutine: int) -> int:
    """Return the index of a coroutine's colour in `COLOURS`."""
    return (coroutine - 1) % len(COLOURS)


def symbol(coroutine: int) -> str:
    """Return a coroutine's symbol, one cell wide: colour is never the only sign."""
    return _SYMBOLS[(coroutine - 1) % len(_SYMBOLS)]
