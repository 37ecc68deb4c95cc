"""The values of expressions in a frame, found without running any of the program's code.

A library that evaluates more catches every exception on its way. While a hook runs, that may be one
of the program's own: its signal handlers run wherever the interpreter happens to be.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from types import NoneType
from typing import Any, Final

from coroplay.probe.base.interruptions import is_from_within
from coroplay.probe.inspect.things import is_one, static_attribute

_UNKNOWN: Final = object()
_PLAIN: Final = (int, float, complex, bool, str, bytes, NoneType)
"""Types of objects whose hashing and comparing run no code of the program's."""
_NUMBERS: Final = (int, float, bool)
_MOST_BITS: Final = 64
_MOST: Final = 1000
"""Keys of a dict that are looked through, and characters of a text that is made."""
_OPERATORS: Final[dict[type[ast.AST], Callable[..., Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


def evaluate(node: ast.expr, names: Mapping[str, Any], otherwise: Any = None) -> Any:
    """Return the value that an expression has where names have these values.

    That is `otherwise` where it is not known: where a name has none, or a call, a property or an
    operator of the program's would have to run.
    """
    value = _evaluate(node, names)
    return otherwise if value is _UNKNOWN else value


def _evaluate(node: ast.expr | None, names: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return names.get(name, _UNKNOWN)
        case ast.Attribute(value=owner, attr=name):
            thing = _evaluate(owner, names)
            return _UNKNOWN if thing is _UNKNOWN else static_attribute(thing, name, _UNKNOWN)
        case ast.Subscript(value=owner, slice=index):
            return _item(_evaluate(owner, names), _evaluate(index, names))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            value = _evaluate(operand, names)
            return not value if _is_plain(value) else _UNKNOWN
        case ast.UnaryOp(op=sign, operand=operand):
            return _calculate(sign, _evaluate(operand, names))
        case ast.BinOp(left=left, op=sign, right=right):
            return _calculate(sign, _evaluate(left, names), _evaluate(right, names))
        case _:
            return _display(node, names)


def _display(node: ast.expr | None, names: Mapping[str, Any]) -> Any:
    """Return the container that is written out in an expression."""
    match node:
        case ast.Tuple(elts=items):
            return _all(items, names, tuple)
        case ast.List(elts=items):
            return _all(items, names, list)
        case ast.Set(elts=items):
            found = _all(items, names, tuple)
            return set(found) if found is not _UNKNOWN and _are_plain(found) else _UNKNOWN
        case ast.Dict(keys=keys, values=values):
            found, held = _all(keys, names, tuple), _all(values, names, tuple)
            known = found is not _UNKNOWN and held is not _UNKNOWN and _are_plain(found)
            return dict(zip(found, held, strict=True)) if known else _UNKNOWN
        case _:
            return _UNKNOWN


def _all(
    nodes: Iterable[ast.expr | None],
    names: Mapping[str, Any],
    kind: Callable[[Iterable[Any]], Any],
) -> Any:
    found = [_evaluate(one, names) for one in nodes]
    return _UNKNOWN if any(one is _UNKNOWN for one in found) else kind(found)


def _are_plain(values: Iterable[Any]) -> bool:
    return all(_is_plain(one) for one in values)


def _is_plain(value: Any) -> bool:
    return is_one(type(value), _PLAIN)


def _item(owner: Any, index: Any) -> Any:
    """Return the item of a container of Python's own."""
    kind = type(owner)
    if not (_is_plain(index) and is_one(kind, (dict, list, tuple, str, bytes))):
        return _UNKNOWN
    if kind is dict and (len(owner) > _MOST or not _are_plain(list(owner))):
        return _UNKNOWN
    # Only a function in C runs within this `try`.
    try:
        return owner[index]
    except (LookupError, TypeError) as error:
        if is_from_within(error):
            raise
        return _UNKNOWN


def _calculate(sign: ast.AST, *operands: Any) -> Any:
    """Return the result of an operator on numbers and texts."""
    function = _OPERATORS.get(type(sign))
    if function is None or not _are_in_reach(sign, *operands):
        return _UNKNOWN
    # Only a function in C runs within this `try`.
    try:
        return function(*operands)
    except ArithmeticError as error:
        if is_from_within(error):
            raise
        return _UNKNOWN


def _are_in_reach(sign: ast.AST, *operands: Any) -> bool:
    """Tell whether an operator on these needs no code of the program's, nor much time."""
    if all(_is_number(one) for one in operands):
        return True
    first, last = operands[0], operands[-1]
    if len(operands) < 2 or type(first) is not str:
        return False
    if type(sign) is ast.Mult and type(last) is int:
        return len(first) * abs(last) <= _MOST
    return type(sign) is ast.Add and type(last) is str


def _is_number(value: Any) -> bool:
    kind = type(value)
    return is_one(kind, _NUMBERS) and (kind is not int or value.bit_length() <= _MOST_BITS)
