"""The choice between C and Python for tests of recording, which run with either."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from coroplay.probe.base import accelerator

EITHER: Final = ("c", "python")


@pytest.fixture(scope="module", autouse=True, params=EITHER, name="accelerator")
def either(request: pytest.FixtureRequest) -> Iterator[str]:
    """Choose the implementation that records a test's programs; the value is its name."""
    name: str = request.param
    if name == "c" and not accelerator.used:
        pytest.skip(f"there is no accelerator: {accelerator.why_not}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, accelerator.VARIABLE, "on" if name == "c" else "off")
        yield name


def is_traced_in_python(name: str) -> bool:
    """Tell whether lines are traced in Python, as they are on 3.11 without the accelerator."""
    return name == "python" and sys.version_info < (3, 12)


def sees_passes(name: str) -> bool:
    """Tell whether each pass of a loop on one line is a step.

    On Python 3.12 and 3.13 a `try` around a jump does not catch what the hook of the jump raises,
    such as a KeyboardInterrupt: there only the accelerator can watch jumps.
    """
    return name == "c" or not (3, 12) <= sys.version_info < (3, 14)


def without_passes(source: str) -> str:
    """Return a program whose loops on one line are written over two."""
    return _ON_ONE_LINE.sub(r"\1\2\n\1    \3", source)


_ON_ONE_LINE: Final = re.compile(r"^( *)((?:for|while) .*?:) (\S.*)$", re.MULTILINE)


def expect_failure(request: pytest.FixtureRequest, fails: bool, reason: str) -> None:
    """Expect the test of `request` to fail, if `fails`; not to fail is an error then."""
    request.applymarker(pytest.mark.xfail(fails, strict=True, reason=reason))
