"""Statements about a run: the truth in the witness's words and the recording's, made comparable."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Final

EXPRESSION: Final = "<genexpr>"
"""The name of a generator expression, before its line."""
UNNAMED: Final = "greenlet"
"""The name of a greenlet whose function was not seen."""


class Way(enum.StrEnum):
    """Ways in which control gets to a coroutine."""

    START = "start"
    RESUME = "resume"
    THROW = "throw"
    CLOSE = "close"
    YIELD = "yield"
    RETURN = "return"
    FAIL = "fail"
    UNSEEN = "not known how"


@dataclass(slots=True)
class Moved:
    """Control passed from one to another, with a value if it is known."""

    origin: str
    target: str
    way: Way
    value: str | None = None
    through: bool = False
    """True if one of the two only passed on what came: it did nothing of its own."""
    seen: bool = False
    """True if how it came about was seen; else that is told by what it brought about."""
    optional: bool = False
    """True if nobody did anything between this and the other half of a coroutine's end."""
    awaited: str = ""
    """The words about what the origin waits for, in a recording; empty where there are none."""
    line: int = 0
    """The line at which the origin was left, in a recording."""

    def __str__(self) -> str:
        return f"{self.origin} → {self.target}: {self.way} {self.value or '(not known)'}"


@dataclass(slots=True)
class Ran:
    """A line ran."""

    who: str
    line: int
    again: bool = field(default=False, compare=False)
    """True for one that ran just before, to which `sys.monitoring` does not always go back."""

    def __str__(self) -> str:
        return f"{self.who} runs line {self.line}"


@dataclass(slots=True)
class Printed:
    """A line of output was written."""

    who: str
    text: str

    def __str__(self) -> str:
        return f"{self.who} prints {self.text!r}"


@dataclass(slots=True)
class Ended:
    """A coroutine ended: by a return, an exception, or in another way, and with what."""

    who: str
    way: Way
    value: str | None = None
    closing: bool = False
    """True if what a close or a kill throws had got to it before."""

    def __str__(self) -> str:
        return f"{self.who} ends: {self.way} {self.value or '(not known)'}"


Fact = Moved | Ran | Printed | Ended


@dataclass(slots=True)
class Facts:
    """All statements about one run."""

    order: list[Fact]
    creators: dict[str, tuple[str | None, int | None]]
    """Who made each coroutine, at which line; None where it is not known."""
    parents: dict[str, str | None]
    generators: set[str] = field(default_factory=set)
    """The names of those of them that are generators, in a recording."""
    alive: set[str] = field(default_factory=set)
    """The generators that there still are at the end; the witness alone knows them."""

    @property
    def throws(self) -> bool:
        """Whether something is thrown into anybody."""
        return any(isinstance(one, Moved) and one.way is Way.THROW for one in self.order)
