"""Several programs' output as one: each line with its program's name in front. Bytes in and out."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LONGEST_HELD: Final = 1 << 16
"""Bytes of an unfinished line that are held back at most."""


class Stream(enum.IntEnum):
    """Which of its outputs a program wrote to; the value is the file descriptor."""

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
    """Puts prefixes before lines, and never two programs' words into one line.

    A line is held back until it is whole. One that stays unfinished, such as a prompt, is given out
    by `idle`; when another program's line comes before it is finished, it is ended first.
    """

    def __init__(self, prefixes: Sequence[bytes], *, one_screen: bool) -> None:
        self._prefixes = prefixes
        self._one_screen = one_screen
        """Whether both of the host's outputs end on the same screen, where lines can clash."""
        self._held: dict[_Source, bytes] = {}
        self._unfinished: dict[Stream | None, _Source] = {}
        """Per screen, whose line stands there without its end."""

    @property
    def holding(self) -> bool:
        """Whether `idle` would give something."""
        return bool(self._held)

    def feed(self, program: int, stream: Stream, data: bytes) -> list[Piece]:
        """A program wrote something."""
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
        """Nothing has come for a moment: show what is held back."""
        held, self._held = self._held, {}
        return [piece for source, rest in held.items() for piece in self._begin(source, rest)]

    def entered(self) -> None:
        """The person has pressed Enter, which ended the unfinished line on the screen."""
        self._unfinished.clear()

    def ended(self, program: int) -> list[Piece]:
        """A program will write no more: its last line ends here."""
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
        """Put text on the screen, going on with the source's own unfinished line if it can."""
        screen = self._screen(source.stream)
        before = self._unfinished.get(screen)
        self._unfinished[screen] = source
        if before == source:
            return [Piece(source.stream, text)]
        text = self._prefixes[source.program] + text
        if before is None:
            return [Piece(source.stream, text)]
        return [Piece(before.stream, b"\n"), Piece(source.stream, text)]
