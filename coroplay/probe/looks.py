"""Telling that a value would be shown as before, without showing it again.

A look is what is remembered of a value for that: a plain value itself, and a tuple for all others,
its first item saying of which sort. It keeps nothing of the program's alive but plain values, and
comparing runs none of the program's code: things are only asked whether they are the same ones.
"""

from __future__ import annotations

import itertools
from _weakref import ref
from collections.abc import Callable, Iterable
from operator import is_
from types import GeneratorType
from typing import Any, Final

from coroplay.probe import originals
from coroplay.probe.values import (
    DEEPEST,
    FUNCTIONS,
    LONGEST_TEXT,
    MOST_ITEMS,
    PLAIN,
    Namer,
    type_name,
)

NO_LOOK: Final = object()
"""In place of a look: the value has to be shown to tell."""
OBJECT: Final = "object"
"""Of an object shown by its type: a weak reference to that, and its name."""
COROUTINE: Final = "coroutine"
"""Of a coroutine that has a name, which it then keeps: a weak reference to it."""
_LONGEST_KEPT: Final = 256

Look = Any


def is_kept(value: Any) -> bool:
    """Whether a value is its own look: one that can be kept, and compared, without consequence."""
    kind = type(value)
    if type(kind) is not type or kind not in PLAIN:
        return False
    # Appending to a long text is only quick while nobody else holds it.
    return kind not in (str, bytes) or len(value) <= _LONGEST_KEPT


def look_at(value: Any, name: Namer, depth: int = 0) -> Look:
    """The look of a value, or `NO_LOOK`."""
    kind = type(value)
    if type(kind) is type:
        if is_kept(value) or value is ... or value is NotImplemented:
            return value
        if kind is str or kind is bytes:
            return (kind, value[:LONGEST_TEXT])
        maker = _MAKERS.get(kind)
        if maker is not None:
            return (kind,) if depth >= DEEPEST else maker(value, name, depth + 1)
        if kind in FUNCTIONS:
            return NO_LOOK
    if issubclass(kind, BaseException) or issubclass(kind, type):
        return NO_LOOK
    if kind is GeneratorType or issubclass(kind, originals.Greenlet):
        return NO_LOOK if name(value) is None else (COROUTINE, ref(value))
    return (OBJECT, ref(kind), type_name(kind))


def is_as_before(look: Look, value: Any) -> bool:
    """Whether a value is still as it was looked at."""
    if look is value:
        return True
    if type(look) is not tuple:
        return False
    sort = look[0]
    if sort is OBJECT:
        kind = look[1]()
        return kind is type(value) and type_name(kind) == look[2]
    if sort is COROUTINE:
        return look[1]() is value
    return sort is type(value) and (len(look) == 1 or _CHECKS[sort](look, value))


def _still(value: Any, look: Look) -> bool:
    return is_as_before(look, value)


def _items(values: Iterable[Any], name: Namer, depth: int) -> tuple[Any, ...] | None:
    """How items are compared, and their looks; None if one of them has no look."""
    looks = tuple(look_at(one, name, depth) for one in values)
    if any(look is NO_LOOK for look in looks):
        return None
    return (_still if any(type(look) is tuple for look in looks) else is_), looks


def _look_at_sequence(value: Any, name: Namer, depth: int) -> Look:
    items = _items(value[:MOST_ITEMS], name, depth)
    return NO_LOOK if items is None else (type(value), len(value) > MOST_ITEMS, *items)


def _is_same_sequence(look: Look, value: Any) -> bool:
    _, more, compare, looks = look
    if more:
        return len(value) > MOST_ITEMS and all(map(compare, value, looks))
    return len(value) == len(looks) and all(map(compare, value, looks))


def _look_at_set(value: Any, name: Namer, depth: int) -> Look:
    if len(value) > MOST_ITEMS:
        return (type(value), len(value), is_, ())
    items = _items(tuple(value), name, depth)
    return NO_LOOK if items is None else (type(value), len(items[1]), *items)


def _is_same_set(look: Look, value: Any) -> bool:
    _, size, compare, looks = look
    return len(value) == size and (not looks or all(map(compare, tuple(value), looks)))


def _look_at_dict(value: dict[Any, Any], name: Namer, depth: int) -> Look:
    # One call that runs no Python code: another thread can't change the dict in the middle of it.
    pairs = list(itertools.islice(value.items(), MOST_ITEMS))
    items = _items(itertools.chain.from_iterable(pairs), name, depth)
    return NO_LOOK if items is None else (dict, len(value) > MOST_ITEMS, *items)


def _is_same_dict(look: Look, value: dict[Any, Any]) -> bool:
    _, more, compare, looks = look
    if (len(value) > MOST_ITEMS) is not more or (not more and 2 * len(value) != len(looks)):
        return False
    found = itertools.chain.from_iterable(list(itertools.islice(value.items(), MOST_ITEMS)))
    return all(map(compare, found, looks))


def _is_same_text(look: Look, value: Any) -> bool:
    return len(value) > LONGEST_TEXT and bool(value[:LONGEST_TEXT] == look[1])


_MAKERS: Final[dict[type, Callable[[Any, Namer, int], Look]]] = {
    list: _look_at_sequence,
    tuple: _look_at_sequence,
    set: _look_at_set,
    frozenset: _look_at_set,
    dict: _look_at_dict,
}
_CHECKS: Final[dict[type, Callable[[Look, Any], bool]]] = {
    list: _is_same_sequence,
    tuple: _is_same_sequence,
    set: _is_same_set,
    frozenset: _is_same_set,
    dict: _is_same_dict,
    str: _is_same_text,
    bytes: _is_same_text,
}
