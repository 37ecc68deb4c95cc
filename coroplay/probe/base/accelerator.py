"""Chooses whether the busiest parts of the probe run in C or in Python, and can say why.

The accelerator is an extension module that is built where there is a compiler, and left out where
there is none. Everything works without it, and writes the same recordings. It relies on the
interpreter's internals, which differ from version to version: an interpreter on which it was not
tested has to do without it.
"""

from __future__ import annotations

import importlib
import os
from typing import Final

from coroplay import pythons

VARIABLE: Final = "COROPLAY_ACCELERATOR"
"""The environment variable that turns the accelerator off."""
_VERSION: Final = 6
"""As in native/module.c: raised whenever the two would misunderstand each other."""


def _choose() -> tuple[bool, str]:
    if os.environ.get(VARIABLE) == "off":
        return False, f"{VARIABLE} is off"
    if reason := pythons.untested():
        return False, reason
    try:
        built = importlib.import_module("coroplay.probe.native._accelerator")
    except ModuleNotFoundError:
        return False, "it was not built"
    except ImportError as error:
        return False, str(error)
    if getattr(built, "VERSION", 0) != _VERSION:
        return False, "it was built from other sources: install coroplay again"
    return True, ""


used, why_not = _choose()
"""Whether `coroplay.probe.native._accelerator` is to be used; if not, why."""
name: Final = "c" if used else "python"
"""The name of what does the work, as a recording has it."""
