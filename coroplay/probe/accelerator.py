"""Chooses whether the probe's busiest parts run in C or in Python, and can say why.

The accelerator is an extension module that is built where there is a compiler, and left out where
there is none. Everything works without it, and writes the same recordings. It reads what lies
inside the interpreter, which differs from version to version: one that it was not tested with has
to do without it.
"""

from __future__ import annotations

import importlib
import os
import sys
from types import ModuleType
from typing import Final

VARIABLE: Final = "COROPLAY_ACCELERATOR"
"""The environment variable that turns the accelerator off."""
_VERSION: Final = 4
"""As in native/module.c: raised whenever the two would misunderstand each other."""
_OLDEST: Final = (3, 11)
_NEWEST: Final = (3, 13)
"""The versions of Python whose insides it knows, as in native/insides.h and setup.py."""


def _choose() -> tuple[ModuleType | None, str]:
    if os.environ.get(VARIABLE) == "off":
        return None, f"{VARIABLE} is off"
    version = sys.version_info[:2]
    if not _OLDEST <= version <= _NEWEST:
        first, last, this = map("{0[0]}.{0[1]}".format, (_OLDEST, _NEWEST, version))
        return None, f"it is for Python {first} to {last}, and this is {this}"
    try:
        built = importlib.import_module("coroplay.probe._accelerator")
    except ModuleNotFoundError:
        return None, "it was not built"
    except ImportError as error:
        return None, str(error)
    if getattr(built, "VERSION", 0) != _VERSION:
        return None, "it was built from other sources: install coroplay again"
    return built, ""


module, why_not = _choose()
"""The extension module; without it None, and the reason why."""
name: Final = "c" if module else "python"
"""What does the work, as a recording says it."""
