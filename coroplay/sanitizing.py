"""Text from outside made harmless: nothing in it steers a terminal or upsets its columns.

Every text of a program, a recording or a lesson passes through here on its way to a screen. The
output pane, which shows a program's own colours, takes its bytes apart by itself and asks here for
the single characters.
"""

from __future__ import annotations

import re
from typing import Final

_DISPUTED: Final = "\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff"
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06ed\u0730-\u074a\u0900-\u0902\u093a-\u094d\u0e31-\u0e3a\u0e47-\u0e4e"
    "\u0eb1-\u0ece\u0f71-\u0fbc\u1160-\u11ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u2de0-\u2dff"
    "\u302a-\u302f\u3099\u309a\ua66f-\ua67d\ufe20-\ufe2f"
)
UPSETTING: Final = f"[{_DISPUTED}]|(?<=[{_MARKS}{_DISPUTED}]{{4}})[{_MARKS}]+"
"""A pattern of the characters that upset a terminal's columns.

Whether a variation selector or a skin tone makes a character wider is decided by each terminal for
itself, and a flood of marks above and below a letter runs over the lines around it. Up to four
marks on one character may stay, as many as languages need. The pattern is compiled when it is first
needed, which may be never: that takes a while.
"""
_LINE_ENDS: Final = "\x85\u2028\u2029"
_PICTURES: Final = 0x2400
"""The first of Unicode's pictures of control characters."""


def clean(text: str, limit: int | None = None) -> str:
    """Return the text on one line, no longer than the limit, with nothing a terminal obeys."""
    if limit is not None and len(text) > limit:
        text = text[: max(0, limit - 1)] + "…"
    if text.isascii() and text.isprintable():
        return text
    text = steady(text)
    if not text.isprintable():
        text = "".join(map(visible, text))
    # A mark on its own would sit on whatever stands to the left of it, which may be ours.
    return "◌" + text[1:] if _begins_with_mark(text) else text


def visible(char: str) -> str:
    """Return a character as it is, or a sign for one that can't be seen."""
    if char.isprintable():
        return char
    code = ord(char)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if char.isspace() and char not in _LINE_ENDS:
        return " "
    return "\N{REPLACEMENT CHARACTER}"


def steady(text: str) -> str:
    """Return the text without the characters that upset a terminal's columns."""
    return text if text.isascii() else re.sub(UPSETTING, "", text)


def _begins_with_mark(text: str) -> bool:
    if text[:1].isascii():
        return False
    import unicodedata  # Most texts never get here.

    return unicodedata.category(text[0]) in {"Me", "Mn"}
