"""Reading a frame's variables without changing what the program sees of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final

from coroplay.probe import accelerator
from coroplay.probe.assignments import variables_set
from coroplay.probe.looks import NO_LOOK, Look, is_as_before, is_kept, look_at
from coroplay.probe.values import FUNCTIONS, Namer, is_definition, short
from coroplay.trace.layout import UNIT_SEPARATOR

if TYPE_CHECKING:
    from coroplay.probe.thread_states import ThreadState

_LOOKS_AT_LOCALS: Final = frozenset({"locals", "vars", "dir", "eval", "exec"})
NEW: Final = object()
"""In place of the look of a variable that is not there, or was not so far."""
HIDDEN: Final = object()
"""In place of the look of one that is not shown."""
_SEPARATOR: Final = UNIT_SEPARATOR.encode()

Variables = Mapping[str, Any]
Reader = Callable[[FrameType], Variables]
"""Gives the variables of a frame with their values, in the frame's own order."""


def _read(frame: FrameType) -> Variables:
    # A copy, since other threads may look at the same frame; from 3.13 on it is one anyway.
    return frame.f_locals.copy()


def _read_proxy(frame: FrameType) -> Variables:
    return frame.f_locals


def _read_mapping(frame: FrameType) -> Variables:
    found = frame.f_locals
    # The body of a class may run in a mapping of the program's own, which must not be asked, and
    # a module may have keys of any kind, which must not be compared.
    if type(found) is dict:
        return {key: value for key, value in list(found.items()) if type(key) is str}
    return {}


def _read_and_clear(frame: FrameType) -> Variables:
    found = frame.f_locals
    copied = found.copy()
    # The frame keeps that dict: a variable that is replaced would live on in it.
    found.clear()
    return copied


def _make_chooser() -> Callable[[CodeType], Reader]:
    """On 3.12, `frame.f_locals` refreshes the very dict that ``locals()`` gave the program.

    A function that may hold that dict is therefore read variable by variable. On 3.11 the
    interpreter itself refreshes it for every trace function; from 3.13 on there is no such dict.
    """
    if not CLEARS_LOCALS:
        read = _read_proxy if sys.version_info >= (3, 13) else _read
        return lambda code: read if is_function(code) else _read_mapping
    import ctypes

    get = ctypes.pythonapi.PyFrame_GetVar
    get.argtypes = [ctypes.py_object, ctypes.py_object]
    get.restype = ctypes.py_object

    def one_by_one(frame: FrameType) -> Variables:
        code = frame.f_code
        found = {}
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
            try:
                found[name] = get(frame, name)
            except NameError:
                continue
        return found

    def choose(code: CodeType) -> Reader:
        if not is_function(code):
            return _read_mapping
        holds = not _LOOKS_AT_LOCALS.isdisjoint(code.co_names)
        return one_by_one if holds else _read_and_clear

    return choose


CLEARS_LOCALS: Final = sys.version_info[:2] == (3, 12)
"""Whether what `frame.f_locals` gave is to be emptied, unless the program may hold it."""


def is_function(code: CodeType) -> bool:
    """Whether its variables are a function's own, unlike those of a module or a class."""
    return bool(code.co_flags & 0x2)


_reader = _make_chooser()


def variables(frame: FrameType) -> dict[str, Any]:
    """The variables of a frame with their values."""
    if accelerator.module is not None and is_function(frame.f_code):
        found: dict[str, Any] = accelerator.module.variables(frame)
        return found
    return dict(_reader(frame.f_code)(frame))


class CodeFacts:
    """What the frames of one code object have in common."""

    __slots__ = (
        "blank",
        "code",
        "first_watched",
        "firsts",
        "instructions",
        "module",
        "places",
        "plain",
        "prefixes",
        "read",
        "shared",
        "stores",
    )

    def __init__(self, code: CodeType) -> None:
        self.code = code
        """Held, so that its id stays its own."""
        self.module = not is_function(code)
        """Whether it is that of a module, or of the body of a class."""
        self.plain = not (self.module or code.co_flags & 0x20)
        """Whether it is that of a function which is no generator."""
        self.read: Reader = _reader(code)
        names = () if self.module else (*code.co_varnames, *code.co_cellvars, *code.co_freevars)
        self.blank: dict[str, Look] = dict.fromkeys(names, NEW)
        """What is known of the variables of a frame that has just begun."""
        self.instructions = code.co_code
        """By which one tells where a frame stands."""
        self.prefixes: dict[str, bytes] = {}
        """What is written of a variable before its value, of those that were shown."""
        self.shared = () if self.module else (*code.co_cellvars, *code.co_freevars)
        """Variables that other frames may set too."""
        asks = self.module or not _LOOKS_AT_LOCALS.isdisjoint(code.co_names)
        self.stores = {} if asks else variables_set(code)
        """By line: the other variables that may be set in it; nothing if they can't be told."""
        starred = bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
        count = code.co_argcount + code.co_kwonlyargcount + starred
        self.first_watched = None if asks else (*code.co_varnames[:count], *self.shared)
        """The only variables there may be when a function begins; None if that can't be told."""
        self.places: dict[int, tuple[int, tuple[str, ...] | None]] = {}
        """Of each line that ran: its location, and what `stores` has of it."""
        self.firsts: dict[int, int] = {}
        """The details of lines in frames that had no variables yet, by line."""


def let_go(frame: FrameType) -> None:
    """Forget the variables of a suspended frame that were read: Python 3.11 keeps them in a dict.

    What the program frees meanwhile, or a cycle through that dict, would live on in it. Never to be
    called where a trace function may be running for the frame, be it ours or the program's: the
    interpreter sets the variables anew from that dict when it returns. With the frame's next line
    its values are back; only the accelerator, which makes no such dict, leaves nothing behind.
    """
    if sys.version_info >= (3, 12) or accelerator.module or not is_function(frame.f_code):
        return
    if _LOOKS_AT_LOCALS.isdisjoint(frame.f_code.co_names):
        frame.f_locals.clear()


class Snapshot:
    """What is known of one frame's variables, to tell which changed since its last line."""

    __slots__ = (
        "detail",
        "facts",
        "known",
        "links",
        "others",
        "shown",
        "size",
        "thread",
        "unchanged",
        "watched",
    )

    def __init__(self, facts: CodeFacts, thread: ThreadState | None = None) -> None:
        """Of any frame; or of a function that begins, on that thread."""
        self.facts = facts
        self.thread = thread
        """That of a function, where it is known: only generators change threads."""
        self.known = facts.blank.copy()
        """The look of every variable, or `NEW`; of a module's definition, its type."""
        self.shown: dict[str, bytes] = {}
        """Every variable that is shown, as it is written."""
        self.watched = None if thread is None else facts.first_watched
        """The only variables that may have changed; None if that can't be told."""
        self.others = dict.fromkeys(facts.shared) if facts.shared else None
        """Those that may do so at any time: shared ones, and values that are not plain."""
        self.size = 0
        """How many variables there were, hidden ones too."""
        self.detail = 0
        """The reference of the frame's last line detail that says of a change."""
        self.links = 0
        """How many such details there are."""
        self.unchanged: dict[int, int] | None = facts.firsts
        """The details of lines that followed upon that one without a change, by line; None: none
        did so far."""

    def look(self, key: str, value: Any, old: Look, name: Namer) -> bytes | None:
        """What is to be written of a variable that may have changed; None if it has not."""
        if old is HIDDEN or old is type(value) or is_as_before(old, value):
            return None
        if old is NEW:
            self.size += 1
            if not _is_shown(key, self.facts.module):
                self.known[key] = HIDDEN
                return None
            self.facts.prefixes.setdefault(key, encoded(key) + _SEPARATOR)
        if self.facts.module and is_definition(value):
            return self._hide(key, type(value))
        entry = self.facts.prefixes[key] + encoded(short(value, name))
        if self.shown.get(key) == entry:
            self._keep(key, look_at(value, name), is_kept(value))
            return None
        self.shown[key] = entry
        # Another kind of value will be looked at when it is found unchanged.
        kept = is_kept(value)
        self._keep(key, value if kept else NO_LOOK, kept)
        return entry

    def _keep(self, key: str, look: Look, plain: bool) -> None:
        self.known[key] = look
        if not plain:
            if self.others is None:
                self.others = {}
            self.others[key] = None
        elif self.others and key in self.others and key not in self.facts.shared:
            del self.others[key]

    def _hide(self, key: str, kind: type) -> bytes | None:
        """A module's variable goes when it becomes a definition."""
        own = kind is not type and (type(kind) is not type or kind not in FUNCTIONS)
        self.known[key] = NO_LOOK if own else kind
        return None if self.shown.pop(key, None) is None else encoded(key)

    def gone(self, found: Variables) -> list[bytes]:
        """What is to be written of the variables that are there no more."""
        if self.facts.module and not found:
            return []  # A mapping that must not be asked, or part of one.
        self.size = len(found)
        gone = [key for key, look in self.known.items() if look is not NEW and key not in found]
        for key in gone:
            del self.known[key]
        return [encoded(key) for key in gone if self.shown.pop(key, None) is not None]


def encoded(text: str) -> bytes:
    """As it is written."""
    return text.encode("utf-8", "replace")


def _is_shown(key: str, module: bool) -> bool:
    """Whether it is a variable's name: not the interpreter's own, nor something odd in a module."""
    return key.isidentifier() and not (module and key.startswith("__"))
