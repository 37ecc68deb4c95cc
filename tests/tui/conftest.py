"""The lessons' recordings, shared by all tests of the step-through and timeline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.view.lessons import Lessons


@pytest.fixture(scope="session")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lessons]:
    """Recordings of the lessons."""
    made = Lessons(tmp_path_factory.mktemp("lessons"))
    yield made
    made.close()
