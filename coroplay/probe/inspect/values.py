"""Values shown in short without running any of the program's code.

Only objects whose type is exactly a built-in one are looked into. Of everything else the type's
name is shown, read with the descriptors of `type` itself, so that no ``__repr__``, property or
metaclass of the program is ever called.
"""

from __future__ import annotations

import itertools
import sys
import types
from collections.abc import Callable
from typing import Any, Final

LONGEST_TEXT: Final = 60
"""Length from which on a string or bytes is cut."""
MOST_ITEMS: Final = 8
"""Number of items of a container shown before an ellipsis."""
DEEPEST: Final = 3
"""Depth of containers in containers that are shown."""
_LARGEST_INT_BITS: Final = 256
_ELLIPSIS: Final = "…"

_name_of_type = type.__dict__["__name__"].__get__
_arguments = BaseException.__dict__["args"].__get__
_attributes = BaseException.__dict__["__dict__"].__get__

PLAIN: Final = frozenset({int, str, bytes, float, bool, type(None)})
"""Immutable built-in types, whose values can be kept and compared without consequence."""
FUNCTIONS: Final = frozenset(
    {types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType}
)
"""Built-in types of the things that a program defines or imports."""

Namer = Callable[[object], str | None]
"""A function that returns the name of a coroutine, or None for any other object."""


def type_name(kind: type) -> str:
    """Return the name of a type without asking its metaclass, on one line of bounded length."""
    name = str(_name_of_type(kind))[:LONGEST_TEXT]
    return name if name.isprintable() else repr(name)[1:-1]


def short(value: Any, name: Namer | None = None, depth: int = 0) -> str:
    """Return a value as a person recognises it, on one line of bounded length."""
    kind = type(value)
    if type(kind) is not type:
        # A look-up of the type itself would ask its metaclass for a hash.
        return _object(value, kind, name, depth)
    if kind is str or kind is bytes:
        return _cut_text(value)
    if kind is int:
        return _whole_number(value)
    if kind in PLAIN or value is ... or value is NotImplemented:
        return repr(value)
    shower = _CONTAINERS.get(kind)
    if shower is not None:
        return _ELLIPSIS if depth >= DEEPEST else shower(value, name, depth + 1)
    return _object(value, kind, name, depth)


def _cut_text(value: str | bytes) -> str:
    if len(value) <= LONGEST_TEXT:
        return repr(value)
    return repr(value[:LONGEST_TEXT]) + _ELLIPSIS


def _whole_number(value: int) -> str:
    if value.bit_length() > _LARGEST_INT_BITS:
        return f"<int of {value.bit_length()} bits>"
    return repr(value)


def _items(values: Any, name: Namer | None, depth: int) -> str:
    shown: list[str] = []
    for value in values:
        if len(shown) == MOST_ITEMS:
            shown.append(_ELLIPSIS)
            break
        shown.append(short(value, name, depth))
    return ", ".join(shown)


def _list(value: list[Any], name: Namer | None, depth: int) -> str:
    return f"[{_items(value[: MOST_ITEMS + 1], name, depth)}]"


def _tuple(value: tuple[Any, ...], name: Namer | None, depth: int) -> str:
    shown = _items(value[: MOST_ITEMS + 1], name, depth)
    return f"({shown},)" if len(value) == 1 else f"({shown})"


def _set(value: set[Any] | frozenset[Any], name: Namer | None, depth: int) -> str:
    # A set's own order differs between processes: sorted by what is shown, it does not.
    if len(value) > MOST_ITEMS:
        return f"<{type_name(type(value))} of {len(value)}>"
    shown = ", ".join(sorted(short(one, name, depth) for one in value.copy()))
    if type(value) is frozenset:
        return f"frozenset({{{shown}}})" if shown else "frozenset()"
    return f"{{{shown}}}" if shown else "set()"


def _dict(value: dict[Any, Any], name: Namer | None, depth: int) -> str:
    # A single call that runs no Python code: no other thread can change the dict meanwhile.
    items = list(itertools.islice(value.items(), MOST_ITEMS))
    shown = [f"{short(key, name, depth)}: {short(item, name, depth)}" for key, item in items]
    if len(value) > MOST_ITEMS:
        shown.append(_ELLIPSIS)
    return "{" + ", ".join(shown) + "}"


_CONTAINERS: Final[dict[type, Callable[[Any, Namer | None, int], str]]] = {
    list: _list,
    tuple: _tuple,
    set: _set,
    frozenset: _set,
    dict: _dict,
}


def _object(value: object, kind: type, name: Namer | None, depth: int) -> str:
    if issubclass(kind, BaseException):
        return exception(value, name, depth)
    if issubclass(kind, type):
        return type_name(value) if kind is type else f"<{type_name(kind)}>"  # type: ignore[arg-type]
    if kind is types.FunctionType or kind is types.BuiltinFunctionType:
        return str(getattr(value, "__name__", "function"))
    if kind is types.ModuleType:
        return "<module>"
    named = name(value) if name is not None else None
    return named if named is not None else f"<{type_name(kind)}>"


def exception(error: Any, name: Namer | None = None, depth: int = 0) -> str:
    """Return an exception as its type's name with its arguments; a Timeout has its seconds."""
    given = _arguments(error) or _seconds(error)
    shown = _items(given, name, depth + 1) if depth < DEEPEST else ""
    return f"{type_name(type(error))}({shown})"


def _seconds(error: BaseException) -> tuple[Any, ...]:
    timeout = getattr(sys.modules.get("gevent.timeout"), "Timeout", None)
    if not isinstance(timeout, type) or not issubclass(type(error), timeout):
        return ()
    seconds = dict.get(_attributes(error), "seconds")
    return () if seconds is None else (seconds,)


def is_definition(value: object) -> bool:
    """Tell whether the value of a module's variable is a definition or an import, not data."""
    kind = type(value)
    return issubclass(kind, type) or (type(kind) is type and kind in FUNCTIONS)


def arguments(given: tuple[Any, ...], named: dict[str, Any], name: Namer | None = None) -> str:
    """Return the arguments of a call in short, as they stand between its parentheses."""
    shown = [short(one, name, 1) for one in given[:MOST_ITEMS]]
    shown += [f"{key}={short(value, name, 1)}" for key, value in list(named.items())[:MOST_ITEMS]]
    if len(given) > MOST_ITEMS or len(named) > MOST_ITEMS:
        shown.append(_ELLIPSIS)
    return ", ".join(shown)
