"""Functions of the probe that leave no trace: not in a stack, not in a traceback, not to a tracer.

The interpreter shows a frame from its instruction RESUME on; what comes before it, the making of
cells, is nobody's business. A function whose RESUME is taken out is never shown, and no event is
ever told of it: neither by `sys.settrace` nor by `sys.monitoring`.
"""

from __future__ import annotations

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
