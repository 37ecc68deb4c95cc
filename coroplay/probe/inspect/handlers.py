"""The exception handlers of code, as the interpreter looks them up."""

from __future__ import annotations

import opcode
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory

_RESUME: Final = opcode.opmap["RESUME"]
_AFTER_YIELD_FROM: Final = 2
"""The argument of RESUME there; its other bits say something else."""
_CALL_INTRINSIC: Final = opcode.opmap.get("CALL_INTRINSIC_1", -1)
_STOP_ITERATION_ERROR: Final = 3
"""The function that the handler around every generator calls, from Python 3.12 on."""


class _Handler(NamedTuple):
    first: int
    end: int
    target: int


_known = CodeMemory[dict[int, bool]](dict)


def is_handled(frame: FrameType) -> bool:
    """Tell whether an exception raised where a generator stands does more than to end it."""
    known, at = _known.of(frame.f_code), frame.f_lasti
    if at not in known:
        known[at] = _look_up(frame.f_code, at)
    return known[at]


def _look_up(code: CodeType, at: int) -> bool:
    bytecode = code.co_code
    if bytecode[at] == _RESUME:
        at -= 2  # It is the yield before that raises the exception.
    instruction, argument = bytecode[at + 2 : at + 4]
    if instruction == _RESUME and argument & 3 == _AFTER_YIELD_FROM:
        return True  # From Python 3.12 on it has a handler of its own.
    handlers = _handlers(code.co_exceptiontable)
    target = next((one.target for one in handlers if one.first <= at < one.end), None)
    if target is None:
        return False
    instruction, argument = bytecode[target : target + 2]
    return not (instruction == _CALL_INTRINSIC and argument == _STOP_ITERATION_ERROR)


def _handlers(table: bytes) -> Iterator[_Handler]:
    """Read a table of handlers: offsets in units of two bytes, six bits a byte."""
    numbers: list[int] = []
    value = 0
    for byte in table:
        value = value << 6 | byte & 0x3F
        if not byte & 0x40:
            numbers.append(value)
            value = 0
    for first, length, target, _depth in zip(*[iter(numbers)] * 4, strict=True):
        yield _Handler(2 * first, 2 * (first + length), 2 * target)
