"""Everything that records can do so in C or in Python: tests of recording run with either."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from coroplay.probe.base import accelerator

EITHER: Final = ("c", "python")


@pytest.fixture(scope="module", autouse=True, params=EITHER, name="accelerator")
def either(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose what records in the child processes of a test: the fixture's value names it."""
    name: str = request.param
    if name == "c" and not accelerator.used:
        pytest.skip(f"there is no accelerator: {accelerator.why_not}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, accelerator.VARIABLE, "on" if name == "c" else "off")
        yield name


def is_traced_in_python(name: str) -> bool:
    """Whether a trace function in Python is told of lines: without the accelerator on 3.11."""
    return name == "python" and sys.version_info < (3, 12)


def expect_failure(request: pytest.FixtureRequest, fails: bool, reason: str) -> None:
    """Expect the test that asks to fail, if `fails`, and take it for a failure if it does not."""
    request.applymarker(pytest.mark.xfail(fails, strict=True, reason=reason))
