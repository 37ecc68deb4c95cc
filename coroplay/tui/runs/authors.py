"""Authors of a program's output: the recording's steps, laid along its streams byte by byte.

Bytes that the probe doesn't see (of a C library, or another process) stand between those that it
saw. They are skipped, and have no author.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from typing import Final

_NOBODY: Final = 0xFFFFFFFF
_LOOK_AHEAD: Final = 1 << 16
"""Bytes of the stream that are searched for a step's bytes."""
_PIECE: Final = 1 << 15
"""Bytes from which on a piece of the stream grows no more."""
_MOST_PENDING: Final = 16 << 20


class Authors:
    """The authors of one stream's bytes, as far as they are known yet."""

    def __init__(self) -> None:
        self._starts = array("Q")
        self._steps = array("I")
        self._head = b""
        """The bytes to be laid out next, from `_from` on."""
        self._from = 0
        self._later: deque[bytearray] = deque()
        self._pending = 0
        """Number of bytes that have come and are not laid out yet."""
        self._at = 0
        """Number of bytes of the stream that have been laid out."""
        self._passed_over = 0
        """Bytes that got no author because there were too many; as many bytes of steps follow."""
        self._waiting: deque[tuple[int, bytes]] = deque()
        """Steps whose bytes have not all come yet."""

    def came(self, data: bytes) -> None:
        """Add bytes that came through the stream."""
        if self._later and len(self._later[-1]) < _PIECE:
            self._later[-1] += data
        else:
            self._later.append(bytearray(data))
        self._pending += len(data)
        while self._pending > _MOST_PENDING:
            self._passed_over += min(self._pending, _LOOK_AHEAD)
            self._pass_over(min(self._pending, _LOOK_AHEAD))
        self._lay()

    def wrote(self, step: int, data: bytes) -> None:
        """Add a step that wrote these bytes, according to the recording."""
        if self._passed_over > 0:
            self._passed_over -= len(data)
            return
        self._waiting.append((step, data))
        self._lay()

    def step(self, offset: int) -> int | None:
        """Return the step that wrote the byte at that offset; None if unknown."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self._at or self._steps[index] == _NOBODY:
            return None
        return self._steps[index]

    def _lay(self) -> None:
        while self._waiting and self._pending:
            step, data = self._waiting[0]
            if not self._place(step, data):
                return
            self._waiting.popleft()

    def _place(self, step: int, data: bytes) -> bool:
        """Lay a step's bytes along the stream; False if they have not come yet."""
        self._have(len(data))
        if self._head.startswith(data, self._from):
            self._take(step, len(data))
            return True
        if self._pending < len(data) and data.startswith(self._head[self._from :]):
            return False
        window = _LOOK_AHEAD + len(data)
        self._have(window)
        found = self._head.find(data, self._from, self._from + window)
        if found >= 0:
            self._take(_NOBODY, found - self._from)
            self._take(step, len(data))
            return True
        return self._pending >= window  # It went elsewhere: give this step up.

    def _have(self, size: int) -> None:
        """Have that many bytes in the head, or all there are."""
        while len(self._head) - self._from < size and self._later:
            self._head = self._head[self._from :] + self._later.popleft()
            self._from = 0

    def _take(self, step: int, size: int) -> None:
        if size:
            self._starts.append(self._at)
            self._steps.append(step)
            self._pass_over(size)

    def _pass_over(self, size: int) -> None:
        self._have(size)
        self._from += size
        self._at += size
        self._pending -= size
