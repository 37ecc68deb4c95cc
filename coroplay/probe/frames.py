"""Reading a frame's variables without changing what the program sees of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import Any, Final

from coroplay.probe.values import PLAIN, Namer, is_definition, short

_LOOKS_AT_LOCALS: Final = frozenset({"locals", "vars", "dir", "eval", "exec"})
_LONGEST_KEPT: Final = 256
_ABSENT: Final = object()

Changes = list[tuple[str, str | None]]
"""Names with their new value in short, or None where the name is gone."""


def _plain_locals(frame: FrameType) -> dict[str, Any]:
    found = frame.f_locals
    # The body of a class may run in a mapping of the program's own, which must not be asked.
    return found if type(found) in _TRUSTED else {}


def _make_reader() -> Callable[[FrameType], Mapping[str, Any]]:
    """On 3.12, `frame.f_locals` refreshes the very dict that ``locals()`` gave the program.

    A function that may hold that dict is therefore read variable by variable. On 3.11 the
    interpreter itself refreshes it for every trace function; from 3.13 on there is no such dict.
    """
    if sys.version_info[:2] != (3, 12):
        return _plain_locals
    import ctypes

    get = ctypes.pythonapi.PyFrame_GetVar
    get.argtypes = [ctypes.py_object, ctypes.py_object]
    get.restype = ctypes.py_object

    def one_by_one(frame: FrameType) -> Mapping[str, Any]:
        code = frame.f_code
        found = {}
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
            try:
                found[name] = get(frame, name)
            except NameError:
                continue
        return found

    def read(frame: FrameType) -> Mapping[str, Any]:
        if not _is_function(frame.f_code):
            return _plain_locals(frame)
        if not _LOOKS_AT_LOCALS.isdisjoint(frame.f_code.co_names):
            return one_by_one(frame)
        found = _plain_locals(frame)
        copy = dict(found)
        # The frame keeps that dict: a variable that is replaced would live on in it.
        found.clear()
        return copy

    return read


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x2)


def _own_type() -> type:
    return type(sys._getframe().f_locals)


_TRUSTED: Final = frozenset({dict, _own_type()})
variables = _make_reader()


class Snapshot:
    """What is known of one frame's variables, to tell which changed since its last line."""

    __slots__ = ("detail", "lines", "module", "shown", "values")

    def __init__(self, code: CodeType) -> None:
        self.module = not _is_function(code)
        self.values: dict[str, Any] = {}
        """Plain values as they were; they are compared without showing them again."""
        self.shown: dict[str, str] = {}
        self.detail = 0
        """The reference of the frame's last line detail."""
        self.lines = 0

    def changes(self, frame: FrameType, name: Namer) -> Changes:
        """The variables that changed since the last call, in the frame's own order."""
        found = variables(frame)
        changed: Changes = []
        known = self.values
        seen = 0
        for key, value in list(found.items()):
            kind = type(value)
            if not _is_shown(key) or (self.module and _is_backstage(key, value)):
                continue
            seen += 1
            if type(kind) is type and kind in PLAIN:
                old = known.get(key, _ABSENT)
                # Zeros are compared as they are shown: -0.0 is another one.
                if old is value or (type(old) is kind and old == value and value):
                    continue
                known[key] = value if kind not in (str, bytes) or _is_small(value) else _ABSENT
            else:
                known[key] = _ABSENT
            text = short(value, name)
            if self.shown.get(key) != text:
                self.shown[key] = text
                changed.append((key, text))
        if seen != len(self.shown):
            changed += self._gone(found)
        return changed

    def _gone(self, found: Mapping[str, Any]) -> Changes:
        # A module's variable also goes when it becomes a definition.
        gone = [
            key
            for key in self.shown
            if key not in found or (self.module and _is_backstage(key, found[key]))
        ]
        for key in gone:
            del self.shown[key]
            self.values.pop(key, None)
        return [(key, None) for key in gone]


def _is_shown(key: object) -> bool:
    """Whether it is a variable's name: not the interpreter's own, nor something odd in a module."""
    return type(key) is str and key.isidentifier()


def _is_backstage(key: str, value: object) -> bool:
    return key.startswith("__") or is_definition(value)


def _is_small(value: str | bytes) -> bool:
    return len(value) <= _LONGEST_KEPT
