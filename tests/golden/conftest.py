"""The golden files, and the option that writes them anew: ``pytest tests/golden --rewrite``."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.support.accelerators import either

__all__ = ["Golden", "either", "golden"]

CREATION = re.compile(r"^ *\d+ (\w+: greenlet spawned) by \w+$", re.MULTILINE)
GOLDEN = Path(__file__).parent / "steps"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite", action="store_true", help="write the golden files from what is recorded now"
    )


class Golden:
    """Compares a text with the golden file of a name, or writes it."""

    def __init__(self, rewrite: bool) -> None:
        self._rewrite = rewrite

    def check(self, name: str, told: str, *, sees_creations: bool) -> None:
        """Expect that text. Writes it instead where the files are being rewritten.

        Only the accelerator sees a plain greenlet where it is created.
        """
        path = GOLDEN / f"{name}.txt"
        if self._rewrite:
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(told)
        expected = path.read_text() if path.exists() else ""
        if not sees_creations:
            expected = CREATION.sub(r"  - \1", expected)
        assert told == expected, f"tests/golden/steps/{path.name} differs{os.linesep}"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """The golden files."""
    return Golden(bool(request.config.getoption("--rewrite", default=False)))
