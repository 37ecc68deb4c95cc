"""Output of a child process, read from its pipes while the app's loop goes on."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import IO, Final

from coroplay.host.child import Child
from coroplay.tui.runs.buffer import Stream

_CHUNK: Final = 1 << 17
"""Bytes read from a pipe at once: fair to keys, and the pipe's limit slows a hasty child down."""
_LAST_CHUNKS: Final = 16
_ROUNDS: Final = 4
"""Looks at both pipes at once, at most."""


class Pipes:
    """The standard output and error of a child that runs."""

    def __init__(
        self, child: Child, came: Callable[[Stream, bytes], None], read: Callable[[bool], None]
    ) -> None:
        """`came` gets each stream and its bytes as they come, in any order of the two streams.

        `read` is called after some have come: with True if both pipes were empty then, so that
        whatever comes next was written after them.
        """
        self._came = came
        self._was_read = read
        self._open: dict[IO[bytes], Stream] = {}
        loop = asyncio.get_running_loop()
        for pipe, stream in ((child.stdout, Stream.OUT), (child.stderr, Stream.ERROR)):
            if pipe is not None:
                self._open[pipe] = stream
                os.set_blocking(pipe.fileno(), False)
                loop.add_reader(pipe.fileno(), self._read_both)

    def _read_both(self) -> None:
        """Read both pipes until nothing is left that was written before what has been read."""
        last_had_some = False
        for _ in range(_ROUNDS):
            had = [self._read(pipe) for pipe in list(self._open)]
            last_had_some |= had[-1:] == [True]
            if not any(had) or not last_had_some:
                self._was_read(True)
                return
        self._was_read(False)

    def _read(self, pipe: IO[bytes]) -> bool:
        """Read a pipe; return True if there was anything in it."""
        try:
            data = os.read(pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return False
        if data:
            self._came(self._open[pipe], data)
            return True
        asyncio.get_running_loop().remove_reader(pipe.fileno())
        del self._open[pipe]
        return False

    def read_rest(self) -> None:
        """Read the rest, once the child has ended, and stop listening."""
        for pipe in list(self._open):
            # A process that the child left behind may hold the pipe and write for ever.
            for _ in range(_LAST_CHUNKS):
                if not self._read(pipe):
                    break
        self.close()
        self._was_read(True)

    def close(self) -> None:
        """Stop listening."""
        for pipe in self._open:
            asyncio.get_running_loop().remove_reader(pipe.fileno())
        self._open.clear()
