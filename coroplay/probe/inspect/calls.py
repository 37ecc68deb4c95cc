"""The call that a suspended frame has under way, and the value that the call carries.

The interpreter knows the piece of source that an instruction comes from; the piece is parsed by
itself. `pure_eval` evaluates its parts without running any of the program's code. That costs too
much for every switch of a fast program, so values are recorded only together with lines.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from types import FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.base.code_memory import CodeMemory
from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.source import source_text
from coroplay.probe.inspect.values import Namer, short


class Call(NamedTuple):
    """A call in the source."""

    verb: str
    """The name of the method or function called: ``send`` in ``c.send(n)``."""
    receiver: ast.expr | None
    """The expression whose method is called: ``c`` in ``c.send(n)``."""
    arguments: tuple[ast.expr, ...]
    """Arguments given by position; none where some of them are unpacked."""
    function: str
    """The source text before the parenthesis: ``gevent.sleep``."""


class Calls:
    """Finds the call that a frame is executing, from memory where it was looked up before."""

    def __init__(self) -> None:
        self._known = CodeMemory[dict[int, Call | None]](dict)
        """By the offset of an instruction."""

    def under_way(self, frame: FrameType) -> Call | None:
        """Return the call that a frame is in the middle of; None where there is none."""
        calls, at = self._known.of(frame.f_code), frame.f_lasti
        if at not in calls:
            calls[at] = _parse(source_text(frame.f_code, at))
        return calls[at]


def _parse(text: str) -> Call | None:
    source = f"({text}\n)"
    try:
        node = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(node, ast.Call):
        return None
    unpacked = any(isinstance(one, ast.Starred) for one in node.args)
    arguments = () if unpacked else tuple(node.args)
    # Not by `ast.unparse`, for which newer Pythons import a module when it is first called: the
    # program would see it among its modules.
    function = " ".join((ast.get_source_segment(source, node.func) or "").split())
    _without_lists(node)
    if isinstance(node.func, ast.Attribute):
        return Call(node.func.attr, node.func.value, arguments, function)
    return Call(function, None, arguments, function)


def _without_lists(tree: ast.expr) -> None:
    """Replace the lists in a tree by tuples: the tree is kept, and the program may count lists."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if type(value) is list:
                setattr(node, name, tuple(value))


class Values:
    """The values of expressions in a frame, where they are known without running any code."""

    def __init__(self, frame: FrameType) -> None:
        self._names = ChainMap(variables(frame), frame.f_globals, frame.f_builtins)

    def of(self, node: ast.expr | None, otherwise: Any = None) -> Any:
        """Return the value of an expression, or `otherwise` where it is not known."""
        if node is None:
            return otherwise
        # Imported by `child.main`, before the program can patch what pure_eval relies on.
        from pure_eval import CannotEval, Evaluator

        try:
            return Evaluator(self._names)[node]
        except CannotEval:
            return otherwise


_UNKNOWN: Final = object()


def carried_value(call: Call, frame: FrameType, name: Namer) -> str | None:
    """Return the value that a ``send``, ``switch`` or ``throw`` hands over; None if unknown."""
    values = Values(frame)
    found = [values.of(one, _UNKNOWN) for one in call.arguments]
    if not found or any(one is _UNKNOWN for one in found):
        return None
    shown = [short(one, name) for one in found]
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"
