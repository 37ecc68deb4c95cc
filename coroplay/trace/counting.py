"""Counting a recording's steps by kind, fast enough for millions of switches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from coroplay.trace import layout
from coroplay.trace.layout import ENDINGS, Verb
from coroplay.trace.model import RecordedLevel
from coroplay.trace.recording import Recording

_FELT_FROM: Final = 1000
"""Switches a second from which on recording them can be felt."""
_ROWS: Final = 1 << 16
"""Rows that are read at once."""
# The verb is the top 12 bits of a row, which is little-endian: the last byte and half of the one
# before. Switches are the verbs from 16 on, so the last byte alone tells whether a row is one.
_LAST: Final = slice(layout.STEP.size - 1, None, layout.STEP.size)
_LAST_BUT_ONE: Final = slice(layout.STEP.size - 2, None, layout.STEP.size)


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of steps, by kind."""

    spawns: int
    switches: int
    lines: int
    outputs: int
    finishes: int


def is_slowed(recording: Recording, switches: int) -> bool:
    """Tell whether recording can be felt in the time that a program took, with those switches."""
    often = switches * 1e9 > _FELT_FROM * max(recording.length_ns, 1_000_000)
    return often or recording.meta.level is RecordedLevel.LINES


def count_switches(recording: Recording) -> int:
    """Count the switches among the steps there are at this moment."""
    return sum(len(rows[_LAST]) - rows[_LAST].count(0) for rows in _chunks(recording))


def tally(recording: Recording) -> Tally:
    """Count the steps of every kind there are at this moment."""
    switches = 0
    others: Counter[int] = Counter()
    for rows in _chunks(recording):
        tops = rows[_LAST]
        quiet = tops.count(0)
        switches += len(tops) - quiet
        if quiet:
            pairs = zip(tops, rows[_LAST_BUT_ONE], strict=True)
            others.update(byte >> 4 for top, byte in pairs if not top)
    return Tally(
        spawns=others[Verb.SPAWN],
        switches=switches,
        lines=others[Verb.LINE],
        outputs=others[Verb.STDOUT] + others[Verb.STDERR],
        finishes=sum(others[verb] for verb in ENDINGS),
    )


def _chunks(recording: Recording) -> Iterator[bytes]:
    for start in range(0, len(recording), _ROWS):
        yield recording.reader.steps.packed(start, min(start + _ROWS, len(recording)))
