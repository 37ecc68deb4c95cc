"""Which variables of a function each of its lines may bind or unbind, as its instructions say."""

from __future__ import annotations

import opcode
from types import CodeType
from typing import Final

_STORES: Final = frozenset(
    number
    for number, name in enumerate(opcode.opname)
    if name.startswith(("STORE_FAST", "DELETE_FAST")) or name == "LOAD_FAST_AND_CLEAR"
)
_PAIRED: Final = frozenset(
    number
    for number, name in enumerate(opcode.opname)
    if name in ("STORE_FAST_LOAD_FAST", "STORE_FAST_STORE_FAST")
)
"""Instructions of 3.13 that are two in one, for variables with small numbers."""


def variables_set(code: CodeType) -> dict[int, tuple[str, ...]]:
    """By line: the variables that may be other ones after it, as far as only the frame can do so.

    Those that inner functions share may be set from anywhere, and are left out.
    """
    names, instructions = code.co_varnames, code.co_code
    found: dict[int | None, dict[str, None]] = {None: {}}
    for start, end, line in code.co_lines():
        of_line = found.setdefault(line, {})
        argument = 0
        for at in range(start, end, 2):
            instruction, byte = instructions[at], instructions[at + 1]
            argument = argument << 8 | byte
            if instruction in _PAIRED:
                of_line.update(dict.fromkeys((names[byte >> 4], names[byte & 15])))
            elif instruction in _STORES and argument < len(names):
                of_line[names[argument]] = None
            if instruction != opcode.EXTENDED_ARG:
                argument = 0
    anywhere = found.pop(None)
    return {line: (*of_line, *anywhere) for line, of_line in found.items() if line is not None}
