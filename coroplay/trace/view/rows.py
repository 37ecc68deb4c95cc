"""Reads many steps, no more of each than its row: for views that look along a recording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from coroplay.trace import layout
from coroplay.trace.recording import Recording

Row = tuple[int, int, int, int]
"""Coroutine, verb, time in nanoseconds, and the reference to the step's detail."""

_SWITCH: Final = re.compile(rb"[^\0]")


def rows(recording: Recording, start: int, stop: int) -> Iterator[Row]:
    """The rows of the steps from start up to stop."""
    for coroutine, reference, stamp in recording.rows(start, stop):
        yield coroutine, stamp >> layout.TIME_BITS, stamp & layout.TIME_MASK, reference


def switches_within(recording: Recording, start: int, stop: int) -> list[int]:
    """The steps from start up to stop that are switches; tens of millions a second."""
    # The verb of a switch is 16 or more, and only such a verb reaches into a row's last byte.
    last = recording.last_bytes(start, stop)
    return [start + match.start() for match in _SWITCH.finditer(last)]


def first_switch(recording: Recording, start: int, stop: int) -> int | None:
    """The first of the steps from start up to stop that is a switch."""
    match = _SWITCH.search(recording.last_bytes(start, stop))
    return None if match is None else start + match.start()


def last_switch(recording: Recording, start: int, stop: int) -> int | None:
    """The last of the steps from start up to stop that is a switch."""
    length = len(recording.last_bytes(start, stop).rstrip(b"\0"))
    return start + length - 1 if length else None
