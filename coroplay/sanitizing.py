"""Characters that upset a terminal's columns, taken out of what is shown.

Whether a variation selector or a skin tone makes a character wider is decided by each terminal for
itself, and a flood of marks above and below a letter runs over the lines around it.
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
"""Finds them; up to four marks on one character may stay, as many as languages need.

A pattern that is compiled when it is first needed, which may be never: it takes a while.
"""


def steady(text: str) -> str:
    """The text without them."""
    return text if text.isascii() else re.sub(UPSETTING, "", text)
