"""The features of programs of which nothing false is said any more."""

from __future__ import annotations

from typing import Final

from tests.truth.strategies import FEATURES

AWAITED: Final[frozenset[str]] = frozenset()
"""Those of which something false is said still; `make truth` looks at them all the same."""
MENDED: Final = FEATURES - AWAITED
