"""One table of a lesson.toml: hands out values that have been checked, and notes the faults.

Where a value is faulty a harmless one of its type is handed out instead, so that reading goes
on to the next fault; whoever reads looks at the faults before using what came out.
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
    """Reads the keys of one table, described by their meanings, into checked values."""

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
        """Note a fault; the mend is the key's meaning where no better one is given."""
        shown = key if key.isprintable() else repr(key)
        name = f"{self.where}.{shown}" if self.where else shown
        mend = mend or "make it " + self.meanings[key].removeprefix("optional: ")
        self.faults.append(Fault(self.file, name, problem, mend))

    def get(self, key: str) -> object:
        """The value as it stands; None and a fault if it's missing."""
        if key not in self.content:
            self.fault(key, "is missing", f"add it: {self.meanings[key]}")
        return self.content.get(key)

    def line(self, key: str) -> str:
        """A text of one visible line."""
        value = self.get(key)
        if value is not None and self._is_line(value, key):
            return value
        return ""

    def name(self, key: str, pattern: str) -> str:
        """A text that is all made of the pattern."""
        value = self.line(key)
        if value and not re.fullmatch(pattern, value):
            self.fault(key, f"can't be {value!r}")
            return ""
        return value

    def text(self, key: str) -> str:
        """A text of any number of lines, or nothing."""
        value = self.content.get(key, "")
        if not isinstance(value, str):
            self.fault(key, f"must be a text, not {show(value)}", "put it in quotes")
            return ""
        return value

    def flag(self, key: str) -> bool:
        """True or false; false if it's missing."""
        value = self.content.get(key, False)
        if not isinstance(value, bool):
            self.fault(key, f"must be true or false, not {show(value)}", "write true or false")
            return False
        return value

    def number(self, key: str, least: int, most: int) -> int:
        """A whole number within these bounds."""
        value = self.get(key)
        if value is None:
            return least
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            problem = f"must be a whole number from {least} to {most}, not {show(value)}"
            self.fault(key, problem, "choose another, without quotes")
            return least
        return value

    def lines(self, key: str, least: int, most: int | None = None) -> tuple[str, ...]:
        """A list of texts of one visible line each."""
        value = self.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            mend = 'write it like ["one", "two"]'
            self.fault(key, f"must be a list of texts, not {show(value)}", mend)
            return ()
        if len(value) < least or (most is not None and len(value) > most):
            self.fault(key, f"has {len(value)} entries")
        return tuple(item for item in value if self._is_line(item, key))

    def one_of(self, key: str, choices: type[Choice]) -> Choice | None:
        """One of the enum's values; None if it isn't."""
        value = self.get(key)
        if value is None:
            return None
        known = [str(choice) for choice in choices]
        if not isinstance(value, str) or value not in known:
            self.fault(key, f"can't be {show(value)}", did_you_mean(str(value), known))
            return None
        return choices(value)

    def tables(self, key: str, meanings: Mapping[str, str]) -> list[Table]:
        """The [[tables]] of that name, in their order."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            heading = f"{self.where.partition('[')[0]}.{key}".lstrip(".")
            self.fault(key, "must be tables", f"write each under a line [[{heading}]]")
            return []
        return [self._below(key, item, meanings, n) for n, item in enumerate(value, 1)]

    def _below(
        self, key: str, content: dict[str, object], meanings: Mapping[str, str], number: int
    ) -> Table:
        """A table in this one, known by its name if it has one, else by its number."""
        name = content.get("name")
        known = isinstance(name, str) and name.isprintable() and name
        label = name if known else f"number {number}"
        where = f"{self.where}.{key}".lstrip(".")
        return Table(self.file, f"{where}[{label}]", content, meanings, self.faults)

    def _is_line(self, value: object, key: str) -> TypeGuard[str]:
        if not isinstance(value, str):
            self.fault(key, f"must be a text, not {show(value)}", "put it in quotes")
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


def show(value: object) -> str:
    """A value of a lesson.toml, in a few words."""
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
