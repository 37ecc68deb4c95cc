"""Sentences made of fragments, so that a view can colour what they refer to. No styling in here."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace.view.words.phrases import ENGLISH

_OPTION: Final = re.compile(r"\[([^\[\]|]*)(?:\|([^\[\]]*))?\]")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")


class Role(enum.StrEnum):
    """Things that a fragment of a sentence refers to."""

    PLAIN = "plain"
    COROUTINE = "coroutine"
    VALUE = "value"
    CODE = "code"
    """A word of the program: a keyword, a call."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A few words with one role."""

    text: str
    role: Role = Role.PLAIN
    coroutine: int | None = None
    """The coroutine's id, where the role is COROUTINE."""


Filling = str | Fragment | Sequence[Fragment] | None
"""Words for a placeholder; "" or None where they are not known."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One or two sentences in plain words."""

    fragments: tuple[Fragment, ...]

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "".join(one.text for one in self.fragments)


def say(text: str) -> Sentence:
    """Make a sentence of plain words."""
    return Sentence((Fragment(text),))


def join(*sentences: Sequence[Fragment]) -> Sentence:
    """Make one of several sentences, some of which may be empty."""
    joined: list[Fragment] = []
    for first, *others in filter(None, sentences):
        if joined:
            joined.append(Fragment(ENGLISH.between_sentences))
        if first.text == ENGLISH.the_hub:
            first = replace(first, text=ENGLISH.the_hub_first)  # noqa: PLW2901
        joined += [first, *others]
    return Sentence(tuple(joined))


def value(text: str, limit: int | None) -> Fragment:
    """Make a fragment of a value as the probe showed it."""
    return Fragment(clean(text, limit), Role.VALUE)


def code(text: str, limit: int | None = None) -> Fragment:
    """Make a fragment of words of the program."""
    return Fragment(clean(text, limit), Role.CODE)


def fill(template: str, **fillings: Filling) -> list[Fragment]:
    """Fill in a template; `phrases` says what templates look like."""
    found: list[Fragment] = []
    for stretch in _stretches(template):
        for words, name in stretch.choose(fillings):
            if words:
                found.append(Fragment(words))
            filling = fillings[name] if name else None
            if isinstance(filling, str):
                found.append(Fragment(filling))
            elif isinstance(filling, Fragment):
                found.append(filling)
            elif filling:
                found += filling
    return found


def fill_text(template: str, **fillings: Filling) -> str:
    """Fill in a template, as plain text."""
    return "".join(one.text for one in fill(template, **fillings))


_Piece = tuple[str, str]
"""Words, and the name of the placeholder that follows them; either may be empty."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a template that is said as a whole, or not at all."""

    pieces: tuple[_Piece, ...]
    otherwise: tuple[_Piece, ...] | None = None
    """The pieces to say where a placeholder is not known; None if `pieces` are always said."""

    def choose(self, fillings: Mapping[str, Filling]) -> tuple[_Piece, ...]:
        """Return the pieces to say, given what is known."""
        if self.otherwise is None or all(fillings[name] for _, name in self.pieces if name):
            return self.pieces
        return self.otherwise


@cache
def _stretches(template: str) -> tuple[_Stretch, ...]:
    """Take a template apart."""
    found: list[_Stretch] = []
    done = 0
    for option in _OPTION.finditer(template):
        found.append(_Stretch(_pieces(template[done : option.start()])))
        found.append(_Stretch(_pieces(option[1]), _pieces(option[2] or "")))
        done = option.end()
    return (*found, _Stretch(_pieces(template[done:])))


def _pieces(text: str) -> tuple[_Piece, ...]:
    words = _PLACEHOLDER.split(text)
    return tuple(zip(words[::2], [*words[1::2], ""], strict=True))
