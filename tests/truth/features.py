"""The features of programs of which nothing false is said: those that the usual tests use."""

from __future__ import annotations

from typing import Final

from tests.truth.strategies import FEATURES

MENDED: Final = FEATURES & {
    "error KeyError",
    "generator next default",
    "generator next method",
    "generator next none",
    "generator next plain",
    "make generator plain",
    "return",
    "say",
    "yield",
}
"""`make truth` looks at all of them."""
