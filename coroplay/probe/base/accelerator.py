"""The choice between C and Python for the busiest parts of the probe, and the reason for it.

The accelerator is an extension module that is built where there is a compiler, and left out where
there is none. Everything works without the accelerator, and writes the same recordings. In C, the
probe relies on the internals of the interpreter, which differ from version to version: so on a
version that was not tested, the accelerator is not used.
"""

from __future__ import annotations

import importlib
import os
from typing import Final

from coroplay import pythons

VARIABLE: Final = "COROPLAY_ACCELERATOR"
"""The environment variable that turns the accelerator off."""
_VERSION: Final = 16
"""Version of the interface, as in native/module.c: raised with every change of it."""


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
"""True if `coroplay.probe.native._accelerator` is to be used; else False, and the reason."""
name: Final = "c" if used else "python"
"""The name of the implementation in use, as recordings have it."""
