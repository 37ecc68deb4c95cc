"""The recording on disk: its files, their rows and their version. This module owns the format.

A recording is a directory. Each of its tables is one append-only file: a header of `HEADER_SIZE`
bytes, then fixed-size rows, then zeros up to the end of what was set aside on the disk.

======================  =====  ==================================================================
file                    row    fields, little-endian, in this order
======================  =====  ==================================================================
``steps``               16     coroutine u32, detail u32, stamp u64
``details``             16     four u32, read according to the verb of the step (below)
``coroutines``          32     name text, parent coroutine, created location, spawn step, finish
                               step plus 1, creator coroutine, 1 unused, kind: u32 each
``locations``           16     file text, function text, line, source text: u32 each
``marks``               16     step, summary text, number of entries, 1: u32 each
``texts``               any    length u32, that many bytes, zeros up to a multiple of 8
======================  =====  ==================================================================

* A **stamp** holds the time in its low 52 bits (nanoseconds of the program's own time, so at most
  52 days) and the verb above them. The verb is never zero, and the stamp is written last: a row
  with stamp zero is not committed, and everything before it is. A killed child therefore loses at
  most the one row it was writing. `coroutines` and `marks` are committed by their last field.
* Rows are numbered from 0 in `steps` and from 1 elsewhere: reference 0 means "none". A text is
  referred to by its offset divided by 8. The texts, details and locations that a step needs are
  complete before the step is committed.
* A **detail** is, for a switch: origin coroutine, location it was left at, carried value, and the
  wait if the switch is one, else its *address* (below); for a
  line: the last detail of the same frame that says of changes, location, changed locals, snapshot
  of all locals or 0; for output: 0, location, bytes, 0; for a finish: the `Way` of the
  value, location, value or exception, 1 if it never ran; for a spawn: creator coroutine,
  location, 0, 1 if it runs at once. Equal details may be shared between steps. The chain of a
  frame's line details reaches a snapshot within `SNAPSHOT_EVERY` rows.
* A coroutine's **name**, its **parent** and its **finish** may be filled in after its row was
  committed. The parent is the greenlet that it returns to, the creator the coroutine whose code
  made it; 0 where that is not known.
* A switch without a carried value either carries none or one that was not seen, as its verb says:
  `RESUME` is a generator that goes on with a value that is not known, `THROW` without a value an
  exception that was not seen. Of `START` and `SWITCH` the address says it, at level ``lines``.
* An **address** has bit 0 set if it is not known whether the switch carries a value, and which.
  Above that bit stands the greenlet whose method was called, where that is worth a word: it has
  ended, so that a parent of it goes on, or it is the origin itself. Else 0, as where not known.
  Bit 31 is set if the method was `throw`: a GreenletExit becomes a value there, and is not raised.
  Of `THROW` and `KILL`, bit 0 is set if a Timeout of gevent's is up whose beginning is known: above
  it stands a reference to a detail, the coroutine that began it and the location.
* A **wait** is written as ``kind US noun US seconds US more
  US members``: a `WaitKind`; the noun of the object's kind, or the address of a socket; the length
  of a sleep, or the most that is waited; the number of members left out; and the members joined by
  ``RS``, each ``coroutine SPACE name``: the number of a coroutine, or 0, and the name that the
  source has for it. What is empty is not known.
* **Locals** are written as ``name US value`` joined by ``RS``; a name without ``US`` is gone.
* The bytes of the very last output may still grow: its length is written after its bytes.
* A **mark** is a summary of all unfinished coroutines just before a step, so that their state at
  any step is found without reading from the start. An entry is four u32: coroutine, status, step at
  which it was last left plus 1, its last line step plus 1. Marks are written every `MARK_EVERY`
  steps, less often when there are more coroutines than that.
* The header is the magic, the version, the file's own number and the size of its rows; in `steps`
  it also carries the clock, which tells the program's own time while it runs (see
  `coroplay.trace.clock`), and the notes: the probe's words about the recording as a whole. Their
  room is set aside from the start, so that they can be written when the disk is full.

Beside the tables lie ``meta.json`` (written at the start), ``ending.json`` (written by the host,
or by the probe where there is no host) and ``attention`` (see `coroplay.trace.wire`).
"""

from __future__ import annotations

import enum
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple

VERSION: Final = 2
MAGIC: Final = b"coroplay"
HEADER: Final = struct.Struct("<8sHHI")
HEADER_SIZE: Final = 512

STEP: Final = struct.Struct("<IIQ")
DETAIL: Final = struct.Struct("<IIII")
COROUTINE: Final = struct.Struct("<IIIIIIII")
LOCATION: Final = struct.Struct("<IIII")
MARK: Final = struct.Struct("<IIII")
SUMMARY_ENTRY: Final = struct.Struct("<IIII")
LENGTH: Final = struct.Struct("<I")

TIME_BITS: Final = 52
TIME_MASK: Final = (1 << TIME_BITS) - 1

TEXT_ALIGNMENT: Final = 8
UNIT_SEPARATOR: Final = "\x1f"
RECORD_SEPARATOR: Final = "\x1e"

SNAPSHOT_EVERY: Final = 32
MARK_EVERY: Final = 2048
MOST_UNMARKED: Final = 1 << 20
"""Steps without a mark that a reader puts up with; four times as many as coroutines at once."""

META: Final = "meta.json"
ENDING: Final = "ending.json"
ATTENTION: Final = "attention"
UNRECORDED: Final = "unrecorded"
"""The key in `META` for the reason why the child could not make the tables."""
NO_ROOM: Final = "the disk is full, or nearly so"
"""The reason in the notes, or in `META`, where that is it."""


class Table(NamedTuple):
    """One file of the recording."""

    name: str
    number: int
    row_size: int
    """Bytes a row; 1 for `texts`, whose entries have no fixed size."""


STEPS: Final = Table("steps", 1, STEP.size)
DETAILS: Final = Table("details", 2, DETAIL.size)
COROUTINES: Final = Table("coroutines", 3, COROUTINE.size)
LOCATIONS: Final = Table("locations", 4, LOCATION.size)
MARKS: Final = Table("marks", 5, MARK.size)
TEXTS: Final = Table("texts", 6, 1)
TABLES: Final = (STEPS, DETAILS, COROUTINES, LOCATIONS, MARKS, TEXTS)


class Verb(enum.IntEnum):
    """Events that a step records. Values from `START` on are switches."""

    SPAWN = 1
    LINE = 2
    STDOUT = 3
    STDERR = 4
    FINISH = 5
    FAIL = 6
    DROP = 7
    """A coroutine is gone before its end."""
    CLOSED = 8
    """A generator was closed."""
    KILLED = 9
    """A greenlet was ended by a GreenletExit that was thrown into it."""
    IGNORED = 10
    """A coroutine failed where nobody could be told: Python reported the exception."""
    UNSEEN = 11
    """A coroutine ended, and how was not seen."""
    EXITED = 12
    """A greenlet ended by a GreenletExit that it raised itself."""
    QUIT = 13
    """Main, or a thread, ended by a SystemExit, which nobody reports."""
    START = 16
    NEXT = 17
    SEND = 18
    YIELD = 19
    SWITCH = 20
    THROW = 21
    RETURN = 22
    CLOSE = 23
    WAIT = 24
    WAKE = 25
    KILL = 26
    RESUME = 27
    DROPPING = 28


VALUE_UNSEEN: Final = 1
"""The bit of an address that says that a value was not seen."""


class Way(enum.IntEnum):
    """Ways that the value of a generator may take which returns: not given for any other end."""

    USUAL = 0
    CLOSE = 1
    """The generator was closed: `close` returns the value."""
    NOWHERE = 2
    """The generator was closed, and the value is lost."""


BY_THROW: Final = 1 << 31
"""The bit of the address of a switch that says that it was brought about by `throw`."""

TIMEOUT_UP: Final = 1
"""The bit of the address of a throw that says that the beginning of a Timeout is known."""

FIRST_SWITCH: Final = int(Verb.START)
FAILURES: Final = frozenset({Verb.FAIL, Verb.IGNORED})
ENDINGS: Final = FAILURES | {
    *(Verb.FINISH, Verb.DROP, Verb.CLOSED, Verb.KILLED, Verb.EXITED, Verb.UNSEEN, Verb.QUIT)
}


class Kind(enum.IntEnum):
    """Kinds of coroutines that a row of `coroutines` describes."""

    MAIN = 1
    GENERATOR = 2
    GREENLET = 3
    GEVENT = 4
    HUB = 5
    THREAD = 6


class WaitKind(enum.StrEnum):
    """Kinds of waits: what a coroutine that has switched to the hub waits for."""

    SLEEP = "sleep"
    IDLE = "idle"
    """Nothing to do for the event loop at the moment."""
    REST = "rest"
    """Nothing left to do for the event loop at all."""
    END = "end"
    """The end of a coroutine, a thread, a process, or all in a pool."""
    RESULT = "result"
    ITEM = "item"
    ROOM = "room"
    """Room in a queue or a pool."""
    TASKS = "tasks"
    """All items of a queue to be done with."""
    LOCK = "lock"
    EVENT = "event"
    ALL = "all"
    ANY = "any"
    SOME = "some"
    IO = "io"
    """An operation of a socket, which is the member; the noun is the address."""
    JOIN = "join"
    """A ``join`` of an object of a kind that is not known, like all that follow."""
    VALUE = "value"
    PUT = "put"
    ENTER = "enter"
    LEAVE = "leave"
    NEXT = "next"
    CALL = "call"
    """Something within the function that is the member."""


class SummaryStatus(enum.IntEnum):
    """Statuses in a summary entry."""

    READY = 1
    RUNNING = 2
    SUSPENDED = 3


CLOCK_OFFSET: Final = 16
CLOCK: Final = struct.Struct("<QQQ")
"""In the header of `steps`: the readings of `coroplay.trace.clock.ProgramClock`."""
OWN_TRACE_OFFSET: Final = CLOCK_OFFSET + CLOCK.size
"""In the header of `steps`: the step from which on lines and generators are missing wherever the
program has a trace function of its own, plus 1 (0: it has none, or it hides nothing)."""
NOTES_OFFSET: Final = 64
NOTES: Final = struct.Struct("<QQQI")
"""In the header of `steps`, each plus 1 and 0 where there is none: the step from which on there are
no lines; the step at which the probe fell silent; the first step about which some are missing. Then
the length of the reason for the silence, and the reason."""
NOTED_STEP: Final = struct.Struct("<Q")
LINES_UNTIL_OFFSET: Final = NOTES_OFFSET
SILENT_OFFSET: Final = LINES_UNTIL_OFFSET + NOTED_STEP.size
LOST_OFFSET: Final = SILENT_OFFSET + NOTED_STEP.size
REASON_OFFSET: Final = LOST_OFFSET + NOTED_STEP.size
NOTES_REASON_SIZE: Final = HEADER_SIZE - NOTES_OFFSET - NOTES.size


def pack_wait(
    kind: WaitKind,
    noun: str,
    seconds: float | None,
    more: int,
    members: Sequence[tuple[int, str]],
) -> str:
    """Return a wait as it is written."""
    listed = RECORD_SEPARATOR.join(f"{number} {_unseparated(name)}" for number, name in members)
    length = "" if seconds is None else repr(seconds)
    fields = (kind, _unseparated(noun), length, str(more) if more else "", listed)
    return UNIT_SEPARATOR.join(fields)


def _unseparated(text: str) -> str:
    return text.replace(UNIT_SEPARATOR, " ").replace(RECORD_SEPARATOR, " ")


def header(table: Table) -> bytes:
    """Return the first `HEADER_SIZE` bytes of a new table."""
    return HEADER.pack(MAGIC, VERSION, table.number, table.row_size).ljust(HEADER_SIZE, b"\0")
