"""The option that keeps what the tests build: ``pytest -m packaging --keep FOLDER``."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--keep", type=Path, metavar="FOLDER", help="leave the wheel and the source archive there"
    )
