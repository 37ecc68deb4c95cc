"""Damage to a recording as a string of bytes, so that a fuzzer can look for what hurts.

Eight bytes are one blow: which file, what to do to it, where (two bytes) and a number (four bytes).
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

from coroplay.trace import layout
from tests.support.writing import busy, small

BLOW: Final = struct.Struct("<BBHI")
MOST_BLOWS: Final = 64
_TABLES: Final = (
    layout.STEPS,
    layout.DETAILS,
    layout.COROUTINES,
    layout.LOCATIONS,
    layout.MARKS,
    layout.TEXTS,
)
_NAMES: Final = (*(table.name for table in _TABLES), layout.META, layout.ENDING)
_NUMBERS: Final = (0, 1, 2, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_TEXTS: Final = (
    b"null",
    b"[]",
    b"{}",
    b"-1",
    b"1e999",
    b"NaN",
    b'"\\u001b[31m"',
    b"[" * 3000,
    b"9" * 5000,
    b"\xff\xfe",
    b'"\\ud800"',
    b"\x1b]0;x\x07",
)
_LARGEST: Final = 1 << 20


def damaged(data: bytes, folder: Path) -> Path:
    """Save one of two recordings, as the first byte says, with the blows of the rest done to it."""
    made, blows = busy() if data[:1] > b"\x7f" else small(), data[1:]
    made.save(folder)
    (folder / layout.ENDING).write_text('{"kind": "exit", "status": 0, "pipe_closed": false}')
    contents: dict[str, bytearray] = {}
    whole = len(blows) // BLOW.size * BLOW.size
    for which, what, at, number in list(BLOW.iter_unpack(blows[:whole]))[:MOST_BLOWS]:
        name = _NAMES[which % len(_NAMES)]
        content = contents.setdefault(name, bytearray((folder / name).read_bytes()))
        _strike(content, name, what, at, number)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def _strike(data: bytearray, name: str, what: int, at: int, number: int) -> None:
    """Do one thing to a file; the places of fields are more likely than others."""
    start = layout.HEADER_SIZE if name in _NAMES[:6] and what & 0x80 == 0 else 0
    span = max(1, len(data) - start)
    match what & 0x7F:
        case 0:
            _put(data, start + at * 4 % span, number.to_bytes(4, "little"))
        case 1:
            few = _NUMBERS[number % len(_NUMBERS)]
            _put(data, start + at * 4 % span, few.to_bytes(4, "little"))
        case 2 if data:
            data[(start + at) % len(data)] ^= 1 << number % 8
        case 3:
            del data[start + at % span :]
        case 4:
            _double(data, at, number)
        case 5:
            data[at % (len(data) + 1) : at % (len(data) + 1)] = _TEXTS[number % len(_TEXTS)]
        case 6:
            _replace_value(data, at, _TEXTS[number % len(_TEXTS)])
        case 7:
            _put(data, start + at % span, number.to_bytes(4, "little"))
        case 8:
            data += bytes(at)
        case _:
            pass


def _put(data: bytearray, at: int, value: bytes) -> None:
    data[at : at + len(value)] = value


def _double(data: bytearray, at: int, number: int) -> None:
    """Copy a piece to the end, over and over, as a hostile size would be made."""
    piece = data[at % max(1, len(data)) :][: number % 64 + 1]
    times = min(number >> 8 & 0xFFFF, _LARGEST // max(1, len(piece)))
    data += piece * times


def _replace_value(data: bytearray, at: int, value: bytes) -> None:
    """Put something else where JSON has the value of a field."""
    colons = [place for place, byte in enumerate(data) if byte == ord(":")]
    if not colons:
        return
    start = colons[at % len(colons)] + 1
    end = data.find(b",", start)
    data[start : end if end > 0 else len(data)] = value
