"""Makes text from a child harmless: what would steer a terminal becomes a symbol one can see.

Every string of a recording passes through here on its way to a screen.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from coroplay.sanitizing import steady

LONGEST: Final = 4096
"""Characters that are looked at; the rest of a longer text is cut off first."""

_SUSPECT: Final = re.compile("[^ -~]")
_PICTURES: Final = 0x2400
_HIDDEN: Final = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})


def clean(text: str, limit: int = LONGEST) -> str:
    """The text on one line, no longer than the limit, with control characters made visible."""
    if len(text) > limit:
        text = text[: max(0, limit - 1)] + "…"
    if text.isascii() and text.isprintable():
        return text
    return _SUSPECT.sub(_visible, steady(text))


def _visible(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "␡"
    category = unicodedata.category(character)
    if category in _INVISIBLE:
        return _HIDDEN
    # A mark on its own would sit on whatever stands to the left of it, which may be ours.
    return "◌" if category in {"Me", "Mn"} and match.start() == 0 else character
