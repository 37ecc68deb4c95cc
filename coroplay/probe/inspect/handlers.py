"""The exception handlers of code, as the interpreter looks them up."""

from __future__ import annotations

import opcode
from collections.abc import Iterator
from types import CodeType, FrameType
from typing import Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory

_RESUME: Final = opcode.opmap["RESUME"]
_RERAISE: Final = opcode.opmap["RERAISE"]
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


def entered_from(code: CodeType, at: int) -> int | None:
    """Return where the handler of exceptions begins that one instruction raises; None for none."""
    return next((one.target for one in _around(code, at)), None)


def begins_on_way(code: CodeType, at: int) -> Iterator[int]:
    """Yield where the handlers begin that an exception may get to, raised by an instruction.

    What does not match an `except`, or is raised in one, is raised again at its end.
    """
    bytecode = code.co_code
    target = entered_from(code, at)
    while target is not None:
        yield target
        again = next((n for n in range(target, len(bytecode), 2) if bytecode[n] == _RERAISE), None)
        target = None if again is None else entered_from(code, again)


def begins_around(code: CodeType, at: int) -> Iterator[int]:
    """Yield where the handlers begin that an instruction stands in, from the innermost outwards.

    Each is followed by what leaves it, which is the handler of all of it.
    """
    handlers = list(_handlers(code.co_exceptiontable))
    inner = next(_around(code, at), None)
    while inner is not None:
        yield min(one.first for one in handlers if one.target == inner.target)
        inner = next((one for one in _around(code, inner.target) if one != inner), None)


def _around(code: CodeType, at: int) -> Iterator[_Handler]:
    handlers = _handlers(code.co_exceptiontable)
    return (one for one in handlers if one.first <= at < one.end)


def _look_up(code: CodeType, at: int) -> bool:
    bytecode = code.co_code
    if bytecode[at] == _RESUME:
        at -= 2  # It is the yield before that raises the exception.
    instruction, argument = bytecode[at + 2 : at + 4]
    if instruction == _RESUME and argument & 3 == _AFTER_YIELD_FROM:
        return True  # From Python 3.12 on it has a handler of its own.
    target = entered_from(code, at)
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
