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


def _choose() -> tuple[ModuleType | None, str]:
    if os.environ.get(VARIABLE) == "off":
        return None, f"{VARIABLE} is off"
    try:
        return importlib.import_module("coroplay.probe._accelerator"), ""
    except ModuleNotFoundError:
        return None, "it was not built"
    except ImportError as error:
        return None, str(error)


module, why_not = _choose()
"""The extension module; without it None, and the reason why."""
name: Final = "c" if module else "python"
"""What does the work, as a recording says it."""
