"""Everything that records can do so in C or in Python: tests of it run with either.

With both on Python 3.13, and on older ones with the accelerator only (without it where it is not
built): what differs between the versions is not in what either of them does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from coroplay.probe import accelerator

EITHER: Final = ("c", "python")
ONCE: Final = EITHER if sys.version_info >= (3, 13) else ("c" if accelerator.module else "python",)
TRACES_IN_PYTHON: Final = sys.version_info < (3, 12) and accelerator.module is None
"""Whether lines are told of by a trace function in Python: on 3.11, without the accelerator."""


def chosen(request: pytest.FixtureRequest) -> Iterator[str]:
    """What records in the child processes of a test, as the fixture's parameter names it."""
    name: str = request.param
    if name == "c" and accelerator.module is None:
        pytest.skip(f"there is no accelerator: {accelerator.why_not}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, accelerator.VARIABLE, "on" if name == "c" else "off")
        yield name


once = pytest.fixture(chosen, scope="module", autouse=True, params=ONCE, name="accelerator")
either = pytest.fixture(chosen, scope="module", autouse=True, params=EITHER, name="accelerator")
