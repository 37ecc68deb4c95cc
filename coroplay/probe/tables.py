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
_ALIGN: Final = layout.TEXT_ALIGNMENT - 1
_LENGTH_SIZE: Final = layout.LENGTH.size
_pack_length: Final = layout.LENGTH.pack
_put_length: Final = layout.LENGTH.pack_into
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
    """The side file of texts. An entry's reference is its offset divided by 8."""

    def __init__(self, directory: str) -> None:
        self._windows = Windows(directory, layout.TEXTS)
        self._views = self._windows.views
        self._lock = originals.RLock()
        # The last entry: its window, where it begins and stops in there, and its reference.
        self._number = 0
        self._start = 0
        self._stop = layout.HEADER_SIZE
        self._last = -1

    def add(self, data: bytes) -> int:
        """Write an entry; its reference. Raises OSError when there is no room for it."""
        with self._lock:
            length = len(data)
            start = (self._stop + _ALIGN) & ~_ALIGN
            stop = start + _LENGTH_SIZE + length
            if stop > WINDOW:
                # An entry lies within one window, or begins one.
                self._number += (start + WINDOW - 1) >> WINDOW_BITS
                start, stop = 0, _LENGTH_SIZE + length
            number = self._number
            if stop > WINDOW:
                self._add_large(number << WINDOW_BITS, data)
            else:
                view = self._views.get(number) or self._windows.window(number)
                view[start:stop] = _pack_length(length) + data
            self._start, self._stop = start, stop
            self._last = ((number << WINDOW_BITS) + start) // layout.TEXT_ALIGNMENT
            return self._last

    def _add_large(self, offset: int, data: bytes) -> None:
        size = -(-(_LENGTH_SIZE + len(data)) // WINDOW) * WINDOW
        _set_aside(self._windows.fd, offset, size)
        os.pwrite(self._windows.fd, _pack_length(len(data)) + data, offset)

    def extend(self, reference: int, data: bytes) -> bool:
        """Let the last entry grow, its length last; False if it isn't the last or can't."""
        with self._lock:
            before = self._stop
            stop = before + len(data)
            if reference != self._last or stop > WINDOW:
                return False
            view = self._views.get(self._number) or self._windows.window(self._number)
            view[before:stop] = data
            _put_length(view, self._start, stop - self._start - _LENGTH_SIZE)
            self._stop = stop
            return True

    def cut(self) -> None:
        """Close the file at its last entry."""
        self._windows.cut((self._number << WINDOW_BITS) + ((self._stop + _ALIGN) & ~_ALIGN))

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self._windows.abandon()
