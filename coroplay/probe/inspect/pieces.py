"""The piece of source that an instruction comes from, and what is being done by it."""

from __future__ import annotations

import ast
import enum
import itertools
import opcode
import sys
from collections.abc import Sequence
from types import CodeType
from typing import Final, NamedTuple

from coroplay.probe.inspect.parsing import parse_expression, parse_statement, segment
from coroplay.probe.inspect.source import Position, source_between

_ENTER: Final = opcode.opmap.get("BEFORE_WITH")
_SPECIAL: Final = opcode.opmap.get("LOAD_SPECIAL")
_NEXT: Final = opcode.opmap["FOR_ITER"]
_CALLS: Final = frozenset(
    code for name, code in opcode.opmap.items() if name in ("CALL", "PRECALL")
)
_FAILED_EXIT: Final = opcode.opmap["WITH_EXCEPT_START"]
_CACHE: Final = opcode.opmap["CACHE"]
_WHOLE_STATEMENTS: Final = sys.version_info < (3, 13)
"""True where the position of entering `with` or of going round `for` is the whole statement."""
_NO_ARGUMENTS: Final = 3
"""The number of times that None is loaded before `__exit__` is called."""


class Act(enum.Enum):
    """Things that an instruction may be doing while another coroutine runs."""

    EXPRESSION = enum.auto()
    """A call, mostly."""
    ENTER = enum.auto()
    """Entering a `with`; the text is the expression of the context."""
    EXIT = enum.auto()
    """Leaving a `with`; the text is the expression of the context."""
    NEXT = enum.auto()
    """Asking an iterator for its next item; the text is the expression iterated over."""


class Piece(NamedTuple):
    """A piece of source with what is being done by it."""

    act: Act
    text: str
    """The piece as written; empty if it is unknown."""
    outside: bool = False
    """True if the expression belongs to the function around that of the code."""


def source_text(code: CodeType, at: int) -> str:
    """Return the source of the instruction at an offset, as written; empty if it is unknown."""
    return source_piece(code, at).text


def instruction_at(instructions: bytes, at: int) -> int:
    """Return the offset of the instruction that a frame is at.

    On Python 3.12 a frame that resumes a generator stands behind it, in its cache.
    """
    while at > 0 and instructions[at] == _CACHE:
        at -= 2
    return at


def source_piece(code: CodeType, at: int) -> Piece:
    """Return the piece of source of the instruction at an offset: never more than an expression."""
    if at < 0:
        return Piece(Act.EXPRESSION, "")
    at = instruction_at(code.co_code, at)
    positions = list(code.co_positions())
    position = positions[at // 2] if at // 2 < len(positions) else (None,) * 4
    act = _act(code.co_code, at, positions)
    outside = act is Act.NEXT and code.co_varnames[:1] == (".0",) and _count_before(code, at) == 0
    text = source_between(code.co_filename, position)
    if text and act is not Act.EXPRESSION and _WHOLE_STATEMENTS:
        text = _expression(text, act, code, at, positions)
    return Piece(act, text, outside)


def _act(instructions: bytes, at: int, positions: Sequence[Position]) -> Act:
    op = instructions[at]
    if op == _ENTER:
        return Act.ENTER
    if op == _NEXT:
        return Act.NEXT
    if op == _FAILED_EXIT:
        return Act.EXIT
    if op not in _CALLS:
        return Act.EXPRESSION
    before = _before(instructions, at)
    nearest = list(itertools.islice(before, _NO_ARGUMENTS))
    if nearest and instructions[nearest[0]] == _SPECIAL and instructions[at + 1] == 0:
        return Act.ENTER
    loaded = {instructions[one : one + 2] for one in nearest}
    alike = all(positions[one // 2] == positions[at // 2] for one in nearest)
    names = {opcode.opname[one[0]] for one in loaded}
    if len(nearest) == _NO_ARGUMENTS and len(loaded) == 1 and alike:
        return Act.EXIT if names <= {"LOAD_CONST", "LOAD_COMMON_CONSTANT"} else Act.EXPRESSION
    return Act.EXPRESSION


def _before(instructions: bytes, at: int) -> itertools.filterfalse[int]:
    """Return the offsets of the instructions before one, the nearest first."""
    offsets = range(at - 2, -1, -2)
    return itertools.filterfalse(
        lambda one: (
            instructions[one] == _CACHE or instructions[one] in (_CALLS - {instructions[at]})
        ),
        offsets,
    )


def _count_before(code: CodeType, at: int, positions: Sequence[Position] | None = None) -> int:
    """Count the instructions of one kind before an offset, at the same position if given."""
    found = code.co_code
    return sum(
        found[one] == found[at] and (positions is None or positions[one // 2] == positions[at // 2])
        for one in range(0, at, 2)
    )


def _expression(text: str, act: Act, code: CodeType, at: int, positions: Sequence[Position]) -> str:
    """Return the expression of a context or of an iteration within the text of a statement."""
    position = positions[at // 2]
    whole = source_between(code.co_filename, position, 0)
    node: ast.AST | None
    if text.startswith(("with", "for", "async")):
        source = f"if 1:\n{whole}\n" if whole[:1].isspace() else whole
        node = parse_statement(source)
        if isinstance(node, ast.If):
            node = node.body[0]
    else:
        source = f"({text}\n)"
        node = parse_expression(source)
    number = _count_before(code, at, positions)
    found = _choose(node, act, number)
    return "" if found is None else segment(source, found)


def _choose(node: ast.AST | None, act: Act, number: int) -> ast.expr | None:
    match node:
        case ast.With(items=items) | ast.AsyncWith(items=items):
            # A `with` is left in several places: which context is left is known of a single one.
            number = number if act is Act.ENTER else 0 if len(items) == 1 else len(items)
            return items[number].context_expr if number < len(items) else None
        case ast.For(iter=found) | ast.AsyncFor(iter=found):
            return found
        case (
            ast.ListComp(generators=found)
            | ast.SetComp(generators=found)
            | ast.DictComp(generators=found)
            | ast.GeneratorExp(generators=found)
        ):
            return found[number].iter if number < len(found) else None
        case _:
            return None
