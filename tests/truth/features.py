"""The features of programs that run alike each time: those that the usual tests use."""

from __future__ import annotations

import re
from typing import Final

from tests.truth.strategies import FEATURES
from tests.truth.styles import ACTS, MAKES

_TIMER: Final = re.compile(r"\b0\.\d")
_TIMED: Final = {
    *(
        f"make {sort} {style}"
        for sort, styles in MAKES.items()
        for style, source in styles.items()
        if _TIMER.search(source)
    ),
    *(
        f"{sort} {operation} {style}"
        for sort, operations in ACTS.items()
        for operation, styles in operations.items()
        for style, source in styles.items()
        if _TIMER.search(source)
    ),
}
"""Where timers are close together, a busy machine decides which of them fires first."""
UNTIMED: Final = FEATURES - _TIMED
"""`make truth` looks at all of them."""
