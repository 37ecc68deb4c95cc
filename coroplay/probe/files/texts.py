"""The side file of texts."""

from __future__ import annotations

from typing import Final

from coroplay.probe.base.locks import make_rlock
from coroplay.probe.files.windows import WINDOW, WINDOW_BITS, WINDOW_MASK, Windows
from coroplay.trace import layout

_LENGTH_AND_PADDING: Final = layout.LENGTH.size + layout.TEXT_ALIGNMENT - 1
_pack_length = layout.LENGTH.pack


class TextFile:
    """The side file of texts. An entry's reference is its offset divided by 8.

    Threads take turns only where something is called. There is no call between reading and
    advancing the end of the file, so that no two entries overlap.
    """

    def __init__(self, directory: str) -> None:
        self._windows = Windows(directory, layout.TEXTS)
        self._lock = make_rlock()
        self._end = layout.HEADER_SIZE
        self._view = self._windows.window(0)
        self._limit = WINDOW
        """Offset at which the window `_view` ends; 0 once the file is closed."""
        self._last = 0
        self._last_length = 0

    def add(self, data: bytes) -> int:
        """Write an entry; return its reference. Raises OSError when there is no room."""
        length = len(data)
        entry = _pack_length(length) + data
        while True:
            start = self._end
            end = start + (length + _LENGTH_AND_PADDING & -layout.TEXT_ALIGNMENT)
            if end <= self._limit:
                break
            if end - start > WINDOW:
                return self._add_large(entry, end - start)
            self._map_next(end - start)
        self._end, self._last, self._last_length = end, start, length
        view = self._view
        at = start & WINDOW_MASK
        view[at : at + layout.LENGTH.size + length] = entry
        return start // layout.TEXT_ALIGNMENT

    def reserve(self, size: int) -> tuple[memoryview, int]:
        """Return a piece of the file for several entries, and the reference of the first.

        Raises OSError when there is no room for the piece.
        """
        while True:
            start = self._end
            end = start + (size + layout.TEXT_ALIGNMENT - 1 & -layout.TEXT_ALIGNMENT)
            if end <= self._limit:
                break
            self._map_next(end - start)
        # The last entry can't grow any more.
        self._end, self._last = end, 0
        view = self._view
        at = start & WINDOW_MASK
        return view[at : at + end - start], start // layout.TEXT_ALIGNMENT

    def _map_next(self, need: int) -> None:
        """Go on to the next window, unless another thread has."""
        with self._lock:
            limit = self._limit
            if not limit:
                raise RuntimeError("the recording is closed")
            if self._end + need <= limit:
                return
            view = self._windows.window(limit >> WINDOW_BITS)
            if limit == self._limit:
                self._end, self._view, self._limit = limit, view, limit + WINDOW

    def _add_large(self, entry: bytes, need: int) -> int:
        """Write an entry that fills windows of its own."""
        need = (need + WINDOW - 1) & ~WINDOW_MASK
        start = self._limit
        if not start:
            raise RuntimeError("the recording is closed")
        self._end = self._limit = start + need
        self._windows.write_large(start, entry, need)
        return start // layout.TEXT_ALIGNMENT

    def extend(self, reference: int, data: bytes) -> bool:
        """Append to the last entry; return False for another entry, or one at a window's end."""
        more = len(data)
        with self._lock:
            start = reference * layout.TEXT_ALIGNMENT
            before = self._last_length
            end = start + (before + more + _LENGTH_AND_PADDING & -layout.TEXT_ALIGNMENT)
            if start != self._last or end > self._limit or start < self._limit - WINDOW:
                return False
            self._last_length, self._end = before + more, end
            view = self._view
            at = (start & WINDOW_MASK) + layout.LENGTH.size + before
            view[at : at + more] = data
            layout.LENGTH.pack_into(view, start & WINDOW_MASK, before + more)
            return True

    def cut(self) -> None:
        """Close the file at its last entry."""
        self._stop()
        self._windows.cut(self._end)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self._stop()
        self._windows.abandon()

    def _stop(self) -> None:
        """Write no more: windows may be unmapped from now on."""
        self._limit = 0
