"""Bytes on their way into a program's standard input, without ever blocking the host."""

from __future__ import annotations

import os
from typing import IO, Final

_PLENTY: Final = 1 << 16


class Feeder:
    """A writer into a program's standard input, which is closed after the last byte."""

    def __init__(self, pipe: IO[bytes], text: bytes | None = None) -> None:
        """Write the text and nothing else; or, without a text, whatever comes through `add`."""
        os.set_blocking(pipe.fileno(), False)
        self._pipe = pipe
        self._left = text or b""
        self._complete = text is not None

    @property
    def hungry(self) -> bool:
        """True while `add` may be called."""
        return not self._complete and not self._pipe.closed and len(self._left) < _PLENTY

    def outputs(self) -> list[IO[bytes]]:
        """Return the pipe if there is something to write or to close."""
        busy = self._left or self._complete
        return [self._pipe] if busy and not self._pipe.closed else []

    def add(self, data: bytes) -> None:
        """Add bytes to the input; no bytes are its end."""
        self._left += data
        self._complete = not data

    def write(self) -> None:
        """Write as much as the pipe takes; to be called when the pipe is writable."""
        try:
            written = os.write(self._pipe.fileno(), self._left) if self._left else 0
        except BlockingIOError:
            return
        except OSError:  # The program has closed its input, or has ended.
            self._left, self._complete, written = b"", True, 0
        self._left = self._left[written:]
        if self._complete and not self._left:
            self._pipe.close()
