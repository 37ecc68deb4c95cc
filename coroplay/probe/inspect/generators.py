"""Generators and their frames: what tells them from other functions, and their names."""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import CodeType, FrameType, GeneratorType
from typing import Any, Final

from coroplay.probe.base import accelerator, high_ctypes
from coroplay.probe.inspect import values
from coroplay.probe.inspect.frames import variables

if accelerator.used:
    from coroplay.probe.native import _accelerator

_CO_GENERATOR: Final = 0x20
_NOT_SHOWN: Final = ("cls", "self")


def is_generator_code(code: CodeType) -> bool:
    """Tell whether calling such code makes a generator, and not a coroutine of asyncio's kind."""
    return bool(code.co_flags & _CO_GENERATOR)


def generator_name(frame: FrameType, namer: values.Namer) -> str:
    """Return the function and arguments of a generator that has not run yet."""
    code = frame.f_code
    count = code.co_argcount + code.co_kwonlyargcount
    names = [one for one in code.co_varnames[:count] if one not in _NOT_SHOWN and one[0] != "."]
    known = variables(frame)
    shown = [values.short(known[one], namer, 1) for one in names if one in known]
    return f"{code.co_name}({', '.join(shown)})" if shown else code.co_name


def generator_of(frame: FrameType) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator that a frame belongs to; None if it belongs to none."""
    return _finder(frame)


def _make_finder() -> Callable[[FrameType], GeneratorType[Any, Any, Any] | None]:
    """Return a function from a frame to its generator, which Python 3.14 has as an attribute."""
    if hasattr(FrameType, "f_generator"):
        return operator.attrgetter("f_generator")
    if accelerator.used:
        return _accelerator.generator_of
    ctypes = high_ctypes.load()
    get = ctypes.pythonapi.PyFrame_GetGenerator
    get.argtypes, get.restype = [ctypes.py_object], ctypes.py_object

    def find(frame: FrameType) -> GeneratorType[Any, Any, Any] | None:
        if not is_generator_code(frame.f_code):
            return None
        try:
            found: GeneratorType[Any, Any, Any] = get(frame)
        except ctypes.ArgumentError:
            # So `ctypes` words a RecursionError: the program is at its limit.
            raise RecursionError from None
        return found

    return find


_finder = _make_finder()
