"""What a suspended frame is doing: the call under way there, and the value that it carries.

The interpreter tells which piece of source an instruction comes from; that piece is parsed by
itself. Values of its parts are had with `pure_eval`, which runs none of the program's code. They
cost too much for every switch of a fast program, so they are looked at only where lines are.
"""

from __future__ import annotations

import ast
from collections import ChainMap
from types import CodeType, FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.source import source_text
from coroplay.probe.inspect.values import Namer, short

_MOST_KNOWN: Final = 1 << 14


class Call(NamedTuple):
    """A call in the source."""

    verb: str
    """The method or function called: ``send`` of ``c.send(n)``."""
    receiver: ast.expr | None
    """What the method is of."""
    arguments: tuple[ast.expr, ...]
    """Those given by position; none where some of them are unpacked."""
    function: str
    """The text before the parenthesis: ``gevent.sleep``."""


class Calls:
    """Finds the call that a frame is executing, from memory where it was looked up before."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[CodeType, Call | None]] = {}

    def under_way(self, frame: FrameType) -> Call | None:
        """The call that the frame is in the middle of; None where there is none to be told."""
        key = (id(frame.f_code), frame.f_lasti)
        known = self._known.get(key)
        if known is not None:
            return known[1]
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        call = _parse(source_text(frame.f_code, frame.f_lasti))
        self._known[key] = (frame.f_code, call)
        return call


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
    # Not by `ast.unparse`, which newer Pythons import only then: into the program's modules.
    function = " ".join((ast.get_source_segment(source, node.func) or "").split())
    _without_lists(node)
    if isinstance(node.func, ast.Attribute):
        return Call(node.func.attr, node.func.value, arguments, function)
    return Call(function, None, arguments, function)


def _without_lists(tree: ast.expr) -> None:
    """Make tuples of a tree's lists: it is kept, and the program may count lists."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if type(value) is list:
                setattr(node, name, tuple(value))


class Values:
    """The values of expressions in a frame, as far as they can be had without running anything."""

    def __init__(self, frame: FrameType) -> None:
        self._names = ChainMap(variables(frame), frame.f_globals, frame.f_builtins)

    def of(self, node: ast.expr | None, otherwise: Any = None) -> Any:
        """The value of an expression, or `otherwise` where it can't be had."""
        if node is None:
            return otherwise
        # Imported by `prepare`, before the program can patch what it relies on.
        from pure_eval import CannotEval, Evaluator

        try:
            return Evaluator(self._names)[node]
        except CannotEval:
            return otherwise


_UNKNOWN: Final = object()


def carried_value(call: Call, frame: FrameType, name: Namer) -> str | None:
    """The value that a ``send``, ``switch`` or ``throw`` hands over; None where not known."""
    values = Values(frame)
    found = [values.of(one, _UNKNOWN) for one in call.arguments]
    if not found or any(one is _UNKNOWN for one in found):
        return None
    shown = [short(one, name) for one in found]
    return shown[0] if len(shown) == 1 else f"({', '.join(shown)})"
