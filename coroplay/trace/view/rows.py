"""Many steps at once, no more of each than its row: for views that look along a recording."""

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
    """Yield the rows of the steps from start up to stop."""
    for coroutine, reference, stamp in recording.reader.steps.span(start, stop):
        yield coroutine, stamp >> layout.TIME_BITS, stamp & layout.TIME_MASK, reference


def switches_within(recording: Recording, start: int, stop: int) -> list[int]:
    """Find the switches among the steps from start up to stop; tens of millions a second."""
    # The verb of a switch is 16 or more, and only such a verb reaches into a row's last byte.
    last = _last_bytes(recording, start, stop)
    return [start + match.start() for match in _SWITCH.finditer(last)]


def first_switch(recording: Recording, start: int, stop: int) -> int | None:
    """Find the first switch among the steps from start up to stop."""
    match = _SWITCH.search(_last_bytes(recording, start, stop))
    return None if match is None else start + match.start()


def last_switch(recording: Recording, start: int, stop: int) -> int | None:
    """Find the last switch among the steps from start up to stop."""
    length = len(_last_bytes(recording, start, stop).rstrip(b"\0"))
    return start + length - 1 if length else None


def _last_bytes(recording: Recording, start: int, stop: int) -> bytes:
    """Return the last byte of each step's row: 0 where no switch is."""
    packed = recording.reader.steps.packed(start, stop)
    return packed[layout.STEP.size - 1 :: layout.STEP.size]
