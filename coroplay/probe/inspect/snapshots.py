"""The variables of a frame that changed since the frame's last line."""

from __future__ import annotations

from types import CodeType, FrameType
from typing import Any, Final

from coroplay.probe.inspect.fingerprints import (
    NO_FINGERPRINT,
    Fingerprint,
    fingerprint,
    is_kept,
    matches,
)
from coroplay.probe.inspect.frames import Reader, Variables, is_function, reader_for
from coroplay.probe.inspect.values import FUNCTIONS, Namer, is_definition, short
from coroplay.trace.layout import UNIT_SEPARATOR

_NEW: Final = object()
"""Stands for the fingerprint of a variable that had no value so far."""
_HIDDEN: Final = object()
"""Stands for the fingerprint of a variable that is not shown."""


class CodeFacts:
    """Facts that the frames of one code object have in common."""

    __slots__ = ("code", "firsts", "module", "read")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        """The code object, held so that its id stays its own."""
        self.module = not is_function(code)
        """True for the code of a module, or of the body of a class."""
        self.read: Reader = reader_for(code)
        self.firsts: dict[int, int] = {}
        """The detail of each line in frames that had no variables yet, by line."""


class Snapshot:
    """The variables of one frame, as they were at the frame's last line."""

    __slots__ = ("_known", "detail", "facts", "links", "shown", "unchanged")

    def __init__(self, facts: CodeFacts) -> None:
        self.facts = facts
        self._known: dict[str, Fingerprint] = {}
        """The fingerprint of every variable; for a definition in a module, the value's type."""
        self.shown: dict[str, str] = {}
        """The text of every variable that is shown, as recordings have it."""
        self.detail = 0
        """The reference of the frame's last detail that tells of a change."""
        self.links = 0
        """Number of the frame's details that tell of a change."""
        self.unchanged = facts.firsts
        """The details, by line, of lines without a change since the last change."""

    def changes(self, frame: FrameType, name: Namer) -> list[str]:
        """Return the texts of the variables that changed, and remember their values.

        `name` returns the name of a coroutine.
        """
        found = self.facts.read(frame)
        changes = []
        for key, value in found.items():
            known = self._known.get(key, _NEW)
            if known is value or known is _HIDDEN or known is type(value) or matches(known, value):
                continue
            change = self._change(key, value, known, name)
            if change is not None:
                changes.append(change)
        # A mapping of the program's own is read as an empty one.
        if len(found) != len(self._known) and (found or not self.facts.module):
            changes += self._gone(found)
        return changes

    def _change(self, key: str, value: Any, known: Fingerprint, name: Namer) -> str | None:
        dunder = self.facts.module and key.startswith("__")
        if known is _NEW and (dunder or not key.isidentifier()):
            self._known[key] = _HIDDEN
            return None
        if self.facts.module and is_definition(value):
            return self._hide(key, type(value))
        entry = f"{key}{UNIT_SEPARATOR}{short(value, name)}"
        if self.shown.get(key) == entry:
            self._known[key] = fingerprint(value, name)
            return None
        self.shown[key] = entry
        # The fingerprint of any other kind of value is taken when it is first found unchanged.
        self._known[key] = value if is_kept(value) else NO_FINGERPRINT
        return entry

    def _hide(self, key: str, kind: type) -> str | None:
        """Hide a module's variable whose value has become a definition."""
        own = kind is not type and (type(kind) is not type or kind not in FUNCTIONS)
        self._known[key] = NO_FINGERPRINT if own else kind
        return None if self.shown.pop(key, None) is None else key

    def _gone(self, found: Variables) -> list[str]:
        gone = [key for key in self._known if key not in found]
        for key in gone:
            del self._known[key]
        return [key for key in gone if self.shown.pop(key, None) is not None]
