"""Functions of the probe that leave no trace: not in a stack, not in a traceback, not to a tracer.

The interpreter shows a frame from its instruction RESUME on; what comes before it, the making of
cells, is nobody's business. A function whose RESUME is taken out is never shown, and no event is
ever told of it: neither by `sys.settrace` nor by `sys.monitoring`.
"""

from __future__ import annotations

import ctypes
import opcode
from collections.abc import Callable
from types import FunctionType
from typing import Any, Final, TypeVar

_RESUME: Final = opcode.opmap["RESUME"]
_NOP: Final = opcode.opmap["NOP"]
_F = TypeVar("_F", bound=Callable[..., Any])


def unseen(function: _F) -> _F:
    """The function, which from now on can't be seen to run."""
    assert isinstance(function, FunctionType)
    instructions = bytearray(function.__code__.co_code)
    starts = range(0, len(instructions), 2)
    at = next((at for at in starts if instructions[at] == _RESUME), None)
    if at is not None:
        instructions[at] = _NOP
        function.__code__ = function.__code__.replace(co_code=bytes(instructions))
    return function


def _of_the_interpreter(name: str, result: Any, *arguments: Any) -> Any:
    function = getattr(ctypes.pythonapi, name)
    function.restype, function.argtypes = result, arguments
    return function


_state: Final = _of_the_interpreter("PyThreadState_Get", ctypes.c_void_p)
_enter: Final = _of_the_interpreter("PyThreadState_EnterTracing", None, ctypes.c_void_p)
_leave: Final = _of_the_interpreter("PyThreadState_LeaveTracing", None, ctypes.c_void_p)


def untold(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with no event told to anybody of all that it calls.

    For what the program itself calls. Within the hooks of tracers the interpreter does the same.
    """

    @unseen
    def call(*arguments: Any) -> Any:
        state = _state()
        _enter(state)
        try:
            return function(*arguments)
        finally:
            _leave(state)

    return call
