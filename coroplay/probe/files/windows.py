"""Growing files of the recording, seen through mapped windows, so that a kill loses nothing.

Room is set aside on the disk before it is mapped: a full disk is then an error here, and not a
signal that ends the program in the middle of a store.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import resource
from typing import Final

from coroplay.probe.base.locks import make_rlock
from coroplay.probe.files.mapping import map_shared
from coroplay.trace import layout

WINDOW_BITS: Final = 18
WINDOW: Final = 1 << WINDOW_BITS
"""Number of bytes mapped at a time: a multiple of every platform's page."""
WINDOW_MASK: Final = WINDOW - 1
_WINDOWS_KEPT: Final = 2
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
        self._lock = make_rlock()
        self._closed = False
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
                # Nothing is written here: a signal handler of the program may have made the same
                # window meanwhile, and filled it.
                set_aside(self.fd, number << WINDOW_BITS, WINDOW)
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
        number, at = offset >> WINDOW_BITS, offset & WINDOW_MASK
        view = self.header if number == 0 else self.views.get(number)
        if view is None:
            self._expect_own()
            view = map_shared(self.fd, number << WINDOW_BITS, WINDOW)
        view[at : at + len(data)] = data

    def write_large(self, offset: int, data: bytes, size: int) -> None:
        """Write behind all windows, where so many bytes are set aside first. Raises OSError."""
        with self._lock:
            self._expect_own()
            set_aside(self.fd, offset, size)
            os.pwrite(self.fd, data, offset)

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes of the file, fewer at its end. Raises OSError."""
        self._expect_own()
        return os.pread(self.fd, size, offset)

    def cut(self, end: int) -> None:
        """Close the file, cut off at that offset."""
        with self._lock:
            self._expect_own()
            self._closed = True
            self.views.clear()
            os.ftruncate(self.fd, end)
            os.close(self.fd)

    def abandon(self) -> None:
        """Close the file and leave it as it is to another process."""
        self.views.clear()
        with contextlib.suppress(OSError, RuntimeError):
            self._expect_own()
            self._closed = True
            os.close(self.fd)

    def _expect_own(self) -> None:
        """Raise OSError if the descriptor has come to stand for a file of the program's.

        A program may close all descriptors, ours too, and open its own files in their place.
        Raises RuntimeError if the file was closed here.
        """
        if self._closed:
            raise RuntimeError("the recording is closed")
        if identity(self.fd) != self._file:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def identity(fd: int) -> tuple[int, int]:
    """Return the identity of an open file. Raises OSError if the descriptor is closed."""
    status = os.fstat(fd)
    return status.st_dev, status.st_ino
