"""The variables of a frame, read without changing what the program sees of them."""

from __future__ import annotations

import sys
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import CodeType, FrameType
from typing import Any, Final

from coroplay.probe.base import accelerator, high_ctypes, originals
from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.base.own import is_own

if accelerator.used:
    from coroplay.probe.native import _accelerator

_COPIES_MAPPINGS: Final = sys.version_info[:2] == (3, 12)
"""True where `f_locals`, in a comprehension outside of functions, is a copy of what the code runs
in, for which the methods of that are called."""
_LOOKS_AT_LOCALS: Final = frozenset({"locals", "vars", "dir", "eval", "exec"})

Variables = Mapping[str, Any]
Reader = Callable[[FrameType], Variables]
"""A function that returns the variables of a frame and their values, in the frame's order."""


def is_function(code: CodeType) -> bool:
    """Tell whether code is a function's, and not that of a module or a class."""
    return bool(code.co_flags & 0x2)


def is_outermost(frame: FrameType) -> bool:
    """Tell whether no other function of the program's called a frame.

    Without the accelerator, frames of the probe can lie below an outermost frame.
    """
    caller = frame.f_back
    return caller is None or is_own(caller.f_code)


def _read(frame: FrameType) -> Variables:
    # A copy, since other threads may look at the same frame.
    return frame.f_locals.copy()


def _read_mapping(frame: FrameType) -> Variables:
    if _COPIES_MAPPINGS and frame.f_code.co_nlocals and type(frame.f_globals) is not dict:
        return {}
    found = frame.f_locals
    # The body of a class may run in a mapping of the program's own, whose methods must not be
    # called.
    return _names_in(found) if type(found) is dict else {}


def _names_in(mapping: dict[Any, Any]) -> Variables:
    """Return the names in a dict, of whatever type, with their values."""
    # A module may have keys of any type, which must not be compared.
    return {key: value for key, value in list(dict.items(mapping)) if type(key) is str}


def _read_and_clear(frame: FrameType) -> Variables:
    found = frame.f_locals
    copied = found.copy()
    # The frame keeps that dict, in which an object that the variable drops would live on.
    found.clear()
    return copied


def _make_reader_one_by_one() -> Reader:
    ctypes = high_ctypes.load()
    get = ctypes.pythonapi.PyFrame_GetVar
    get.argtypes = [ctypes.py_object, ctypes.py_object]
    get.restype = ctypes.py_object

    def read_one_by_one(frame: FrameType) -> Variables:
        code = frame.f_code
        found = {}
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
            try:
                found[name] = get(frame, name)
            except NameError as error:
                if is_from_within(error):
                    raise
                continue
        return found

    return read_one_by_one


def _make_chooser() -> Callable[[CodeType], Reader]:
    """Return a function that chooses the reader for the frames of some code.

    On Python 3.12, `frame.f_locals` refreshes the very dict that ``locals()`` gave the program. A
    function that may hold that dict is therefore read variable by variable. On 3.11 the interpreter
    itself refreshes the dict for every trace function; from 3.13 on there is none. The accelerator
    reads functions without such a dict.
    """
    if sys.version_info[:2] != (3, 12) or accelerator.used:
        return lambda code: _read if is_function(code) else _read_mapping
    read_one_by_one = _make_reader_one_by_one()

    def choose(code: CodeType) -> Reader:
        if not is_function(code):
            return _read_mapping
        holds = not _LOOKS_AT_LOCALS.isdisjoint(code.co_names)
        return read_one_by_one if holds else _read_and_clear

    return choose


reader_for: Final = _make_chooser()
"""Function that returns the reader for the frames of some code."""


def variables(frame: FrameType) -> dict[str, Any]:
    """Return the variables of a frame with their values."""
    if accelerator.used and is_function(frame.f_code):
        return _accelerator.variables(frame)
    return dict(reader_for(frame.f_code)(frame))


def release_variables(frame: FrameType) -> None:
    """Release the values that Python 3.11 keeps in a dict once a frame's variables were read.

    Objects that the program drops while the frame is suspended would live on in that dict. Never
    call this where a trace function, ours or the program's, may be running for the frame: once it
    returns, the interpreter sets the variables anew from the dict. The frame's next line fills the
    dict again; only the accelerator, which makes no such dict, leaves nothing behind.
    """
    if sys.version_info >= (3, 12) or accelerator.used or not is_function(frame.f_code):
        return
    if _LOOKS_AT_LOCALS.isdisjoint(frame.f_code.co_names):
        frame.f_locals.clear()


def names(frame: FrameType) -> Mapping[str, Any]:
    """Return all names that the code of a frame knows, with their values."""
    if not is_function(frame.f_code) and sys.version_info >= (3, 13):
        found: Any = frame.f_locals
        if issubclass(type(found), _LocalsProxy):
            # A comprehension runs in a module or a class, whose names its own ones hide. Those of
            # a class can't be seen meanwhile: then it is not known which the global ones are.
            hidden = dict(found.items())
            outer = (_plain(frame.f_globals),) if frame.f_code.co_name == "<module>" else ()
            return ChainMap(hidden, *outer)
    return ChainMap(variables(frame), _plain(frame.f_globals), _plain(frame.f_builtins))


def _plain(space: dict[str, Any]) -> dict[str, Any]:
    """Return a namespace without methods of the program's: `exec` takes any kind of dict."""
    if type(space) is dict:
        return space
    return dict(_names_in(space)) if issubclass(type(space), dict) else {}


def _type_of_locals() -> type:
    return type(originals.getframe().f_locals)


_LocalsProxy: Final[Any] = _type_of_locals()
"""The type of a function's `f_locals`: from Python 3.13 on no dict."""
