"""A recording as frozen data: coroutines, the steps, and the state at a step."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from coroplay.trace.layout import WaitKind


class RecordingError(Exception):
    """A recording can't be read; the message is a sentence for the person."""


class CoroutineKind(enum.StrEnum):
    """Kinds of things that are suspended and resumed."""

    MAIN = "main"
    GENERATOR = "generator"
    GREENLET = "greenlet"
    GEVENT = "Greenlet"
    HUB = "hub"
    THREAD = "thread"


class How(enum.StrEnum):
    """Ways in which control passes from one coroutine to another."""

    START = "start"
    NEXT = "next"
    SEND = "send"
    YIELD = "yield"
    SWITCH = "switch"
    RESUME = "resume"
    """A generator goes on; the value that it gets was not seen."""
    THROW = "throw"
    RETURN = "return"
    CLOSE = "close"
    DROPPING = "dropping"
    """A coroutine that nothing refers to any more ends itself, beginning where it is suspended."""
    WAIT = "wait"
    WAKE = "wake"
    KILL = "kill"


class HowEnded(enum.StrEnum):
    """Ways in which a coroutine ends."""

    RETURNED = "returned"
    FAILED = "failed"
    CLOSED = "closed"
    """A generator, by its `close`."""
    KILLED = "killed"
    """A greenlet, by a GreenletExit that was thrown into it."""
    EXITED = "exited"
    """A greenlet, by a GreenletExit that it raised itself, which counts as a result."""
    DROPPED = "dropped"
    """Nothing could make it go on any more."""
    IGNORED = "ignored"
    """It failed where nobody could be told: Python reported the exception, and went on."""
    UNSEEN = "unseen"
    QUIT = "quit"
    """Main, or a thread, by a SystemExit: it ends the program, or the thread, and is no failure."""


class ValueWay(enum.StrEnum):
    """Ways that the value of a generator takes which returns."""

    USUAL = "usual"
    CLOSE = "close"
    """The generator was closed: its `close` returns the value, as from Python 3.13 on."""
    NOWHERE = "nowhere"
    """The generator was closed, and the value is lost."""


class OutputStream(enum.StrEnum):
    """Streams that a program writes to."""

    STDOUT = "stdout"
    STDERR = "stderr"


class RecordedLevel(enum.StrEnum):
    """Levels of detail of a recording."""

    LINES = "lines"
    """Switches, and each line of the person's own files."""
    SWITCHES = "switches"


class Writer(enum.StrEnum):
    """Writers of a recording's steps."""

    C = "c"
    """The accelerator."""
    PYTHON = "python"
    """The reference."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of source, and the call under way there."""

    file: str
    line: int
    function: str
    source: str
    """The text of the call, on one line; empty where it isn't known."""


@dataclass(frozen=True, slots=True)
class Coroutine:
    """One coroutine of a run."""

    id: int
    """1, 2, 3 … in the order in which the probe met them."""
    kind: CoroutineKind
    name: str
    creator: int | None
    """The coroutine whose code created it; None where that was not seen, and for the main one."""
    parent: int | None
    """The greenlet that it returns to; None where that was not seen, and for generators."""
    created: Place | None
    """The line that created it; None where that was not seen."""
    spawned: int
    """The step of its spawn."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """One of the things that a coroutine waits for."""

    coroutine: int | None
    """The coroutine that it is; None if it is something else, or not known."""
    name: str
    """The name that the source has for it; empty if it has none."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The reason for which a coroutine is suspended until something outside of it happens."""

    kind: WaitKind
    noun: str
    """The kind of the object in a word, or a socket's address; empty if it isn't known."""
    seconds: float | None
    """The length of a sleep, or the most that is waited; None if there is none, or not known."""
    members: tuple[Awaited, ...]
    more: int
    """The number of things waited for that are not among the members."""


@dataclass(frozen=True, slots=True)
class Change:
    """A local variable that is new, has another value, or is gone (value None)."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class _Step:
    step: int
    t_ns: int
    """Nanoseconds of the program's own time since its first instruction, pauses taken out."""
    coroutine: int
    """The coroutine that runs at this step; for a switch, the one control passed to."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Spawn(_Step):
    """A coroutine was met for the first time; the place, if any, is where it was created."""

    creator: int | None
    """The coroutine whose code created it; None where that was not seen."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The beginning of a Timeout of gevent's."""

    coroutine: int
    """The coroutine that began it."""
    place: Place | None


@dataclass(frozen=True, slots=True)
class Switch(_Step):
    """Control passed from origin to target; the place is where the origin was left."""

    origin: int
    how: How
    value: str | None
    """The value carried, in short; None where not seen."""
    wait: Wait | None = None
    """What the origin waits for, where it was left to wait; None where not known."""
    unseen: bool = False
    """True if it is not known whether a value was carried, and which."""
    asked: int | None = None
    """The greenlet that was switched to, or thrown into, where it had ended, and so a parent of it
    goes on; or the origin, if it went to itself. None in all other cases, and where not known."""
    by_throw: bool = False
    """True if a GreenletExit was thrown into one that had ended: it is no exception any more."""
    timeout: Beginning | None = None
    """The beginning of the Timeout that throws, for it is up; None elsewhere, and if not known."""

    @property
    def target(self) -> int:
        """The coroutine that goes on: another name for `coroutine`."""
        return self.coroutine


@dataclass(frozen=True, slots=True)
class Line(_Step):
    """A line is about to run."""

    changed: tuple[Change, ...]
    """The locals of the line's frame that changed since its last line."""


@dataclass(frozen=True, slots=True)
class Output(_Step):
    """Bytes were written to standard output or standard error."""

    stream: OutputStream
    data: bytes

    @property
    def text(self) -> str:
        """The bytes as text; what isn't UTF-8 is shown as U+FFFD."""
        return self.data.decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Finish(_Step):
    """A coroutine ended."""

    how: HowEnded
    value: str | None
    """The value that it returned, its GreenletExit, or its SystemExit; None where it had none, or
    that was not seen."""
    exception: str | None
    """The exception that it failed with, in short; None where it did not, or that was not seen."""
    never_ran: bool = False
    """True if it ended before its first line."""
    way: ValueWay = ValueWay.USUAL
    """The way that the value takes."""


Step = Spawn | Switch | Line | Output | Finish


class Status(enum.StrEnum):
    """Statuses of a coroutine at a step."""

    READY = "ready"
    """Created, and has not run yet."""
    RUNNING = "running"
    SUSPENDED = "suspended"
    WAITING = "waiting"
    """Suspended until something outside of it happens: it switched to the hub."""
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CoroutineState:
    """One coroutine at one step."""

    coroutine: int
    status: Status
    place: Place | None
    """The line it runs, or the one at which it will go on."""
    waiting_on: Wait | None
    since_ns: int
    """The time at which it came into this status; for a running one, that of its last step."""
    outcome: str | None
    """The value or exception that it finished with."""
    ended: HowEnded | None = None
    """The way in which it ended; None if it has not."""
    never_ran: bool = False
    """True if it ended before its first line."""


@dataclass(frozen=True, slots=True)
class Local:
    """A local variable of the frame a coroutine is in."""

    name: str
    value: str
    changed: bool
    """True if it changed at the coroutine's last line."""
    was: str | None
    """The value before the change; None if it did not change or is new."""


@dataclass(frozen=True, slots=True)
class Meta:
    """A recording's words about its run as a whole, written when it started."""

    program: str
    """The path of the script, or the name of the module after ``-m``."""
    arguments: tuple[str, ...]
    module: bool
    level: RecordedLevel
    python: str
    versions: dict[str, str]
    """Of greenlet and gevent, where they are installed."""
    started: str
    """Wall-clock time, ISO 8601 with offset."""
    pid: int
    directory: str
    accelerator: Writer
    """The writer of the steps."""
    accelerator_why_not: str
    """The reason why that was not the accelerator; empty where it was, or is not known."""
    untested: str
    """The reason why coroplay was not tested on that Python; empty where it was."""
    own: tuple[str, ...] = ()
    """The folders and files of the person's own code; empty in older recordings."""


@dataclass(frozen=True, slots=True)
class Notes:
    """The probe's words about the recording as a whole, while it grows and after."""

    lines_until: int | None
    """The step from which on lines are not recorded any more; None if they are to the end."""
    silent_at: int | None
    """The step before which the probe stopped recording; None if it didn't."""
    lost_at: int | None
    """The first step about which some are missing, since a hook could not run or was taken away."""
    silent_why: str
    own_trace_at: int | None = None
    """The step from which on lines and generators are missing wherever the program has a trace
    function of its own; None if nothing is missing for that reason."""
