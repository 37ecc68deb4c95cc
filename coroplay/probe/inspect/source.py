"""The source text of an instruction."""

from __future__ import annotations

import itertools
import linecache
from types import CodeType


def source_text(code: CodeType, at: int) -> str:
    """Return the source of the instruction at an offset, as written; empty if it is unknown."""
    positions = (
        next(itertools.islice(code.co_positions(), at // 2, None), None) if at >= 0 else None
    )
    if positions is None:
        return ""
    first, last, start, end = positions
    if first is None or last is None or start is None or end is None:
        return ""
    lines = [linecache.getline(code.co_filename, n).encode() for n in range(first, last + 1)]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    return b"".join(lines).decode("utf-8", "replace")
