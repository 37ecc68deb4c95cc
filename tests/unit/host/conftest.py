"""Scripts to run, and a pipe whose end shows that processes are gone."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ScriptMaker = Callable[[str], str]


@pytest.fixture
def script(tmp_path: Path) -> ScriptMaker:
    """Write a script and return its path."""
    made = 0

    def make(source: str) -> str:
        nonlocal made
        made += 1
        path = tmp_path / f"program{made}.py"
        path.write_text(textwrap.dedent(source))
        return os.fspath(path)

    return make


class Lifeline:
    """A named pipe that programs open for writing: its end means that all of them have ended."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(self._reader, True)
        # Held until the first words have come: without a writer a read would not wait.
        self._writer: int | None = os.open(path, os.O_WRONLY)

    def hear(self, count: int) -> bytes:
        """Wait for so many bytes, and let go."""
        heard = b""
        while len(heard) < count:
            heard += os.read(self._reader, count - len(heard))
        self.let_go()
        return heard

    def let_go(self) -> None:
        """From now on only the processes hold the line."""
        if self._writer is not None:
            os.close(self._writer)
            self._writer = None

    def last_words(self) -> bytes:
        """Wait until nobody holds the line any more, and return what was said until then."""
        heard = b""
        while data := os.read(self._reader, 4096):
            heard += data
        return heard

    def close(self) -> None:
        os.close(self._reader)
        self.let_go()


@pytest.fixture
def lifeline(tmp_path: Path) -> Iterator[Lifeline]:
    line = Lifeline(tmp_path / "lifeline")
    yield line
    line.close()
