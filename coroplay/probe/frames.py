"""Reading a frame's variables without changing what the program sees of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, Final

from coroplay.probe import accelerator
from coroplay.probe.looks import NO_LOOK, Look, is_as_before, is_kept, look_at
from coroplay.probe.values import FUNCTIONS, Namer, is_definition, short
from coroplay.trace.layout import UNIT_SEPARATOR

_LOOKS_AT_LOCALS: Final = frozenset({"locals", "vars", "dir", "eval", "exec"})
_LARGE: Final = 10**18
"""Whole numbers below it are shown in full, and in no time."""
_NEW: Final = object()
_HIDDEN: Final = object()

Pairs = list[tuple[str, Any]]
Reader = Callable[[FrameType], Pairs]
"""Gives the variables of a frame with their values, in the frame's own order."""


def _read(frame: FrameType) -> Pairs:
    # A copy, since other threads may look at the same frame; from 3.13 on it is one anyway.
    return [*frame.f_locals.items()]


def _read_proxy(frame: FrameType) -> Pairs:
    return frame.f_locals.items()  # type: ignore[return-value]


def _read_mapping(frame: FrameType) -> Pairs:
    found = frame.f_locals
    # The body of a class may run in a mapping of the program's own, which must not be asked, and
    # a module may have keys of any kind, which must not be compared.
    if type(found) is dict:
        return [pair for pair in list(found.items()) if type(pair[0]) is str]
    return []


def _read_and_clear(frame: FrameType) -> Pairs:
    found = frame.f_locals
    pairs = [*found.items()]
    # The frame keeps that dict: a variable that is replaced would live on in it.
    found.clear()
    return pairs


def _make_chooser() -> Callable[[CodeType], Reader]:
    """On 3.12, `frame.f_locals` refreshes the very dict that ``locals()`` gave the program.

    A function that may hold that dict is therefore read variable by variable. On 3.11 the
    interpreter itself refreshes it for every trace function; from 3.13 on there is no such dict.
    """
    if sys.version_info[:2] != (3, 12):
        read = _read_proxy if sys.version_info >= (3, 13) else _read
        return lambda code: read if _is_function(code) else _read_mapping
    import ctypes

    get = ctypes.pythonapi.PyFrame_GetVar
    get.argtypes = [ctypes.py_object, ctypes.py_object]
    get.restype = ctypes.py_object

    def one_by_one(frame: FrameType) -> Pairs:
        code = frame.f_code
        found = []
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
            try:
                found.append((name, get(frame, name)))
            except NameError:
                continue
        return found

    def choose(code: CodeType) -> Reader:
        if not _is_function(code):
            return _read_mapping
        holds = not _LOOKS_AT_LOCALS.isdisjoint(code.co_names)
        return one_by_one if holds else _read_and_clear

    return choose


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x2)


_reader = _make_chooser()


def variables(frame: FrameType) -> dict[str, Any]:
    """The variables of a frame with their values."""
    if accelerator.module is not None and _is_function(frame.f_code):
        found: dict[str, Any] = accelerator.module.variables(frame)
        return found
    return dict(_reader(frame.f_code)(frame))


class CodeFacts:
    """What the frames of one code object have in common."""

    __slots__ = ("code", "firsts", "locations", "module", "read")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        """Held, so that its id stays its own."""
        self.module = not _is_function(code)
        """Whether it is that of a module, or of the body of a class."""
        self.read: Reader = _reader(code)
        self.locations: dict[int, int] = {}
        """The location of each line that ran."""
        self.firsts: dict[int, int] = {}
        """The details of lines in frames that had no variables yet, by line."""


def let_go(frame: FrameType) -> None:
    """Forget the variables of a suspended frame that were read: Python 3.11 keeps them in a dict.

    What the program frees meanwhile, or a cycle through that dict, would live on in it. Never to be
    called where a trace function may be running for the frame, be it ours or the program's: the
    interpreter sets the variables anew from that dict when it returns. With the frame's next line
    its values are back; only the accelerator, which makes no such dict, leaves nothing behind.
    """
    if sys.version_info >= (3, 12) or accelerator.module or not _is_function(frame.f_code):
        return
    if _LOOKS_AT_LOCALS.isdisjoint(frame.f_code.co_names):
        frame.f_locals.clear()


class Snapshot:
    """What is known of one frame's variables, to tell which changed since its last line."""

    __slots__ = (
        "_known",
        "_module",
        "_read",
        "_size",
        "detail",
        "links",
        "locations",
        "shown",
        "unchanged",
    )

    def __init__(self, facts: CodeFacts) -> None:
        self._module = facts.module
        self._read = facts.read
        self.locations = facts.locations
        self._known: dict[str, Look] = {}
        """The look of every variable; of a module's definition, its type."""
        self.shown: dict[str, str] = {}
        """Every variable that is shown, in short."""
        self._size = 0
        """How many variables there were, hidden ones too."""
        self.detail = 0
        """The reference of the frame's last line detail that says of a change."""
        self.links = 0
        """How many such details there are."""
        self.unchanged = facts.firsts
        """The details of lines that followed upon that one without a change, by line."""

    def changes(self, frame: FrameType, name: Namer) -> list[str]:
        """The variables that changed since the last call, as they are written."""
        pairs = self._read(frame)
        known = self._known
        changed: list[str] = []
        for key, value in pairs:
            old = known.get(key, _NEW)
            if old is value or old is _HIDDEN:
                continue
            # The most frequent change of all, without a call more than need be.
            if type(old) is int and type(value) is int and -_LARGE < value < _LARGE:
                if value != old:
                    known[key] = value
                    self.shown[key] = text = repr(value)
                    changed.append(f"{key}{UNIT_SEPARATOR}{text}")
                continue
            change = self._look(key, value, old, name)
            if change is not None:
                changed.append(change)
        if len(pairs) != self._size:
            changed += self._gone(pairs)
        return changed

    def _look(self, key: str, value: Any, old: Look, name: Namer) -> str | None:
        """What is to be written of a variable that may have changed; None if it has not."""
        if old is type(value) or is_as_before(old, value):
            return None
        if old is _NEW:
            self._size = -1
            if not _is_shown(key, self._module):
                self._known[key] = _HIDDEN
                return None
        if self._module and is_definition(value):
            return self._hide(key, type(value))
        text = short(value, name)
        if self.shown.get(key) == text:
            self._known[key] = look_at(value, name)
            return None
        self.shown[key] = text
        # Another kind of value will be looked at when it is found unchanged.
        self._known[key] = value if is_kept(value) else NO_LOOK
        return f"{key}{UNIT_SEPARATOR}{text}"

    def _hide(self, key: str, kind: type) -> str | None:
        """A module's variable goes when it becomes a definition."""
        own = kind is not type and (type(kind) is not type or kind not in FUNCTIONS)
        self._known[key] = NO_LOOK if own else kind
        return None if self.shown.pop(key, None) is None else key

    def _gone(self, pairs: Pairs) -> list[str]:
        if self._module and not pairs:
            return []  # A mapping that must not be asked, or part of one.
        self._size = len(pairs)
        if len(self._known) == len(pairs):
            return []
        present = {key for key, _ in pairs}
        gone = [key for key in self._known if key not in present]
        for key in gone:
            del self._known[key]
        return [key for key in gone if self.shown.pop(key, None) is not None]


def _is_shown(key: str, module: bool) -> bool:
    """Whether it is a variable's name: not the interpreter's own, nor something odd in a module."""
    return key.isidentifier() and not (module and key.startswith("__"))
