"""A folder to run programs in, of the test's own or shared by all tests of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coroplay.trace import Recording
from tests.support.accelerators import either
from tests.support.programs import Workbench

__all__ = ["Recorder", "bench", "either", "record"]

Recorder = Callable[..., Recording]


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A folder of the test's own."""
    return Workbench(tmp_path)


@pytest.fixture
def record(bench: Workbench) -> Iterator[Recorder]:
    """Records a program given by its source, and opens the recording."""
    opened: list[Recording] = []

    def run(
        source: str,
        *arguments: str,
        level: str = "lines",
        options: tuple[str, ...] = (),
        stdin: bytes = b"",
        status: int = 0,
        **env: str,
    ) -> Recording:
        recording = bench.record(
            bench.script(source),
            *arguments,
            level=level,
            options=options,
            stdin=stdin,
            status=status,
            **env,
        )
        opened.append(recording)
        return recording

    yield run
    for recording in opened:
        recording.close()
