"""GeneratorExit: what `close` raises in a generator, and what `throw` may raise there too."""

from __future__ import annotations

import ast
import functools
from types import BuiltinFunctionType, FrameType, GeneratorType
from typing import Any, Final

from coroplay.probe.inspect.calls import Call, Calls, Names
from coroplay.probe.inspect.frames import release_variables

_THROW: Final = "throw"


def is_thrown(calls: Calls, caller: FrameType | None) -> bool:
    """Tell whether a frame calls the `throw` of a generator, by whatever name it does."""
    call = None if caller is None else calls.under_way(caller)
    if caller is None or call is None:
        return False
    method = _method_of_generator(_called(call, caller))
    release_variables(caller)
    return (method or call.verb) == _THROW


def _called(call: Call, frame: FrameType) -> Any:
    """Return what a frame calls; None where that is not known."""
    known = Names(frame)
    if call.receiver is None:
        return known.of(ast.Name(call.function, ast.Load()))
    return known.of(ast.Attribute(call.receiver.node, call.verb, ast.Load()))


def _method_of_generator(called: Any) -> str | None:
    """Return the name of a generator's method; None for anything else."""
    while type(called) is functools.partial:
        called = called.func
    bound = type(called) is BuiltinFunctionType and type(called.__self__) is GeneratorType
    if bound or called is GeneratorType.throw or called is GeneratorType.close:
        return str(called.__name__)
    return None
