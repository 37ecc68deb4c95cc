"""The Pythons that coroplay works on, and what it says of the others."""

from __future__ import annotations

import sys
from typing import Final

OLDEST: Final = (3, 11)
NEWEST: Final = (3, 15)
"""The first and the last version of Python that the tests run on, as in native/internals.h,
setup.py and the Makefile."""


def refused() -> str:
    """Return why coroplay does not run on this Python at all; empty if it does."""
    if "t" in sys.abiflags:
        return (
            "this Python is free-threaded, and coroplay needs one with the global interpreter"
            " lock: gevent is not made for any other, and greenlet would turn the lock on again"
        )
    return ""


def untested() -> str:
    """Return why this Python is not one that the tests run on; empty if it is."""
    first, last = ("{}.{}".format(*version) for version in (OLDEST, NEWEST))
    if sys.implementation.name != "cpython":
        return f"it is for CPython, and this is {sys.implementation.name}"
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return "it is for Python {} to {}, and this is {}.{}".format(
            first, last, *sys.version_info[:2]
        )
    if sys.version_info.releaselevel in ("alpha", "beta"):
        return f"it is for releases of Python, and this is {sys.version.split()[0]}"
    return ""


def note(why: str) -> str:
    """Return the sentence for a person whose Python is untested, for that reason."""
    return (
        f"coroplay was not tested on this Python: {why}. It uses documented interfaces only here,"
        " so it is slower, and a program can see a few more signs of being watched"
    )
