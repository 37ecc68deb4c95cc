"""Where the output of several programs goes: to the host's own outputs, or nowhere."""

from __future__ import annotations

import os
import select
from collections import deque
from typing import Final

from coroplay.host.prefix import Piece, Prefixer, Stream

_CONGESTED: Final = 1 << 18
"""Bytes under way from which on the programs have to wait."""
_KEPT: Final = 1 << 14
"""Bytes of error output that are kept where nothing is shown."""


class Outlet:
    """Drops all that programs write. What is written somewhere else is a subclass."""

    @property
    def broken(self) -> bool:
        """Whether an output can't be written to any more; all that is to come is dropped."""
        return False

    @property
    def congested(self) -> bool:
        """Whether so much is under way that programs should not be read for now."""
        return False

    @property
    def holding(self) -> bool:
        """Whether part of a line is held back, to be shown after a moment without output."""
        return False

    def next_output(self) -> list[int]:
        """The descriptor that is written to next, if there is anything to write."""
        return []

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """A program wrote something."""

    def idle(self) -> None:
        """Nothing has come for a moment."""

    def entered(self) -> None:
        """The person has ended the line on the screen with Enter."""

    def ended(self, program: int) -> None:
        """A program will write no more."""

    def write(self) -> None:
        """Write a little; call it when `next_output` is ready for writing."""


class Screen(Outlet):
    """Puts what programs write, prefixed, on the two outputs, in the order in which it comes.

    It never blocks the host, however slow their readers are.
    """

    def __init__(self, prefixer: Prefixer, outputs: dict[Stream, int]) -> None:
        self._prefixer = prefixer
        self._outputs = outputs
        self._queue: deque[tuple[int, memoryview]] = deque()
        """What goes to which descriptor."""
        self._queued = 0
        self._broken = False

    @property
    def broken(self) -> bool:
        """Whether an output can't be written to any more; all that is to come is dropped."""
        return self._broken

    @property
    def congested(self) -> bool:
        """Whether so much is under way that programs should not be read for now."""
        return self._queued >= _CONGESTED

    @property
    def holding(self) -> bool:
        """Whether part of a line is held back, to be shown after a moment without output."""
        return self._prefixer.holding

    def next_output(self) -> list[int]:
        """The descriptor that is written to next, if there is anything to write."""
        return [self._queue[0][0]] if self._queue else []

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """A program wrote something."""
        self._put(self._prefixer.feed(program, stream, data))

    def idle(self) -> None:
        """Nothing has come for a moment."""
        self._put(self._prefixer.idle())

    def entered(self) -> None:
        """The person has ended the line on the screen with Enter."""
        self._prefixer.entered()

    def ended(self, program: int) -> None:
        """A program will write no more."""
        self._put(self._prefixer.ended(program))

    def write(self) -> None:
        """Write a little; call it when `next_output` is ready for writing."""
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
    """Keeps the last of each program's error output, out of sight, and drops the rest."""

    def __init__(self) -> None:
        self._errors: dict[int, bytes] = {}

    def errors(self, program: int) -> bytes:
        """The last that a program wrote to standard error."""
        return self._errors.get(program, b"")

    def feed(self, program: int, stream: Stream, data: bytes) -> None:
        """A program wrote something."""
        if stream is Stream.STDERR:
            self._errors[program] = (self.errors(program) + data)[-_KEPT:]
