"""The call that a suspended frame has under way, and the value that the call carries.

The interpreter knows the piece of source that an instruction comes from; the piece is parsed by
itself, and its parts are evaluated without running any of the program's code. That costs too much
for every switch of a fast program, so values are recorded only together with lines.
"""

from __future__ import annotations

import ast
from types import FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.inspect.evaluation import evaluate
from coroplay.probe.inspect.frames import names
from coroplay.probe.inspect.parsing import parse_expression, parts_of, segment
from coroplay.probe.inspect.pieces import Act, Piece, source_piece
from coroplay.probe.inspect.things import plain_attribute


class Operand(NamedTuple):
    """An expression that a call is about."""

    text: str
    """The source text, on one line."""
    node: ast.expr
    call: Call | None
    """The call that makes the value, where the expression is one."""


class Call(NamedTuple):
    """A call in the source, or what `with` and `for` call by themselves."""

    verb: str
    """The name of the method or function called: ``send`` in ``c.send(n)``."""
    receiver: Operand | None
    """The expression whose method is called: ``c`` in ``c.send(n)``."""
    arguments: tuple[ast.expr, ...]
    """Arguments given by position; none where some of them are unpacked."""
    function: str
    """The source text before the parenthesis: ``gevent.sleep``."""
    named: tuple[tuple[str, ast.expr], ...] = ()
    """Arguments given by name."""
    items: tuple[Operand, ...] = ()
    """The first argument; where that is a list in the source, its items."""
    listed: bool = False
    """True if `items` are those of a list."""
    complete: bool = True
    """False where some arguments are unpacked."""
    given: tuple[ast.expr | ast.keyword, ...] = ()
    """All arguments, those given by name and those that are unpacked too."""


class Calls:
    """Finds the call that a frame is executing, from memory where it was looked up before."""

    def __init__(self) -> None:
        self._known = CodeMemory[dict[int, Call | None]](dict)
        """By the offset of an instruction."""

    def under_way(self, frame: FrameType) -> Call | None:
        """Return the call that a frame is in the middle of; None where there is none."""
        calls, at = self._known.of(frame.f_code), frame.f_lasti
        if at not in calls:
            calls[at] = _parse(source_piece(frame.f_code, at))
        return calls[at]


def parse_piece(piece: Piece) -> ast.expr | None:
    """Return the tree of an expression in the source; None if it is none."""
    node = parse_expression(_enclose(piece))
    if node is not None:
        _without_lists(node)
    return node


def _enclose(piece: Piece) -> str:
    return f"({piece.text}\n)"


def _parse(piece: Piece) -> Call | None:
    node, source = parse_piece(piece), _enclose(piece)
    if node is None:
        return None
    if piece.act is Act.EXPRESSION:
        found = _read(node, source) if isinstance(node, ast.Call) else None
    else:
        operand = _operand(node, source)
        if piece.outside:
            operand = operand._replace(node=ast.Name(".0", ast.Load()))
        found = Call(_METHODS[piece.act], operand, (), operand.text)
    return found


_METHODS: Final = {Act.ENTER: "__enter__", Act.EXIT: "__exit__", Act.NEXT: "__next__"}


def _operand(node: ast.expr, source: str) -> Operand:
    call = _read(node, source) if isinstance(node, ast.Call) else None
    return Operand(_segment(node, source), node, call)


def _read(node: ast.Call, source: str) -> Call:
    positional = () if any(isinstance(one, ast.Starred) for one in node.args) else tuple(node.args)
    named = tuple((one.arg, one.value) for one in node.keywords if one.arg is not None)
    first = positional[0] if positional else None
    listed = isinstance(first, ast.List | ast.Tuple | ast.Set)
    items = first.elts if isinstance(first, ast.List | ast.Tuple | ast.Set) else positional[:1]
    function, receiver = _segment(node.func, source), None
    if isinstance(node.func, ast.Attribute):
        receiver = _operand(node.func.value, source)
    return Call(
        node.func.attr if isinstance(node.func, ast.Attribute) else function,
        receiver,
        positional,
        function,
        named,
        tuple(_operand(one, source) for one in items),
        listed,
        len(positional) == len(node.args) and len(named) == len(node.keywords),
        (*node.args, *node.keywords),
    )


def _segment(node: ast.expr, source: str) -> str:
    """Return the source text of a part of a tree, on one line."""
    # Not by `ast.unparse`, for which newer Pythons import a module when it is first called: the
    # program would see it among its modules.
    return " ".join(segment(source, node).split())


def _without_lists(tree: ast.expr) -> None:
    """Replace the lists in a tree by tuples: the tree is kept, and the program may count lists."""
    for node in parts_of(tree):
        for name, value in ast.iter_fields(node):
            if type(value) is list:
                setattr(node, name, tuple(value))


class Names:
    """The values of names in a frame, and of plain attributes of what they name."""

    def __init__(self, frame: FrameType) -> None:
        self._names = names(frame)

    def of(self, node: ast.expr | None, otherwise: Any = None) -> Any:
        """Return the value of an expression, or `otherwise` where it is not known."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, otherwise)
        if isinstance(node, ast.Attribute):
            return plain_attribute(self.of(node.value), node.attr, otherwise)
        return otherwise


class Values(Names):
    """The values of all expressions in a frame that are known without running any code."""

    def of(self, node: ast.expr | None, otherwise: Any = None) -> Any:
        """Return the value of an expression, or `otherwise` where it is not known."""
        return otherwise if node is None else evaluate(node, self._names, otherwise)


_UNKNOWN: Final = object()


def arguments_of(call: Call, frame: FrameType) -> tuple[list[Any], dict[str, Any]] | None:
    """Return what a call is given by position and by name; None where that is not known."""
    values = Values(frame)
    given: list[Any] = []
    named: dict[str, Any] = {}
    for one in call.given:
        unpacked = isinstance(one, ast.Starred) or (isinstance(one, ast.keyword) and not one.arg)
        node = one.value if isinstance(one, ast.Starred | ast.keyword) else one
        value = values.of(node, _UNKNOWN)
        if value is _UNKNOWN:
            return None
        if not unpacked:
            if isinstance(one, ast.keyword):
                named[str(one.arg)] = value
            else:
                given.append(value)
        elif type(value) in (list, tuple):
            given += value
        elif type(value) is dict and all(type(key) is str for key in value):
            named |= value
        else:
            # Only its own methods know what comes of it.
            return None
    return given, named
