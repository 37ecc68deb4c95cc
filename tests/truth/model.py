"""A random program as frozen data: scenarios, which make coroutines and drive them.

A statement names a coroutine by a number: `render` takes it modulo those that there are, so that
any statement is valid anywhere and Hypothesis can leave out what it likes. Values are numbered by
`render` too: each occurs once in a program, and tells where it came from.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Error(enum.StrEnum):
    """Exceptions that programs raise and catch."""

    KEY = "KeyError"
    VALUE = "ValueError"
    STOP = "StopIteration"
    EXIT = "GeneratorExit"
    KILL = "GreenletExit"


class Sort(enum.StrEnum):
    """Sorts of coroutines that a program makes."""

    GENERATOR = "generator"
    GREENLET = "greenlet"
    GEVENT = "gevent"


@dataclass(frozen=True, slots=True)
class Say:
    """Print who one is and what one got last."""


@dataclass(frozen=True, slots=True)
class Yield:
    """Yield a value; only generators do."""


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise an exception."""

    error: Error


@dataclass(frozen=True, slots=True)
class Reraise:
    """Raise once more what is being handled; nothing outside a handler."""


@dataclass(frozen=True, slots=True)
class Return:
    """Return a value."""


@dataclass(frozen=True, slots=True)
class Catch:
    """A body, and what is done about an exception in it."""

    body: Body
    error: Error
    handler: Body


@dataclass(frozen=True, slots=True)
class Finally:
    """A body, and what is done at its end whatever happens."""

    body: Body
    last: Body


@dataclass(frozen=True, slots=True)
class With:
    """A body inside a context manager: one that says so, one that suppresses, or a generator."""

    body: Body
    manager: str
    """One of ``plain``, ``suppress`` and ``generator``."""


@dataclass(frozen=True, slots=True)
class Delegate:
    """``yield from`` a new generator; only generators do."""

    body: Body


@dataclass(frozen=True, slots=True)
class Make:
    """Make a coroutine and keep it in a variable."""

    sort: Sort
    body: Body
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Act:
    """Do something to a coroutine: an operation, and the style in which it is written."""

    sort: Sort
    operation: str
    style: str
    which: int = 0
    error: Error = Error.KEY


Statement = Say | Yield | Raise | Reraise | Return | Catch | Finally | With | Delegate | Make | Act
Body = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A function of the main program; where it is guarded, no exception ends it early."""

    body: Body
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Program:
    """Scenarios that run one after the other."""

    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A program's source, and what its lines are."""

    source: str
    made: dict[str, int] = field(default_factory=dict)
    """The line at which each coroutine is made, by the name of its function."""
    plain: dict[int, str] = field(default_factory=dict)
    """Lines of which the value passed is to be known, with that value."""
    waits: dict[int, str] = field(default_factory=dict)
    """What is waited for at lines at which one waits, if at all."""
