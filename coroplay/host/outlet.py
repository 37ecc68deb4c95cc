"""Destinations for the output of several programs: the host's own outputs, or nowhere."""

from __future__ import annotations

import os
import select
from collections import deque
from typing import Final

from coroplay.host.prefix import Piece, Prefixer, Stream

_CONGESTED: Final = 1 << 18
"""Bytes waiting to be written from which on programs have to wait."""
_KEPT: Final = 1 << 14
"""Bytes of each program's error output that a `Capture` keeps."""


class Outlet:
    """A destination that drops everything. Subclasses write some of it somewhere."""

    @property
    def broken(self) -> bool:
        """True once an output can't be written to any more; everything later is dropped."""
        return False

    @property
    def congested(self) -> bool:
        """True while so much waits to be written that programs should not be read."""
        return False

    @property
    def holding(self) -> bool:
        """True while part of a line is held back, to be shown after a moment without output."""
        return False

    def next_output(self) -> list[int]:
        """Return the descriptor to be written to next, if there is anything to write."""
        return []

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """Take bytes that a program wrote."""

    def idle(self) -> None:
        """Take note that no program has written for a moment."""

    def entered(self) -> None:
        """Take note that the person ended the line on the screen with Enter."""

    def ended(self, program: int) -> None:
        """Take note that a program will write no more."""

    def write(self) -> None:
        """Write a little; to be called when the descriptor of `next_output` is writable."""


class PrefixedOutlet(Outlet):
    """The host's two outputs, with each line prefixed, in the order in which lines come.

    Never blocks the host, however slow the readers of the outputs are.
    """

    def __init__(self, prefixer: Prefixer, outputs: dict[Stream, int]) -> None:
        self._prefixer = prefixer
        self._outputs = outputs
        self._queue: deque[tuple[int, memoryview]] = deque()
        """Bytes to be written, each with its descriptor."""
        self._queued = 0
        self._broken = False

    @property
    def broken(self) -> bool:
        """True once an output can't be written to any more; everything later is dropped."""
        return self._broken

    @property
    def congested(self) -> bool:
        """True while so much waits to be written that programs should not be read."""
        return self._queued >= _CONGESTED

    @property
    def holding(self) -> bool:
        """True while part of a line is held back, to be shown after a moment without output."""
        return self._prefixer.holding

    def next_output(self) -> list[int]:
        """Return the descriptor to be written to next, if there is anything to write."""
        return [self._queue[0][0]] if self._queue else []

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """Take bytes that a program wrote."""
        self._put(self._prefixer.feed(program, stream, data))

    def idle(self) -> None:
        """Take note that no program has written for a moment."""
        self._put(self._prefixer.idle())

    def entered(self) -> None:
        """Take note that the person ended the line on the screen with Enter."""
        self._prefixer.entered()

    def ended(self, program: int) -> None:
        """Take note that a program will write no more."""
        self._put(self._prefixer.ended(program))

    def write(self) -> None:
        """Write a little; to be called when the descriptor of `next_output` is writable."""
        output, data = self._queue.popleft()
        try:
            # A descriptor that is ready takes this much without blocking, says POSIX.
            written = os.write(output, data[: select.PIPE_BUF])
        except BlockingIOError:
            written = 0
        except OSError:  # The reader has gone, or the terminal.
            self._broken = True
            self._queue.clear()
            self._queued = 0
            return
        self._queued -= written
        if rest := data[written:]:
            self._queue.appendleft((output, rest))

    def _put(self, pieces: list[Piece]) -> None:
        if self._broken:
            return
        for piece in pieces:
            self._queue.append((self._outputs[piece.stream], memoryview(piece.data)))
            self._queued += len(piece.data)


class Capture(Outlet):
    """The end of each program's error output, kept out of sight; the rest is dropped."""

    def __init__(self) -> None:
        self._errors: dict[int, bytes] = {}

    def errors(self, program: int) -> bytes:
        """Return the end of what a program wrote to standard error."""
        return self._errors.get(program, b"")

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """Take bytes that a program wrote."""
        if stream is Stream.STDERR:
            self._errors[program] = (self.errors(program) + data)[-_KEPT:]
