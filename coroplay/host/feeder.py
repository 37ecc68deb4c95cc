"""Bytes on their way into a program's standard input, without ever blocking the host."""

from __future__ import annotations

import os
from typing import IO, Final

_PLENTY: Final = 1 << 16


class Feeder:
    """Hands on what it is given, and closes the program's input after the last of it."""

    def __init__(self, pipe: IO[bytes], text: bytes | None = None) -> None:
        """With a text, that is all there is; without, more comes through `add`."""
        os.set_blocking(pipe.fileno(), False)
        self._pipe = pipe
        self._left = text or b""
        self._complete = text is not None

    @property
    def hungry(self) -> bool:
        """Whether it takes more."""
        return not self._complete and not self._pipe.closed and len(self._left) < _PLENTY

    def outputs(self) -> list[IO[bytes]]:
        """The pipe, when there is something to be done with it."""
        busy = self._left or self._complete
        return [self._pipe] if busy and not self._pipe.closed else []

    def add(self, data: bytes) -> None:
        """More of the input; empty for its end."""
        self._left += data
        self._complete = not data

    def write(self) -> None:
        """Hand on what the pipe takes; call it when the pipe is ready for writing."""
        try:
            written = os.write(self._pipe.fileno(), self._left) if self._left else 0
        except BlockingIOError:
            return
        except OSError:  # The program has closed its input, or has ended.
            self._left, self._complete, written = b"", True, 0
        self._left = self._left[written:]
        if self._complete and not self._left:
            self._pipe.close()
