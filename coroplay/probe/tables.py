"""Appending to the recording's files: rows into mapped windows, so that a kill loses nothing.

Room is set aside on the disk before it is mapped: a full disk is then an error here, and not a
signal that ends the program in the middle of a store.
"""

from __future__ import annotations

import errno
import fcntl
import itertools
import os
import struct
from typing import Final

from coroplay.probe import originals
from coroplay.probe.mapping import map_shared
from coroplay.trace import layout

WINDOW_BITS: Final = 18
WINDOW: Final = 1 << WINDOW_BITS
"""Bytes mapped at a time; a multiple of every platform's page."""
_WINDOW_MASK: Final = WINDOW - 1
_WINDOWS_KEPT: Final = 2
_LENGTH_AND_PADDING: Final = layout.LENGTH.size + layout.TEXT_ALIGNMENT - 1
_pack_length = layout.LENGTH.pack
_HIGH_DESCRIPTOR: Final = 700
"""Descriptors are moved up here: programs close or count the low ones."""


def move_up(fd: int) -> int:
    """The same open file under a high, close-on-exec descriptor where the limit allows."""
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH_DESCRIPTOR)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EMFILE):
            raise
        return fd
    os.close(fd)
    return high


def _set_aside(fd: int, offset: int, size: int) -> None:
    """Make room that is really there. Raises OSError when there is none."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, offset, size)
        return
    # macOS has no posix_fallocate: writing zeros is what it would do.
    written = 0
    while written < size:
        written += os.pwrite(fd, bytes(size - written), offset + written)


class Windows:
    """A growing file of the recording, seen through the last few mapped windows."""

    def __init__(self, directory: str, table: layout.Table) -> None:
        """Make the file, with its header. Raises OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self.fd = move_up(os.open(os.path.join(directory, table.name), flags, 0o600))
        self.views: dict[int, memoryview] = {}
        self._lock = originals.RLock()
        self.window(0)[: layout.HEADER_SIZE] = layout.header(table)

    def window(self, number: int) -> memoryview:
        """The window with that number, made if need be. Raises OSError when there is no room."""
        with self._lock:
            view = self.views.get(number)
            if view is None:
                _set_aside(self.fd, number << WINDOW_BITS, WINDOW)
                if number:
                    # A table that grows is a busy one: pages that were written at one go are
                    # three times as cheap to touch for the first time as set-aside ones.
                    os.pwrite(self.fd, bytes(WINDOW), number << WINDOW_BITS)
                view = map_shared(self.fd, number << WINDOW_BITS, WINDOW)
                self.views[number] = view
                for old in [one for one in self.views if one <= number - _WINDOWS_KEPT]:
                    del self.views[old]
            return view

    def cut(self, end: int) -> None:
        """Give back what was set aside behind that offset, and let go of the file."""
        self.views.clear()
        os.ftruncate(self.fd, end)
        os.close(self.fd)

    def abandon(self) -> None:
        """Let go of the file and leave it as it is: it belongs to another process now."""
        self.views.clear()
        os.close(self.fd)


class RowFile:
    """A table of fixed-size rows, numbered from 0. Appending is safe from any thread.

    A number is taken with one atomic operation and the row then written with one more; the row's
    last field is what commits it.
    """

    def __init__(self, directory: str, table: layout.Table, row: struct.Struct) -> None:
        self._windows = Windows(directory, table)
        self._views = self._windows.views
        self._numbers = itertools.count()
        self._next = self._numbers.__next__
        self._pack = row.pack_into
        self._size = row.size

    @property
    def fd(self) -> int:
        """The file's descriptor."""
        return self._windows.fd

    def append(self, *fields: int) -> int:
        """Write a row; its number. Raises OSError when there is no room for it."""
        number = self._next()
        offset = layout.HEADER_SIZE + number * self._size
        view = self._views.get(offset >> WINDOW_BITS) or self._windows.window(offset >> WINDOW_BITS)
        self._pack(view, offset & _WINDOW_MASK, *fields)
        return number

    def put(self, number: int, field: int, value: int) -> None:
        """Fill in one u32 field of a row written before, wherever in the file it lies."""
        offset = layout.HEADER_SIZE + number * self._size + field * 4
        os.pwrite(self.fd, struct.pack("<I", value), offset)

    def cut(self) -> None:
        """Close the file at its last row."""
        self._windows.cut(layout.HEADER_SIZE + self._next() * self._size)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self._windows.abandon()


class TextFile:
    """The side file of texts. An entry's reference is its offset divided by 8.

    Threads take turns only where something is called: there is no call between finding out where
    the file ends and moving that on, so that every entry has a place of its own.
    """

    def __init__(self, directory: str) -> None:
        self._windows = Windows(directory, layout.TEXTS)
        self._lock = originals.RLock()
        self._end = layout.HEADER_SIZE
        self._view = self._windows.window(0)
        self._limit = WINDOW
        """How far the file reaches that is mapped as `_view`."""
        self._last = 0
        self._last_length = 0

    def add(self, data: bytes) -> int:
        """Write an entry; its reference. Raises OSError when there is no room for it."""
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
        at = start & _WINDOW_MASK
        view[at : at + layout.LENGTH.size + length] = entry
        return start // layout.TEXT_ALIGNMENT

    def reserve(self, size: int) -> tuple[memoryview, int]:
        """A piece of the file for several entries, and the reference of its first.

        Raises OSError when there is no room for it.
        """
        while True:
            start = self._end
            end = start + (size + layout.TEXT_ALIGNMENT - 1 & -layout.TEXT_ALIGNMENT)
            if end <= self._limit:
                break
            self._map_next(end - start)
        # What was written last can't grow any more.
        self._end, self._last = end, 0
        view = self._view
        at = start & _WINDOW_MASK
        return view[at : at + end - start], start // layout.TEXT_ALIGNMENT

    def _map_next(self, need: int) -> None:
        """Go on with the next window, unless another thread has done so."""
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
        need = (need + WINDOW - 1) & ~_WINDOW_MASK
        start = self._limit
        self._end = self._limit = start + need
        _set_aside(self._windows.fd, start, need)
        os.pwrite(self._windows.fd, entry, start)
        return start // layout.TEXT_ALIGNMENT

    def extend(self, reference: int, data: bytes) -> bool:
        """Let the last entry grow, its length last; False if it isn't the last or can't."""
        more = len(data)
        with self._lock:
            start = reference * layout.TEXT_ALIGNMENT
            before = self._last_length
            end = start + (before + more + _LENGTH_AND_PADDING & -layout.TEXT_ALIGNMENT)
            if start != self._last or end > self._limit or start < self._limit - WINDOW:
                return False
            self._last_length, self._end = before + more, end
            view = self._view
            at = (start & _WINDOW_MASK) + layout.LENGTH.size + before
            view[at : at + more] = data
            layout.LENGTH.pack_into(view, start & _WINDOW_MASK, before + more)
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
        """Write no more: what is mapped may not be there any longer."""
        self._limit = 0
