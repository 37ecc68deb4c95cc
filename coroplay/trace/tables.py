"""Reading a recording's files: bounded, read-only, and safe against anything a folder may hold.

Files are read with `os.pread`, not mapped: a file that is cut short while it is being looked at
would end a process that has it mapped.
"""

from __future__ import annotations

import os
import stat
import struct
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from coroplay.trace import layout
from coroplay.trace.model import RecordingError

_BLOCK: Final = 1 << 16
_BLOCKS_KEPT: Final = 64
_HOLE: Final = 64
"""Rows before the end that are looked through for one that was reserved and never written."""
LONGEST_TEXT: Final = 1 << 26
"""Bytes; the probe writes none that is longer."""


def open_file(path: Path) -> int:
    """Open a regular file, following no link and waiting for nothing; return its descriptor."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise RecordingError(f"{path.parent} is not a recording: it has no {path.name}") from None
    except OSError as error:
        raise RecordingError(f"{path} can't be read: {error.strerror}") from None
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise RecordingError(f"{path} can't be read: it is not a regular file")
    return fd


class _File:
    """One table's file, checked to be what its name says."""

    def __init__(self, directory: Path, table: layout.Table) -> None:
        self.path = directory / table.name
        # An object, so that a table nobody closed is closed with it, and Python warns of that.
        self._file = open(open_file(self.path), "rb", buffering=0)  # noqa: SIM115
        self._fd = self._file.fileno()
        try:
            self._check(table)
        except RecordingError:
            self.close()
            raise

    def _check(self, table: layout.Table) -> None:
        head = os.pread(self._fd, layout.HEADER.size, 0)
        if len(head) < layout.HEADER.size or self.size() < layout.HEADER_SIZE:
            raise RecordingError(f"{self.path} is damaged: it ends within its header")
        magic, version, number, row_size = layout.HEADER.unpack(head)
        if magic != layout.MAGIC:
            raise RecordingError(f"{self.path} was not written by coroplay")
        if version != layout.VERSION:
            raise RecordingError(
                f"{self.path} has format {version}; this coroplay reads format {layout.VERSION}: "
                "open it with the coroplay that recorded it"
            )
        if (number, row_size) != (table.number, table.row_size):
            raise RecordingError(f"{self.path} is damaged: its header is that of another file")

    def close(self) -> None:
        """Let go of the file."""
        self._fd = -1
        self._file.close()

    def read(self, offset: int, size: int) -> bytes:
        """Read up to that many bytes. Raises RecordingError."""
        try:
            return os.pread(self._fd, size, offset)
        except OSError as error:
            raise self._unreadable(error) from None

    def size(self) -> int:
        """Return the number of bytes in the file as it is now. Raises RecordingError."""
        try:
            return os.fstat(self._fd).st_size
        except OSError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: OSError) -> RecordingError:
        why = "the recording is closed" if self._fd < 0 else error.strerror
        return RecordingError(f"{self.path} can't be read: {why}")

    def damaged(self, what: str) -> RecordingError:
        """Make an error that names the file and says what is wrong in it."""
        return RecordingError(f"{self.path} is damaged: {what}")


class Rows(_File):
    """A table of fixed-size rows that may still be growing.

    Rows are numbered as in the file, from 0; whoever uses references from 1 subtracts.
    """

    def __init__(self, directory: Path, table: layout.Table, row: struct.Struct) -> None:
        super().__init__(directory, table)
        self._row = row
        self._count = 0
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._last_field = struct.Struct("<Q" if row is layout.STEP else "<I")

    def room(self) -> int:
        """Return the number of rows that the file has room for, written or not."""
        return max(0, (self.size() - layout.HEADER_SIZE) // self._row.size)

    def committed(self) -> int:
        """Count the rows committed by now: the first that isn't ends the table."""
        low, room = self._count, self.room()
        if low >= room or not self._is_committed(low):
            return self._count
        width = 1
        while low + width < room and self._is_committed(low + width):
            low, width = low + width, width * 2
        high = min(low + width, room)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._is_committed(middle) else (low, middle)
        for row in range(max(self._count, low - _HOLE), low):
            if not self._is_committed(row):
                low = row - 1
                break
        self._count = low + 1
        return self._count

    def _is_committed(self, row: int) -> bool:
        end = layout.HEADER_SIZE + (row + 1) * self._row.size
        field = self.read(end - self._last_field.size, self._last_field.size)
        return len(field) == self._last_field.size and any(field)

    def __getitem__(self, row: int) -> tuple[int, ...]:
        offset = row * self._row.size
        block = self._block(offset // _BLOCK) if row >= 0 else None
        if block is None:
            return self.fresh(row)
        return self._row.unpack_from(block, offset % _BLOCK)

    def fresh(self, row: int) -> tuple[int, ...]:
        """Read a row as it stands in the file now, for tables whose rows are filled in later."""
        size = self._row.size
        data = self.read(layout.HEADER_SIZE + row * size, size) if row >= 0 else b""
        if len(data) < size:
            raise self.damaged(f"row {row} is missing")
        return self._row.unpack(data)

    def packed(self, start: int, stop: int) -> bytes:
        """Read the rows from start up to stop as they stand in the file."""
        size = self._row.size
        return self.read(layout.HEADER_SIZE + start * size, (stop - start) * size)

    def span(self, start: int, stop: int) -> Iterator[tuple[Any, ...]]:
        """Yield the rows from start up to stop, read a block's worth at a time."""
        size = self._row.size
        most = _BLOCK // size
        for first in range(start, stop, most):
            last = min(first + most, stop)
            data = self.packed(first, last)
            if len(data) < (last - first) * size:
                raise self.damaged(f"it ends before row {stop}")
            yield from self._row.iter_unpack(data)

    def _block(self, number: int) -> bytes | None:
        """Return a block of rows that will not change any more; None while it may."""
        block = self._blocks.get(number)
        if block is not None:
            self._blocks.move_to_end(number)
            return block
        after = layout.HEADER_SIZE + (number + 1) * _BLOCK
        if not any(self.read(after, self._row.size)):
            return None  # The next block has not been begun.
        block = self.read(after - _BLOCK, _BLOCK)
        self._blocks[number] = block
        if len(self._blocks) > _BLOCKS_KEPT:
            self._blocks.popitem(last=False)
        return block


class Texts(_File):
    """The side file of texts; an entry is referred to by its offset divided by 8."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, layout.TEXTS)

    def data(self, reference: int) -> bytes:
        """Return the bytes of an entry; none for reference 0."""
        if not reference:
            return b""
        offset = reference * layout.TEXT_ALIGNMENT
        if offset < layout.HEADER_SIZE:
            raise self.damaged(f"text {reference} lies within the header")
        near = self.read(offset, 256)
        if len(near) < layout.LENGTH.size:
            raise self.damaged(f"text {reference} lies beyond its end")
        (length,) = layout.LENGTH.unpack_from(near)
        start = layout.LENGTH.size
        if start + length <= len(near):
            return near[start : start + length]
        if length > LONGEST_TEXT or offset + length > self.size():
            raise self.damaged(f"text {reference} is longer than the file")
        return self.read(offset + start, length)

    def text(self, reference: int) -> str:
        """Return an entry as text; bytes that aren't UTF-8 become U+FFFD."""
        return self.data(reference).decode("utf-8", "replace")
