"""Authors of a program's output: the recording's steps, laid along its streams byte by byte.

Bytes that the probe doesn't see (of a C library, or another process) stand between those that it
saw. They are skipped, and have no author. Where a thread had to wait for long to write, steps may
be recorded in another order than their bytes come: what was skipped is looked through once more.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import deque
from itertools import islice
from typing import Final, NamedTuple

_NOBODY: Final = 0xFFFFFFFF
_LOOK_AHEAD: Final = 1 << 16
"""Bytes of the stream that are searched for a step's bytes."""
_PIECE: Final = 1 << 15
"""Bytes from which on a piece of the stream grows no more."""
_MOST_PENDING: Final = 16 << 20
_MOST_GAPS: Final = 16
_MOST_LOST: Final = 1000
_AT_ONCE: Final = 64
"""Steps within which two threads' output may be recorded in another order than it came."""


class Part(NamedTuple):
    """Consecutive bytes of the stream of one author."""

    end: int
    """Offset of the byte after the last."""
    step: int | None
    """The step that wrote them; None if no step did."""


class _Gap(NamedTuple):
    """Bytes that were skipped."""

    start: int
    data: bytes
    step: int
    """The step whose bytes came after them."""


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
        self._gaps: deque[_Gap] = deque(maxlen=_MOST_GAPS)

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
        part = self.part(offset)
        return None if part is None else part.step

    def part(self, offset: int) -> Part | None:
        """Return the part with the byte at that offset; None if it is not laid out yet."""
        index = bisect_right(self._starts, offset) - 1
        if offset >= self._at or index < 0:
            return None
        last = index + 1 == len(self._starts)
        step = self._steps[index]
        return Part(
            self._at if last else self._starts[index + 1], None if step == _NOBODY else step
        )

    @property
    def is_stuck(self) -> bool:
        """True if bytes have come, and steps are known, and the two don't fit."""
        return bool(self._pending and self._waiting)

    def give_up_lost(self) -> None:
        """Wait no more for bytes that went elsewhere: those of a later step have come."""
        self._have(_LOOK_AHEAD)
        for lost, (_, data) in enumerate(islice(self._waiting, _MOST_LOST)):
            if self._head.find(data, self._from) >= 0:
                for _ in range(lost):
                    self._waiting.popleft()
                self._lay()
                return

    def _lay(self) -> None:
        while self._waiting:
            step, data = self._waiting[0]
            if not (self._fill_gap(step, data) or (self._pending and self._place(step, data))):
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
            skipped = self._head[self._from : found]
            self._gaps.append(_Gap(self._at, skipped, step))
            self._take(_NOBODY, len(skipped))
            self._take(step, len(data))
            return True
        return self._pending >= window  # It went elsewhere: give this step up.

    def _fill_gap(self, step: int, data: bytes) -> bool:
        """Lay a step's bytes into those that were skipped just before; False if they aren't."""
        for index, gap in enumerate(self._gaps):
            at = gap.data.find(data) if step - gap.step <= _AT_ONCE else -1
            if at >= 0:
                del self._gaps[index]
                self._divide(gap, at, step, len(data))
                return True
        return False

    def _divide(self, gap: _Gap, at: int, step: int, size: int) -> None:
        """Give some bytes of a gap to a step; the rest of them make gaps of their own."""
        row = bisect_right(self._starts, gap.start) - 1
        del self._starts[row], self._steps[row]
        before, after = gap.data[:at], gap.data[at + size :]
        first, last = gap.start, gap.start + at + size
        parts = [(first, _NOBODY, before), (first + at, step, b""), (last, _NOBODY, after)]
        for start, author, skipped in parts:
            if author == _NOBODY and not skipped:
                continue
            self._starts.insert(row, start)
            self._steps.insert(row, author)
            row += 1
            if skipped:
                self._gaps.append(_Gap(start, skipped, gap.step))

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
