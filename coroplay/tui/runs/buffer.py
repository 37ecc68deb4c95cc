"""A program's whole output, as blocks of bytes in which any line is found quickly.

Lines are numbered from 0 and keep their numbers when the oldest blocks are dropped to bound the
memory. Nothing is decoded here: only the lines on the screen ever are.
"""

from __future__ import annotations

import enum
import re
from array import array
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

SEALED_AT: Final = 1 << 16
"""Bytes from which on a block takes no more."""
_MOST_AT_ONCE: Final = 1 << 17
"""Bytes that a block takes at once: of an opened recording, a step may have written very many."""
MOST_KEPT: Final = 48 << 20
"""Bytes of output kept at most; the recording has it all."""
MOST_SHOWN: Final = 1 << 13
"""Bytes of one line that are shown at most."""
_INDEXES_KEPT: Final = 16
_SGR: Final = re.compile(rb"\x1b\[[0-9;:]*m")
"""A sequence that sets or resets colours."""
_COLOURS_HELD: Final = 8
"""Colour sequences that are kept before a line: more hardly ever stand together."""
_LONGEST_COLOUR: Final = 64
"""Bytes; a longer sequence is no colour that anybody wants."""


class Stream(enum.IntEnum):
    """The ways by which text comes onto the screen."""

    OUT = 1
    ERROR = 2
    TYPED = 3
    """The person's input, as a terminal would show it."""


@dataclass(frozen=True, slots=True)
class OutputLine:
    """One line, or as much of it as is shown."""

    number: int
    stream: Stream
    offset: int
    """Offset of the line in its stream, in bytes."""
    data: bytes
    left_out: int
    """Bytes of the line that are not in `data`."""
    colours: bytes
    """Colour sequences before the line that are still in force at its beginning."""


class _Block:
    """Consecutive bytes of one stream."""

    __slots__ = ("coloured", "colours", "data", "first", "newlines", "number", "offset", "stream")

    def __init__(
        self, number: int, stream: Stream, first: int, offset: int, colours: bytes
    ) -> None:
        self.number = number
        self.stream = stream
        self.first = first
        """Number of newlines before the block."""
        self.offset = offset
        self.data: bytes | bytearray = b""
        self.newlines = 0
        self.colours = colours
        self.coloured = False
        """True if the block may hold colour sequences."""

    def add(self, data: bytes) -> None:
        """Add bytes at the end."""
        self.newlines += data.count(b"\n")
        self.coloured |= b"\x1b" in data
        if not self.data:
            self.data = data
        elif isinstance(self.data, bytearray):
            self.data += data
        else:
            self.data = bytearray(self.data) + data

    def seal(self) -> None:
        """Give up the room for more bytes."""
        self.data = bytes(self.data)

    def takes(self, stream: Stream, size: int) -> bool:
        """Return True if bytes of that stream fit in here."""
        return self.stream is stream and len(self.data) + size <= SEALED_AT


class Buffer:
    """The output of one program, in the order in which it came."""

    def __init__(self, most_kept: int = MOST_KEPT) -> None:
        self._most_kept = most_kept
        self._blocks: list[_Block] = []
        self._firsts: list[int] = []
        self._indexes: OrderedDict[tuple[int, int], array[int]] = OrderedDict()
        self._made = 0
        self._newlines = 0
        self._ends_open = False
        self._last_from: Stream | None = None
        self.size = 0
        """Bytes kept."""
        self.first_line = 0
        """The number of the first line that is kept."""
        self.offsets = dict.fromkeys(Stream, 0)
        """Number of bytes that have come, by stream."""
        self._colours = dict.fromkeys(Stream, b"")
        self._cut = 0
        self._cut_line = -1
        """The number of the line that has lost `_cut` bytes of its middle."""

    @property
    def end(self) -> int:
        """The number of the line after the last."""
        return self._newlines + self._ends_open

    @property
    def complete(self) -> int:
        """The number of the first line that may still grow."""
        return self._newlines

    @property
    def came(self) -> int:
        """Number of bytes that have come."""
        return sum(self.offsets.values())

    def __len__(self) -> int:
        """Number of lines that are kept."""
        return max(0, self.end - self.first_line)

    def append(self, stream: Stream, data: bytes) -> None:
        """Add output at the end."""
        if not data:
            return
        typed = Stream.TYPED in (stream, self._last_from)
        if self._ends_open and self._last_from is not stream and not typed:
            self._put(Stream.TYPED, b"\n")  # Two streams never share a line.
        for start in range(0, len(data), _MOST_AT_ONCE):
            self._put(stream, data[start : start + _MOST_AT_ONCE])
        self._last_from = stream
        while self.size > self._most_kept and len(self._blocks) > 1:
            self._drop_first()

    def line(self, number: int) -> OutputLine:
        """Return a line by its number. Raises IndexError for a line that isn't kept."""
        if not self.first_line <= number < self.end:
            raise IndexError(f"line {number} of {self.first_line} to {self.end}")
        index, at = self._start(number)
        block = self._blocks[index]
        data, more = self._gather(index, at)
        left_out = self._length_from(index, at, number) - len(data) if more else 0
        if number == self._cut_line:
            left_out += self._cut
        if left_out and b"\r" in data:
            data = self._tail(number)
        colours = self._colours_at(block, at)
        return OutputLine(number, block.stream, block.offset + at, data, left_out, colours)

    def stretch(self, number: int) -> tuple[int, list[bytes]]:
        """Return the lines that begin in the same block: the first's number, and their bytes.

        Lines that the block holds are whole, however long.
        """
        if number >= self.end:
            return number, []
        index, _ = self._start(number)
        block = self._blocks[index]
        lines = bytes(block.data).split(b"\n")
        last = block.first + block.newlines
        if not lines[-1]:
            del lines[-1]
        else:
            lines[-1] = self.line(last).data
        begins = self._blocks[index - 1].data.endswith(b"\n") if index else None
        if begins is None:
            begins = block.first >= self.first_line
        return (block.first, lines) if begins else (block.first + 1, lines[1:])

    def _put(self, stream: Stream, data: bytes) -> None:
        if not self._blocks or not self._blocks[-1].takes(stream, len(data)):
            colours = self._colours[stream]
            if self._blocks:
                self._blocks[-1].seal()
            block = _Block(self._made, stream, self._newlines, self.offsets[stream], colours)
            self._made += 1
            self._blocks.append(block)
            self._firsts.append(self._newlines)
        block = self._blocks[-1]
        before = block.newlines
        block.add(data)
        self._newlines += block.newlines - before
        self._ends_open = not data.endswith(b"\n")
        self.offsets[stream] += len(data)
        self.size += len(data)
        if b"\x1b[" in data:
            self._colours[stream] = in_force(self._colours[stream], data, len(data))

    def _drop_first(self) -> None:
        gone = self._blocks[0]
        # The rest of a line whose beginning went with the block is not shown.
        first_left = gone.first + gone.newlines + (not gone.data.endswith(b"\n"))
        # Where that would be the only line, it loses some of its middle, which isn't shown either.
        at = 2 if first_left >= self.end and len(self._blocks) > 3 else 0
        gone = self._blocks.pop(at)
        del self._firsts[at]
        self.size -= len(gone.data)
        if at:
            self._cut, self._cut_line = self._cut + len(gone.data), self.end - 1
        else:
            self.first_line = max(self.first_line, first_left)
            if self.first_line > self._cut_line:
                self._cut = 0

    def _start(self, number: int) -> tuple[int, int]:
        """Return the block in which a line begins, and the position in that block."""
        index = bisect_left(self._firsts, number) - 1
        if number == 0 or index < 0:
            return 0, 0
        block = self._blocks[index]
        at = self._newline_positions(block)[number - block.first - 1] + 1
        if at == len(block.data) and index + 1 < len(self._blocks):
            return index + 1, 0
        return index, at

    def _newline_positions(self, block: _Block) -> array[int]:
        key = (block.number, len(block.data))
        found = self._indexes.get(key)
        if found is None:
            found = array("L")
            at = block.data.find(b"\n")
            while at >= 0:
                found.append(at)
                at = block.data.find(b"\n", at + 1)
            self._indexes[key] = found
            if len(self._indexes) > _INDEXES_KEPT:
                self._indexes.popitem(last=False)
        return found

    def _gather(self, index: int, at: int) -> tuple[bytes, bool]:
        """Return the bytes of a line from there on, and True if there are more than are shown."""
        pieces: list[bytes] = []
        room = MOST_SHOWN
        while index < len(self._blocks):
            data = self._blocks[index].data
            newline = data.find(b"\n", at, at + room + 1)
            stop = newline if newline >= 0 else min(len(data), at + room)
            pieces.append(bytes(data[at:stop]))
            room -= stop - at
            if newline >= 0:
                return b"".join(pieces), False
            if stop < len(data):
                return b"".join(pieces), True
            index, at = index + 1, 0
        return b"".join(pieces), False

    def _length_from(self, index: int, at: int, number: int) -> int:
        last, stop = self._stop(number)
        if last == index:
            return stop - at
        between = sum(len(block.data) for block in self._blocks[index + 1 : last])
        return len(self._blocks[index].data) - at + between + stop

    def _stop(self, number: int) -> tuple[int, int]:
        """Return the block in which a line ends, and the position in that block."""
        if number >= self._newlines:
            return len(self._blocks) - 1, len(self._blocks[-1].data)
        index = bisect_left(self._firsts, number + 1) - 1
        block = self._blocks[index]
        return index, self._newline_positions(block)[number - block.first]

    def _tail(self, number: int) -> bytes:
        """Return a long line's end, which is all a terminal shows of a line that is overwritten."""
        index, stop = self._stop(number)
        pieces: list[bytes] = []
        room = MOST_SHOWN
        while index >= 0 and room:
            start = max(0, stop - room)
            pieces.append(bytes(self._blocks[index].data[start:stop]))
            room -= stop - start
            index -= 1
            stop = len(self._blocks[index].data) if index >= 0 else 0
        tail = b"".join(reversed(pieces))
        return tail[tail.find(b"\r") + 1 :]

    def _colours_at(self, block: _Block, at: int) -> bytes:
        return in_force(block.colours, block.data, at) if block.coloured else block.colours


def in_force(before: bytes, data: bytes | bytearray, stop: int) -> bytes:
    """Return the colour sequences in force at `stop`: the last few since all were reset."""
    held: list[bytes] = []
    while len(held) < _COLOURS_HELD:
        stop = data.rfind(b"\x1b[", 0, stop)
        if stop < 0:
            held += reversed(_SGR.findall(before))
            break
        match = _SGR.match(data, stop)
        if match is None or len(match.group()) > _LONGEST_COLOUR:
            continue
        if match.group() in (b"\x1b[m", b"\x1b[0m"):
            break
        held.append(match.group())
    return b"".join(reversed(held[:_COLOURS_HELD]))
