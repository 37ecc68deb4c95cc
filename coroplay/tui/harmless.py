"""Text that came from outside, made such that a terminal only shows it.

What can be shown in colours has coroplay.tui.drawing.ansi.
"""

from __future__ import annotations

from coroplay.steady import steady


def harmless(text: str) -> str:
    """A text on one line in which a terminal finds nothing to obey."""
    text = steady(text)
    return text if text.isprintable() else "".join(map(shown, text))


def shown(char: str) -> str:
    """A character, or the sign for one that can't be seen."""
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"
