"""The recording's files, appended to through mapped windows, so that a kill loses nothing.

Room is set aside on the disk before it is mapped: so a full disk is an error here, and not a signal
that ends the program in the middle of a store.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import itertools
import os
import resource
import struct
from collections.abc import Callable
from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.files.mapping import map_shared
from coroplay.trace import layout

HEADER_SIZE: Final = layout.HEADER_SIZE
WINDOW_BITS: Final = 18
WINDOW: Final = 1 << WINDOW_BITS
"""Number of bytes mapped at a time: a multiple of every platform's page."""
_WINDOW_MASK: Final = WINDOW - 1
_WINDOWS_KEPT: Final = 2
_LENGTH_AND_PADDING: Final = layout.LENGTH.size + layout.TEXT_ALIGNMENT - 1
_pack_length = layout.LENGTH.pack
_ALMOST_FULL: Final = WINDOW - 4096
"""Offset in a window from which on the next window is made, to be there when needed."""
_HIGH_DESCRIPTOR: Final = 700
"""Lowest descriptor that the probe keeps: programs close or count the low ones."""
_LEFT_FREE: Final = 64 << 20
"""Bytes of the disk that a recording leaves free for the program..."""
_LEFT_FREE_OF_SMALL: Final = 20
"""... but at most this fraction of the disk: one twentieth."""


def move_up(fd: int) -> int:
    """Move an open file to a high, close-on-exec descriptor; return it, or `fd` at the limit."""
    try:
        high = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH_DESCRIPTOR)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EMFILE):
            raise
        return fd
    os.close(fd)
    return high


def set_aside(fd: int, offset: int, size: int) -> None:
    """Make sure that a part of a file has room on the disk. Raises OSError when there is none."""
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if most != resource.RLIM_INFINITY and offset + size > most:
        # Asked to write there, the system would also send SIGXFSZ, which may end the program.
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    disk = os.fstatvfs(fd)
    left = min(_LEFT_FREE, disk.f_blocks * disk.f_frsize // _LEFT_FREE_OF_SMALL)
    if disk.f_bavail * disk.f_frsize < size + left:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(fd, offset, size)
        return
    # macOS has no posix_fallocate, which would write zeros just so.
    written = 0
    while written < size:
        written += os.pwrite(fd, bytes(size - written), offset + written)


def reason(error: OSError) -> str:
    """Return the reason for which something could not be written, in words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return layout.NO_ROOM
    return error.strerror or str(error)


class Windows:
    """A growing file of the recording, seen through the last few mapped windows."""

    def __init__(self, directory: str, table: layout.Table) -> None:
        """Make the file, with its header. Raises OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
        self.fd = move_up(os.open(os.path.join(directory, table.name), flags, 0o600))
        self._file = identity(self.fd)
        self.views: dict[int, memoryview] = {}
        self._lock = originals.RLock()
        try:
            self.header = self.window(0)
            """The first window, which stays mapped."""
        except OSError:
            os.close(self.fd)
            raise
        self.header[: layout.HEADER_SIZE] = layout.header(table)

    def window(self, number: int) -> memoryview:
        """Return the window with that number, made if need be. Raises OSError without room."""
        with self._lock:
            view = self.views.get(number)
            if view is None:
                self._expect_own()
                set_aside(self.fd, number << WINDOW_BITS, WINDOW)
                if number:
                    # A table that grows is a busy one: the first access to a page costs a third
                    # if the page was written before, and not only set aside.
                    os.pwrite(self.fd, bytes(WINDOW), number << WINDOW_BITS)
                view = map_shared(self.fd, number << WINDOW_BITS, WINDOW)
                self.views[number] = view
                for old in [one for one in self.views if one <= number - _WINDOWS_KEPT]:
                    del self.views[old]
            return view

    def put(self, offset: int, data: bytes) -> None:
        """Write into room that was set aside before, in any window. Raises OSError.

        The bytes go through a mapping: the program may have set a limit on files since then, and
        would be ended for an ordinary write.
        """
        number, at = offset >> WINDOW_BITS, offset & _WINDOW_MASK
        view = self.header if number == 0 else self.views.get(number)
        if view is None:
            self._expect_own()
            view = map_shared(self.fd, number << WINDOW_BITS, WINDOW)
        view[at : at + len(data)] = data

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the file, fewer at its end. Raises OSError."""
        self._expect_own()
        return os.pread(self.fd, size, offset)

    def cut(self, end: int) -> None:
        """Close the file, cut off at that offset."""
        self._expect_own()
        self.views.clear()
        os.ftruncate(self.fd, end)
        os.close(self.fd)

    def abandon(self) -> None:
        """Close the file and leave it as it is to another process."""
        self.views.clear()
        with contextlib.suppress(OSError):
            self._expect_own()
            os.close(self.fd)

    def _expect_own(self) -> None:
        """Raise OSError if the descriptor has come to stand for a file of the program's.

        A program may close all descriptors, ours too, and open its own files in their place.
        """
        if identity(self.fd) != self._file:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def identity(fd: int) -> tuple[int, int]:
    """Return the identity of an open file. Raises OSError if the descriptor is closed."""
    status = os.fstat(fd)
    return status.st_dev, status.st_ino


class RowFile:
    """A table of fixed-size rows, numbered from 0. Appending is safe from any thread.

    A row that got a number and was never written would end the table for its readers. So from the
    number to the writing there is nothing at which the interpreter lets another thread run, or a
    signal handler of the program, which may raise: no call and no jump back. The last field of a
    row commits the row.
    """

    def __init__(self, directory: str, table: layout.Table, row: struct.Struct) -> None:
        self._windows = Windows(directory, table)
        self._views = self._windows.views
        self._numbers = itertools.count()
        self._pack = row.pack_into
        self._size = row.size

    @property
    def fd(self) -> int:
        """The file's descriptor."""
        return self._windows.fd

    def append(self, *fields: int) -> int:
        """Write a row; return its number. Raises OSError when there is no room for the row."""
        for number in self._numbers:  # noqa: B007  (a loop takes it without a call)
            break
        offset = HEADER_SIZE + number * self._size
        try:
            view = self._views[offset >> WINDOW_BITS]
        except KeyError:  # Making the window ahead of time failed for want of room.
            view = self._windows.window(offset >> WINDOW_BITS)
        self._pack(view, offset & _WINDOW_MASK, *fields)
        if offset & _WINDOW_MASK >= _ALMOST_FULL:
            with contextlib.suppress(OSError):
                self._windows.window((offset >> WINDOW_BITS) + 1)
        return number

    def put(self, number: int, field: int, value: int) -> None:
        """Fill in one u32 field of a row that was written before."""
        self._windows.put(HEADER_SIZE + number * self._size + field * 4, struct.pack("<I", value))

    def cut(self) -> None:
        """Close the file at its last row."""
        self._windows.cut(HEADER_SIZE + next(self._numbers) * self._size)

    def abandon(self) -> None:
        """Close the file and leave it to the process that writes it."""
        self._windows.abandon()


class Rows:
    """The end of a table whose rows are two words of 8 bytes each, written by the class's users.

    Users call nothing between reading `row` and advancing it, so that no other thread, and no
    signal handler of the program, comes in between. The second word commits a row.
    """

    SIZE: Final = 16

    def __init__(self, window: Callable[[int], memoryview]) -> None:
        """Begin in the first window; `window` maps the n-th of the file. Raises OSError."""
        self._window: Callable[[int], memoryview] | None = window
        self._lock = originals.RLock()
        self.base = 0
        """The number of the window's first row."""
        self.row = 0
        """The index in the window of the next row."""
        self.firsts = self.seconds = memoryview(b"")
        """The first and the second word of each row of the window."""
        self.map(0)

    @property
    def count(self) -> int:
        """Number of rows written so far."""
        return self.base + self.row

    def map(self, number: int) -> None:
        """Go on to the window of the row with that number, unless another thread has.

        Raises OSError when there is no room for the window.
        """
        with self._lock:
            if self.firsts and number != self.count:
                return
            words = self._from(number).cast("Q")
            self.base, self.row = number, 0
            self.firsts, self.seconds = words[::2], words[1::2]

    def _from(self, number: int) -> memoryview:
        """Return the rows from that number on, as far as their window reaches."""
        if self._window is None:
            raise RuntimeError("the recording is closed")
        offset = HEADER_SIZE + number * self.SIZE
        return self._window(offset >> WINDOW_BITS)[offset & _WINDOW_MASK :]

    def reserve(self, size: int) -> tuple[memoryview, int]:
        """Return a piece of the table of about so many bytes, and the reference of its first row.

        Raises OSError when there is no room for the piece.
        """
        most = size // self.SIZE
        while True:
            firsts = self.firsts
            room = len(firsts)
            row = self.row
            if firsts is self.firsts and row < room:
                break
            self.map(self.base + row)
        end = min(room, row + most)
        self.row = end
        number = self.base + row
        return self._from(number)[: (end - row) * self.SIZE], number + 1

    def stop(self) -> None:
        """Write no more: windows may be unmapped from now on."""
        self._window = None
        self.base, self.row = self.count, 0
        self.firsts = self.seconds = memoryview(b"")


class TextFile:
    """The side file of texts. An entry's reference is its offset divided by 8.

    Threads take turns only where something is called. There is no call between reading and
    advancing the end of the file, so that no two entries overlap.
    """

    def __init__(self, directory: str) -> None:
        self._windows = Windows(directory, layout.TEXTS)
        self._lock = originals.RLock()
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
        at = start & _WINDOW_MASK
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
        at = start & _WINDOW_MASK
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
        need = (need + WINDOW - 1) & ~_WINDOW_MASK
        start = self._limit
        self._end = self._limit = start + need
        set_aside(self._windows.fd, start, need)
        os.pwrite(self._windows.fd, entry, start)
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
        """Write no more: windows may be unmapped from now on."""
        self._limit = 0
