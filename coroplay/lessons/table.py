"""One table of a lesson.toml, which returns checked values and notes faults.

Instead of a faulty value a harmless one of its type is returned, so that reading goes on to the
next fault. Readers look at the faults before they use the values.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeGuard, TypeVar

from coroplay.lessons.faults import Fault, did_you_mean

Choice = TypeVar("Choice", bound=StrEnum)

HUGE = 10**18


class Table:
    """The keys of one table, with their meanings, as checked values."""

    def __init__(
        self,
        file: Path,
        where: str,
        content: Mapping[str, object],
        meanings: Mapping[str, str],
        faults: list[Fault],
    ) -> None:
        self.file = file
        self.where = where
        self.content = content
        self.meanings = meanings
        self.faults = faults
        for key in content:
            if key not in meanings:
                self.fault(key, "is unknown here", did_you_mean(key, meanings))

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def fault(self, key: str, problem: str, mend: str = "") -> None:
        """Note a fault; without better advice, the mend is the key's meaning."""
        shown = key if key.isprintable() else repr(key)
        name = f"{self.where}.{shown}" if self.where else shown
        mend = mend or "make it " + self.meanings[key].removeprefix("optional: ")
        self.faults.append(Fault(self.file, name, problem, mend))

    def get(self, key: str) -> object:
        """Return the value as it stands; note a fault and return None if it is missing."""
        if key not in self.content:
            self.fault(key, "is missing", f"add it: {self.meanings[key]}")
        return self.content.get(key)

    def line(self, key: str) -> str:
        """Return a text of one visible line."""
        value = self.get(key)
        if value is not None and self._is_line(value, key):
            return value
        return ""

    def name(self, key: str, pattern: str) -> str:
        """Return a text that matches the whole pattern."""
        value = self.line(key)
        if value and not re.fullmatch(pattern, value):
            self.fault(key, f"can't be {value!r}")
            return ""
        return value

    def text(self, key: str) -> str:
        """Return a text of any number of lines; empty if it is missing."""
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.fault(key, f"must be a text, not {describe(value)}", "put it in quotes")
            return ""
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false if it is missing."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"must be true or false, not {describe(value)}", "write true or false")
            return False
        return value

    def number(self, key: str, least: int, most: int) -> int:
        """Return a whole number within these bounds."""
        value = self.get(key)
        if value is None:
            return least
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            problem = f"must be a whole number from {least} to {most}, not {describe(value)}"
            self.fault(key, problem, "choose another, without quotes")
            return least
        return value

    def lines(self, key: str, least: int, most: int | None = None) -> tuple[str, ...]:
        """Return a list of texts of one visible line each."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            mend = 'write it like ["one", "two"]'
            self.fault(key, f"must be a list of texts, not {describe(value)}", mend)
            return ()
        if len(value) < least or (most is not None and len(value) > most):
            self.fault(key, f"has {len(value)} entries")
        return tuple(item for item in value if self._is_line(item, key))

    def one_of(self, key: str, choices: type[Choice]) -> Choice | None:
        """Return one of the enum's members; None if the value names none."""
        value = self.get(key)
        if value is None:
            return None
        known = [str(choice) for choice in choices]
        if not isinstance(value, str) or value not in known:
            self.fault(key, f"can't be {describe(value)}", did_you_mean(str(value), known))
            return None
        return choices(value)

    def tables(self, key: str, meanings: Mapping[str, str]) -> list[Table]:
        """Return the [[tables]] of that name, in their order."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            heading = f"{self.where.partition('[')[0]}.{key}".lstrip(".")
            self.fault(key, "must be tables", f"write each under a line [[{heading}]]")
            return []
        return [self._below(key, item, meanings, n) for n, item in enumerate(value, 1)]

    def _below(
        self, key: str, content: dict[str, object], meanings: Mapping[str, str], number: int
    ) -> Table:
        """Return a table inside this one, labelled by its name, or by its number if it has none."""
        name = content.get("name")
        known = isinstance(name, str) and name.isprintable() and name
        label = name if known else f"number {number}"
        where = f"{self.where}.{key}".lstrip(".")
        return Table(self.file, f"{where}[{label}]", content, meanings, self.faults)

    def _is_line(self, value: object, key: str) -> TypeGuard[str]:
        if not isinstance(value, str):
            self.fault(key, f"must be a text, not {describe(value)}", "put it in quotes")
            return False
        if not value.strip():
            self.fault(key, "is empty")
            return False
        if not value.isprintable() and _holds_control(value):
            self.fault(key, "holds a line break or another control character", "take it out")
            return False
        return True


def _holds_control(text: str) -> bool:
    return any(unicodedata.category(character).startswith("C") for character in text)


def describe(value: object) -> str:
    """Return a value of a lesson.toml in a few words."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
        case int() if abs(value) >= HUGE:
            return "a huge number"
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"
