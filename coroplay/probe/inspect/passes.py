"""Loops written on one line: the jumps by which they come round, which Python counts as no line.

A comprehension is no such loop, whether it is code of its own or part of the code around it: it is
an expression, and so one step.
"""

from __future__ import annotations

import opcode
from collections.abc import Iterator
from types import CodeType
from typing import Final, NamedTuple

from coroplay import pythons

_IS_KNOWN: Final = not pythons.untested()
"""True where the instructions are known to be those that are looked for here."""
_CACHE: Final = opcode.opmap["CACHE"]
_EXTENDED: Final = opcode.opmap["EXTENDED_ARG"]
_JUMP: Final = opcode.opmap["JUMP_BACKWARD"]
_SWAP: Final = opcode.opmap["SWAP"]
_NEXT: Final = opcode.opmap["FOR_ITER"]
_MADE: Final = frozenset(
    (opcode.opmap[name], 0) for name in ("BUILD_LIST", "BUILD_SET", "BUILD_MAP")
)
"""What makes the empty list, set or dict that a comprehension fills."""
_ITERATE: Final = frozenset(opcode.opmap[name] for name in ("GET_ITER", "GET_AITER"))
_USED_AT_ONCE: Final = frozenset(
    opcode.opmap[name] for name in ("TO_BOOL", "LIST_APPEND", "SET_ADD") if name in opcode.opmap
)
"""What follows on an item where `any`, `all` and `tuple` are called, from Python 3.14 on."""

_EXPRESSIONS: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Code that is part of a line; only generator expressions are code of their own on all Pythons."""


class _Instruction(NamedTuple):
    start: int
    """The offset that jumps to it name."""
    at: int
    """The offset that its own events name."""
    op: int
    argument: int
    end: int


def passes(code: CodeType) -> dict[int, int]:
    """Return the lines that loops within one line run again, by the offset of the jump to that."""
    if not _IS_KNOWN or code.co_name == "<genexpr>" or _JUMP not in code.co_code[::2]:
        return {}
    instructions = list(_instructions(code.co_code))
    loops = [
        (one.at, one.end - 2 * one.argument)
        for one in instructions
        if one.op == _JUMP and one.argument
    ]
    inside = _expressions(instructions, loops)
    lines = _lines(code)
    return {
        at: line
        for at, target in loops
        if (line := lines.get(at)) is not None
        and line == lines.get(target)
        and not any(first <= at <= last for first, last in inside)
    }


def is_repeated_unseen(code: CodeType, at: int) -> bool:
    """Tell whether the instruction at an offset may run again and again without a step.

    It may in a comprehension, and in a loop within one line where no step is made of its passes.
    """
    if not _IS_KNOWN or code.co_name in _EXPRESSIONS:
        return True
    lines, instructions = _lines(code), list(_instructions(code.co_code))
    loops = [(one.at, one.end - 2 * one.argument) for one in instructions if one.op == _JUMP]
    return any(
        target <= at <= jump and lines.get(jump) == lines.get(target) for jump, target in loops
    ) or any(first <= at <= last for first, last in _expressions(instructions, loops))


def _instructions(bytecode: bytes) -> Iterator[_Instruction]:
    start, argument, at = 0, 0, 0
    while at < len(bytecode):
        op, argument = bytecode[at], argument << 8 | bytecode[at + 1]
        end = at + 2
        while bytecode[end : end + 1] == bytes([_CACHE]):
            end += 2
        if op != _EXTENDED:
            yield _Instruction(start, at, op, argument, end)
            start, argument = end, 0
        at = end


def _expressions(
    instructions: list[_Instruction], loops: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the first and last offset of each loop that is part of an expression."""
    numbers = {one.start: number for number, one in enumerate(instructions)}
    ends: dict[int, int] = {}
    for at, target in loops:
        ends[target] = max(at, ends.get(target, 0))
    return [
        (target, last)
        for target, last in ends.items()
        if _is_expression(instructions, numbers[target])
    ]


def _is_expression(instructions: list[_Instruction], number: int) -> bool:
    """Tell whether a loop, given by its first instruction, belongs to an expression."""
    if instructions[number].op == _NEXT and instructions[number + 1].op in _USED_AT_ONCE:
        return True
    before = number - (instructions[number - 1].op in _ITERATE)
    kinds = [(one.op, one.argument) for one in instructions[max(0, before - 2) : before]]
    return len(kinds) == 2 and kinds[0] in _MADE and kinds[1][0] == _SWAP


def _lines(code: CodeType) -> dict[int, int | None]:
    """Return the line of each offset."""
    return {at: line for first, end, line in code.co_lines() for at in range(first, end, 2)}
