"""The interpreter's JIT, where it has one: what is recorded is the same with it and without."""

from __future__ import annotations

import sys
from typing import Any, Final

import pytest


def _has_one() -> bool:
    jit: Any = getattr(sys, "_jit", None)
    return jit is not None and bool(jit.is_available())


JIT: Final = [
    pytest.param({"PYTHON_JIT": switch}, id=f"jit {name}")
    for switch, name in ((("0", "off"), ("1", "on")) if _has_one() else (("0", "none"),))
]
"""What to add to the environment of a program that is run with each."""
