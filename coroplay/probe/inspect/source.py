"""The source text of a position in a file.

Sources are read without the standard library's help: its modules load others when they are first
asked, and a hook may be called while the program is in the middle of importing those very modules.
"""

from __future__ import annotations

import os
import re
from _stat import S_ISREG
from io import FileIO
from typing import Final

from coroplay.probe.base.interruptions import is_from_within

_stat = os.stat
_ENCODING: Final = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")
"""The line that names the encoding of a source: see PEP 263."""
_BOM: Final = b"\xef\xbb\xbf"
_MOST_FILES: Final = 64
_sources: dict[str, tuple[bytes, ...]] = {}
"""The lines of the files that were read last, in UTF-8; no lines of a file that can't be read."""


Position = tuple[int | None, int | None, int | None, int | None]
"""The first and last line of an instruction's source, and the columns of its start and end."""


def source_between(file: str, position: Position, start: int | None = None) -> str:
    """Return the source at a position, as written; empty if it is unknown.

    It begins in column `start` of its first line, if given.
    """
    first, last, column, end = position
    if first is None or last is None or column is None or end is None:
        return ""
    lines = list(_lines_of(file)[first - 1 : last])
    if len(lines) != last - first + 1:
        return ""
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][column if start is None else start :]
    return b"".join(lines).decode("utf-8", "replace")


def _lines_of(file: str) -> tuple[bytes, ...]:
    lines = _sources.get(file)
    if lines is None:
        if len(_sources) >= _MOST_FILES:
            _sources.clear()
        lines = _sources[file] = _read(file)
    return lines


def _read(file: str) -> tuple[bytes, ...]:
    content = _content(file)
    lines = content.splitlines(keepends=True)
    named = next(filter(None, map(_ENCODING.match, lines[:2])), None)
    if named is None:
        return tuple(lines)
    # A codec may be in Python: what a signal handler raises in there can't be told from its errors.
    try:
        # The interpreter has found that codec already, when it compiled the file.
        return tuple(content.decode(named[1].decode()).encode().splitlines(keepends=True))
    except (ValueError, LookupError):
        return ()


def _content(file: str) -> bytes:
    """Return what a file holds, without the mark of its encoding; nothing if it can't be read."""
    # Only functions in C run within this `try`.
    try:
        # Not from a pipe, whose other end may wait for the program.
        if not S_ISREG(_stat(file).st_mode):
            return b""
        with FileIO(file) as source:
            return source.readall().removeprefix(_BOM)
    except (OSError, ValueError) as error:
        if is_from_within(error):
            raise
        return b""
