"""Calls that wait, by their source: which function it is, its arguments, and names for things."""

from __future__ import annotations

import ast
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from coroplay.probe.inspect.calls import Call, Names, Operand, Values
from coroplay.probe.inspect.functions import is_compiled, own_name
from coroplay.probe.inspect.things import held_by, is_one
from coroplay.trace.layout import WaitKind

_LONGEST_NAME: Final = 60
_SECONDS_AT: Final = {
    "wait": 0,
    "join": 0,
    "result": 0,
    "get": 1,
    "peek": 1,
    "acquire": 1,
    "put": 2,
}
"""The argument that is the timeout, in the methods that wait."""
_SPAWNS: Final = ("spawn", "spawn_raw", "submit")
_FUNCTIONS: Final = ("sleep", "idle", "joinall", "wait", "iwait")
"""Functions of gevent that wait, whatever they are called in the program."""


def kind_of_several(function: str, call: Call, values: Values | None) -> WaitKind | None:
    """Return the kind of a wait for several objects; None if it isn't one."""
    if function not in ("joinall", "wait") or waited_for(call) is None:
        return None
    count = _count(function, call)
    if count is None or _is_none(count, values):
        return WaitKind.ALL if call.complete else WaitKind.SOME
    known = values.of(count) if values is not None else _literal(count)
    return WaitKind.ANY if type(known) is int and known == 1 else WaitKind.SOME


def count_of(function: str, call: Call, values: Values) -> int | None:
    """Return how many objects a wait for several is for; None where that is not known, or all."""
    known = values.of(_count(function, call))
    return known if type(known) is int else None


def _count(function: str, call: Call) -> ast.expr | None:
    return argument(call, "count", 3 if function == "joinall" else 2)


def _is_none(count: ast.expr, values: Values | None) -> bool:
    if values is None:
        return isinstance(count, ast.Constant) and count.value is None
    return values.of(count, count) is None


def limit_of_rest(call: Call) -> ast.expr | None:
    """Return the argument that limits a wait of `Hub.join`, which `gevent.wait` may have called."""
    return argument(call, "timeout", 0 if call.verb == "join" else 1)


def waited_for(call: Call) -> ast.expr | None:
    """Return the argument that holds what is waited for, in a call that waits for several."""
    return argument(call, "greenlets" if call.verb == "joinall" else "objects", 0)


def function_of_gevent(call: Call, values: Names) -> str:
    """Return the own name of the function called, if it is one of gevent's that waits."""
    found: Any = None
    if call.receiver is not None:
        module = values.of(call.receiver.node)
        if call.verb in _FUNCTIONS and type(module) is ModuleType:
            found = held_by(module).get(call.verb)
    elif call.function.isidentifier():
        found = values.of(ast.Name(call.function, ast.Load()))
    if type(found) is not FunctionType and not is_compiled(type(found)):
        return ""
    module, name = found.__module__, found.__name__
    ours = type(module) is str and module.partition(".")[0] == "gevent"
    aliases = {"wait_on_objects": "wait", "iwait_on_objects": "iwait"}
    name = aliases.get(name, name)
    return name if ours and name in _FUNCTIONS else ""


def method(call: Call, values: Values) -> tuple[str, Any]:
    """Return name and object of a bound method that is called by a name of its own."""
    if not call.function.isidentifier():
        return "", None
    found = values.of(ast.Name(call.function, ast.Load()))
    if type(found) is MethodType or type(found) is BuiltinFunctionType:
        inner = found.__func__ if type(found) is MethodType else found
        return own_name(inner), found.__self__
    return "", None


def argument(call: Call, name: str, at: int | None) -> ast.expr | None:
    """Return the argument of a name, or at a place if it has one; None if it is not given."""
    for given, node in call.named:
        if given == name:
            return node
    return call.arguments[at] if at is not None and at < len(call.arguments) else None


def blocks_by_source(call: Call) -> bool | None:
    """Tell whether an `acquire` may wait; None where the source leaves it open."""
    blocking, timeout = argument(call, "blocking", 0), argument(call, "timeout", 1)
    if not call.complete or not (blocking is None or isinstance(blocking, ast.Constant)):
        return None
    return (blocking is None or bool(_literal(blocking))) and constant(timeout) != 0


def seconds_of(call: Call, values: Values) -> float | None:
    """Return the timeout of a call of a method that waits, by its value."""
    return number(values.of(argument(call, "timeout", _SECONDS_AT.get(call.verb))))


def constant_seconds(call: Call) -> float | None:
    """Return the time that a call sleeps, if the source has it as a number."""
    return constant(argument(call, "seconds", 0))


def constant(node: ast.expr | None) -> float | None:
    """Return the length of time that an argument is, if the source has it as a number."""
    return number(_literal(node))


def _literal(node: ast.expr | None) -> Any:
    return node.value if isinstance(node, ast.Constant) else None


def number(found: Any) -> float | None:
    """Return a length of time; None for anything else."""
    if type(found) is int and found.bit_length() > 64:
        return None
    plain = is_one(type(found), (int, float))
    return float(found) if plain and 0 <= found < float("inf") else None


def name_of(operand: Operand) -> str:
    """Return what to call the value of an expression; empty where the source has no name for it."""
    call = operand.call
    if call is None:
        named = isinstance(operand.node, ast.Name | ast.Attribute | ast.Subscript)
        return clip(operand.text) if named else ""
    if call.verb in _SPAWNS and call.items and not call.listed:
        return name_of(call.items[0])
    return clip(f"{call.function}{'(…)' if call.arguments or call.named else '()'}")


def clip(text: str) -> str:
    """Return a name of a length that can be shown."""
    return text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME - 1] + "…"
