"""A sentence made of parts, so that a widget can colour what they refer to. No styling in here."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from coroplay.sanitizing import clean


class Role(enum.StrEnum):
    """What a part of a sentence refers to."""

    PLAIN = "plain"
    COROUTINE = "coroutine"
    VALUE = "value"
    CODE = "code"
    """A word of the program: a keyword, a call."""


@dataclass(frozen=True, slots=True)
class Part:
    """A few words with one role."""

    text: str
    role: Role = Role.PLAIN
    coroutine: int | None = None
    """Which one, where the role is COROUTINE."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or two sentences in plain words."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "".join(part.text for part in self.parts)


def say(*pieces: str | Part) -> Sentence:
    """A sentence of these pieces; its first letter becomes a capital if it is a word of ours."""
    parts = [Part(piece) if isinstance(piece, str) else piece for piece in pieces if piece]
    if parts and (parts[0].role is Role.PLAIN or parts[0].text == "the hub"):
        first = parts[0]
        parts[0] = Part(first.text[:1].upper() + first.text[1:], first.role, first.coroutine)
    return Sentence(tuple(parts))


def value(text: str, limit: int = 60) -> Part:
    """A value as the probe showed it."""
    return Part(clean(text, limit), Role.VALUE)


def code(text: str, limit: int = 60) -> Part:
    """Words of the program."""
    return Part(clean(text, limit), Role.CODE)
