"""Chooses whether the probe's busiest parts run in C or in Python, and can say why.

The accelerator is an extension module that is built where there is a compiler, and left out where
there is none. Everything works without it, and writes the same recordings.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Final

VARIABLE: Final = "COROPLAY_ACCELERATOR"
"""The environment variable that turns the accelerator off."""
_VERSION: Final = 2
"""As in native/module.c: raised whenever the two would misunderstand each other."""


def _choose() -> tuple[ModuleType | None, str]:
    if os.environ.get(VARIABLE) == "off":
        return None, f"{VARIABLE} is off"
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
