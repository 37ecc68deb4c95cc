"""The two streams of a program's output, put in the order in which they were written.

Bytes come through two pipes, and nothing says which of the two was written to first. The recording
does: while bytes of both have come, they are held until the steps that wrote them are known. Bytes
that no step wrote have no known place. They are put between what was recorded, never inside it.
"""

from __future__ import annotations

import time
from typing import Final

from coroplay.tui.runs.authors import Authors, Part
from coroplay.tui.runs.buffer import Buffer, Stream

_STREAMS: Final = (Stream.OUT, Stream.ERROR)
_PATIENCE: Final = 0.25
"""Seconds for which bytes of both streams are held while no step is known to have written them."""
_MOST_PATIENCE: Final = 2.0
"""The same while there are steps that were not gone through yet."""
_MOST_HELD: Final = 4 << 20


class Merger:
    """The output of one program on its way from the pipes to the buffer."""

    def __init__(self, buffer: Buffer) -> None:
        self._buffer = buffer
        self._authors = {stream: Authors() for stream in _STREAMS}
        self._held = {stream: bytearray() for stream in _STREAMS}
        self._since = 0.0
        """The monotonic time since which bytes are held; 0 while none are."""
        self._stuck_since = 0.0
        """The monotonic time since which no author is found; 0 while they are."""

    def author(self, stream: Stream, offset: int) -> int | None:
        """Return the step that wrote the byte at that offset of a stream; None if unknown."""
        authors = self._authors.get(stream)
        return None if authors is None else authors.step(offset)

    def came(self, stream: Stream, data: bytes) -> None:
        """Add bytes that came through a pipe; `flow` lets them go on."""
        self._authors[stream].came(data)
        self._held[stream] += data

    def wrote(self, step: int, stream: Stream, data: bytes) -> None:
        """Add a step that wrote these bytes, according to the recording."""
        self._authors[stream].wrote(step, data)

    def show(self, step: int, stream: Stream, data: bytes) -> None:
        """Put a step's bytes at the end, where a recording is all there is."""
        self._buffer.append(stream, data)
        self._authors[stream].came(data)
        self._authors[stream].wrote(step, data)

    def flow(self, *, all_read: bool = True) -> None:
        """Let everything go on whose place is known; `all_read` if both pipes were found empty."""
        while all(self._held.values()):
            parts = {stream: self._next(stream) for stream in _STREAMS}
            if None in parts.values():
                self._since = self._since or time.monotonic()
                return
            self._let_go(*min(parts.items(), key=_place))
        self._since = 0.0
        if all_read:
            for stream in _STREAMS:
                self._let_go(stream, None)

    def settle(self, *, behind: bool, over: bool) -> None:
        """Let bytes go on that have waited for long, in the order in which they can be shown.

        `behind` tells that there are steps to go through, `over` that no more will come.
        """
        self._give_up_lost(behind=behind, over=over)
        self.flow()
        while self._since and not self._worth_waiting(behind=behind, over=over):
            unknown = [stream for stream in _STREAMS if self._next(stream) is None]
            for stream in unknown[:1]:
                self._let_go(stream, None)
            self.flow()

    def _give_up_lost(self, *, behind: bool, over: bool) -> None:
        """Go on with the authors of later bytes, if those of some have not been found for long."""
        stuck = [authors for authors in self._authors.values() if authors.is_stuck]
        if behind or not stuck:
            self._stuck_since = 0.0
            return
        self._stuck_since = self._stuck_since or time.monotonic()
        if over or time.monotonic() - self._stuck_since > _PATIENCE / 2:
            self._stuck_since = 0.0
            for authors in stuck:
                authors.give_up_lost()

    def _worth_waiting(self, *, behind: bool, over: bool) -> bool:
        waited = time.monotonic() - self._since
        if sum(map(len, self._held.values())) > _MOST_HELD or waited > _MOST_PATIENCE:
            return False
        return behind or (not over and waited < _PATIENCE)

    def _next(self, stream: Stream) -> Part | None:
        """Return the part that begins with the next byte to be shown."""
        return self._authors[stream].part(self._buffer.offsets[stream])

    def _let_go(self, stream: Stream, part: Part | None) -> None:
        """Show the bytes of that part, as many as have come, or all there are."""
        held = self._held[stream]
        size = len(held) if part is None else part.end - self._buffer.offsets[stream]
        self._buffer.append(stream, bytes(held[:size]))
        del held[:size]


def _place(item: tuple[Stream, Part | None]) -> int:
    """Return the place of a part among others: before all of them if no step wrote it."""
    part = item[1]
    return -1 if part is None or part.step is None else part.step
