"""A pseudo-terminal for the command line, as a person has one."""

from __future__ import annotations

import fcntl
import os
import subprocess
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Terminal:
    """A pseudo-terminal, and what runs in it."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        """Commands begin with `command`, and run in a folder."""
        self._keys, self._screen = os.openpty()
        self._folder = folder
        self._command = command
        self._seen = b""

    @contextmanager
    def start(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command with the terminal as its own."""
        with subprocess.Popen(
            [*self._command, *arguments],
            cwd=self._folder,
            stdin=self._screen,
            stdout=self._screen,
            stderr=self._screen,
            start_new_session=True,
            # No other thread runs here, and nothing else makes a terminal the child's own.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509
        ) as host:
            os.close(self._screen)
            try:
                yield host
            finally:
                host.kill()  # A test that fails must not wait for it.

    def resize(self, columns: int) -> None:
        """Give the terminal that many columns."""
        termios.tcsetwinsize(self._keys, (24, columns))

    def type(self, text: bytes) -> None:
        """Press keys."""
        os.write(self._keys, text)

    def see(self, text: bytes) -> bytes:
        """Wait until that has appeared; everything up to there since the last look."""
        while text not in self._seen:
            self._seen += os.read(self._keys, 4096)
        before, found, self._seen = self._seen.partition(text)
        return before + found

    def see_all(self) -> bytes:
        """Wait until nobody holds the terminal any more; everything since the last look."""
        while True:
            try:
                data = os.read(self._keys, 4096)
            except OSError:  # How Linux says it.
                data = b""
            if not data:
                return self._seen
            self._seen += data

    def close(self) -> None:
        os.close(self._keys)
