"""Several programs' output made into one: bytes in, and out with a prefix before each line."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_HELD: Final = 1 << 16
"""The most bytes of an unfinished line that are held back."""


class Stream(enum.IntEnum):
    """One of a program's two outputs; the value is the file descriptor."""

    STDOUT = 1
    STDERR = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes to write to one of the host's own outputs."""

    stream: Stream
    data: bytes


@dataclass(frozen=True, slots=True)
class _Source:
    program: int
    stream: Stream


class Prefixer:
    """A mixer of lines that puts a prefix before each, and never joins two programs' words in one.

    A line is held back until it is whole. An unfinished line, such as a prompt, is given out by
    `idle`; when another program's line comes meanwhile, the unfinished line is ended first.
    """

    def __init__(self, prefixes: Sequence[bytes], *, one_screen: bool) -> None:
        self._prefixes = prefixes
        self._one_screen = one_screen
        """True if both of the host's outputs are on the same screen, where lines can clash."""
        self._held: dict[_Source, bytes] = {}
        self._unfinished: dict[Stream | None, _Source] = {}
        """The source of the line that stands unfinished on each screen."""

    @property
    def holding(self) -> bool:
        """True if `idle` would give something."""
        return bool(self._held)

    def feed(self, program: int, stream: Stream, data: bytes) -> list[Piece]:
        """Take bytes that a program wrote, and return what can be shown."""
        source = _Source(program, stream)
        data = self._held.pop(source, b"") + data
        whole, newline, rest = data.rpartition(b"\n")
        pieces = self._lines(source, whole + newline) if newline else []
        if len(rest) > LONGEST_HELD:
            pieces += self._begin(source, rest)
        elif rest:
            self._held[source] = rest
        return pieces

    def idle(self) -> list[Piece]:
        """Return what is held back, because no program has written for a moment."""
        held, self._held = self._held, {}
        return [piece for source, rest in held.items() for piece in self._begin(source, rest)]

    def entered(self) -> None:
        """Take note that the person ended the unfinished line on the screen with Enter."""
        self._unfinished.clear()

    def ended(self, program: int) -> list[Piece]:
        """Return the end of a program's last line, because it will write no more."""
        pieces = []
        for stream in Stream:
            source = _Source(program, stream)
            if rest := self._held.pop(source, b""):
                pieces += self._begin(source, rest)
            if self._unfinished.get(self._screen(stream)) == source:
                del self._unfinished[self._screen(stream)]
                pieces.append(Piece(stream, b"\n"))
        return pieces

    def _screen(self, stream: Stream) -> Stream | None:
        return None if self._one_screen else stream

    def _lines(self, source: _Source, whole: bytes) -> list[Piece]:
        first, newline, others = whole.partition(b"\n")
        pieces = self._begin(source, first + newline)
        del self._unfinished[self._screen(source.stream)]
        if others:
            prefix = self._prefixes[source.program]
            lines = others[:-1].split(b"\n")
            data = b"".join(prefix + line + b"\n" for line in lines)
            pieces.append(Piece(source.stream, data))
        return pieces

    def _begin(self, source: _Source, text: bytes) -> list[Piece]:
        """Put text on the screen, as part of the source's own unfinished line if there is one."""
        screen = self._screen(source.stream)
        before = self._unfinished.get(screen)
        self._unfinished[screen] = source
        if before == source:
            return [Piece(source.stream, text)]
        text = self._prefixes[source.program] + text
        if before is None:
            return [Piece(source.stream, text)]
        return [Piece(before.stream, b"\n"), Piece(source.stream, text)]
