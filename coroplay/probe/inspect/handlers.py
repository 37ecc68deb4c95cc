"""The exception handlers of code, as the interpreter looks them up."""

from __future__ import annotations

import opcode
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory

_CLEANUP_THROW: Final = opcode.opmap.get("CLEANUP_THROW", -1)
"""The handler that every `yield from` has, from Python 3.12 on."""
_CALL_INTRINSIC: Final = opcode.opmap.get("CALL_INTRINSIC_1", -1)
_STOP_ITERATION_ERROR: Final = 3
"""The function that the handler around every generator calls, from Python 3.12 on."""


class _Handler(NamedTuple):
    first: int
    end: int
    target: int


_known = CodeMemory[dict[int, bool]](dict)


def stands_in_try(frame: FrameType) -> bool:
    """Tell whether code of a frame's function runs when an exception is raised where it stands."""
    known, at = _known.of(frame.f_code), frame.f_lasti
    if at not in known:
        known[at] = _is_handled(frame.f_code, at)
    return known[at]


def _is_handled(code: CodeType, at: int) -> bool:
    handlers = list(_handlers(code.co_exceptiontable))
    bytecode = code.co_code
    while True:
        target = next((one.target for one in handlers if one.first <= at < one.end), None)
        if target is None:
            return False
        instruction, argument = bytecode[target : target + 2]
        if instruction == _CALL_INTRINSIC and argument == _STOP_ITERATION_ERROR:
            return False
        if instruction != _CLEANUP_THROW:
            return True
        at = target


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
