"""Source files that a recording speaks of, as clean lines; read once, and only if of sane size."""

from __future__ import annotations

import os
import re
import stat
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coroplay.sanitizing import clean

LARGEST: Final = 1 << 21
"""Bytes of the largest file that is shown."""
WIDEST: Final = 400
_KEPT: Final = 32
_TAB: Final = 4


@dataclass(frozen=True, slots=True)
class Source:
    """One file's lines, or the reason why there are none."""

    file: str
    lines: tuple[str, ...]
    problem: str | None = None
    """A sentence for the person, if the file can't be shown."""

    def function(self, name: str, line: int | None = None) -> range:
        """Find the lines of the function of that name, counted from 1; empty if there is none.

        Where several have that name, the one that holds the line.
        """
        if not name.isidentifier():
            return range(0)
        pattern = re.compile(rf"(\s*)(?:async\s+)?def\s+{name}\b")
        found = range(0)
        for at, text in enumerate(self.lines, 1):
            match = pattern.match(text)
            if match:
                lines = range(at, self._end(at, len(match[1])) + 1)
                if not found or (line is not None and line in lines):
                    found = lines
        return found

    def _end(self, at: int, indent: int) -> int:
        """Find the last line of the block whose head is at that line and indented so far."""
        last, opened = at, False
        for number, text in enumerate(self.lines[at:], at + 1):
            opened = opened or self.lines[number - 2].rstrip().endswith(":")
            bare = text.lstrip()
            if bare and opened and len(text) - len(bare) <= indent:
                break
            if bare:
                last = number
        return last


class Sources:
    """The source files that were asked for so far."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Source] = OrderedDict()

    def source(self, file: str) -> Source:
        """Return the lines of that file; if it can't be read, an empty source with a sentence."""
        known = self._known.get(file)
        if known is None:
            known = self._known[file] = _read(file)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known


def _read(file: str) -> Source:
    name = clean(Path(file).name, 60)
    try:
        text = _text(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return Source(file, (), f"The source of {name} can't be shown: {reason}.")
    return Source(file, tuple(clean(line.expandtabs(_TAB), WIDEST) for line in text.split("\n")))


def _text(file: str) -> str:
    # The name comes from the recording: it may as well be a device or a pipe.
    fd = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("it is not a regular file")
        if status.st_size > LARGEST:
            raise ValueError(f"it is larger than {LARGEST >> 20} MiB")
        data = os.read(fd, LARGEST)
    finally:
        os.close(fd)
    return data.decode("utf-8", "replace").replace("\r\n", "\n").removesuffix("\n")
