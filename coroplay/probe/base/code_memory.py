"""A memory of code that keeps no code alive: a program may make and drop code all the time."""

from __future__ import annotations

from _weakref import ref
from collections.abc import Callable
from functools import partial
from types import CodeType
from typing import Generic, TypeVar

Known = TypeVar("Known")


class CodeMemory(Generic[Known]):
    """Something known of each code object, for as long as that lives.

    Code is told apart by its identity; to compare it by value, as a dict does, would be slow.
    """

    def __init__(self, make: Callable[[], Known]) -> None:
        """`make` makes what is known of code that was not met before."""
        self._make = make
        self._known: dict[int, tuple[ref[CodeType], Known]] = {}

    def of(self, code: CodeType) -> Known:
        """Return what is known of some code."""
        found = self._known.get(id(code))
        if found is None:
            # The callback is a function in C: it may be called anywhere.
            forget = partial(self._known.pop, id(code))
            found = self._known[id(code)] = (ref(code, forget), self._make())
        return found[1]
