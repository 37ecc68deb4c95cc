"""Fingerprints of values, which tell that a value would be shown as before without showing it.

The fingerprint of a plain value is the value itself; that of any other value is a tuple whose first
item names the sort of fingerprint. A fingerprint keeps nothing of the program's alive but plain
values, and comparing one runs none of the program's code: objects are compared only by identity.
"""

from __future__ import annotations

import itertools
from _weakref import ref
from collections.abc import Callable, Iterable
from operator import is_
from types import GeneratorType
from typing import Any, Final

from coroplay.probe.base import originals
from coroplay.probe.inspect.values import (
    DEEPEST,
    FUNCTIONS,
    LONGEST_TEXT,
    MOST_ITEMS,
    PLAIN,
    Namer,
    type_name,
)

NO_FINGERPRINT: Final = object()
"""Stands for no fingerprint: the value has to be shown to be compared."""
OBJECT: Final = "object"
"""Sort of an object that is shown by its type: a weak reference to the type and its name follow."""
COROUTINE: Final = "coroutine"
"""Sort of a coroutine that has a name for good: a weak reference to the coroutine follows."""
_LONGEST_KEPT: Final = 256

Fingerprint = Any


def is_kept(value: Any) -> bool:
    """Tell whether a value is its own fingerprint: kept and compared without consequence."""
    kind = type(value)
    if type(kind) is not type or kind not in PLAIN:
        return False
    # Appending to a long text is quick only while nobody else holds the text.
    return kind not in (str, bytes) or len(value) <= _LONGEST_KEPT


def fingerprint(value: Any, name: Namer, depth: int = 0) -> Fingerprint:
    """Return the fingerprint of a value, or `NO_FINGERPRINT`."""
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
            return NO_FINGERPRINT
    if issubclass(kind, BaseException) or issubclass(kind, type):
        return NO_FINGERPRINT
    if kind is GeneratorType or issubclass(kind, originals.Greenlet):
        return NO_FINGERPRINT if name(value) is None else (COROUTINE, ref(value))
    return (OBJECT, ref(kind), type_name(kind))


def matches(taken: Fingerprint, value: Any) -> bool:
    """Tell whether a value would be shown as when the fingerprint was taken."""
    if taken is value:
        return True
    if type(taken) is not tuple:
        return False
    sort = taken[0]
    if sort is OBJECT:
        kind = taken[1]()
        return kind is type(value) and type_name(kind) == taken[2]
    if sort is COROUTINE:
        return value is not None and taken[1]() is value
    return sort is type(value) and (len(taken) == 1 or _CHECKS[sort](taken, value))


def _item_matches(value: Any, taken: Fingerprint) -> bool:
    return matches(taken, value)


def _items(values: Iterable[Any], name: Namer, depth: int) -> tuple[Any, ...] | None:
    """Return a function to compare items by, and their fingerprints; None if one has none."""
    parts = tuple(fingerprint(one, name, depth) for one in values)
    if any(part is NO_FINGERPRINT for part in parts):
        return None
    return (_item_matches if any(type(part) is tuple for part in parts) else is_), parts


def _take_sequence(value: Any, name: Namer, depth: int) -> Fingerprint:
    items = _items(value[:MOST_ITEMS], name, depth)
    return NO_FINGERPRINT if items is None else (type(value), len(value) > MOST_ITEMS, *items)


def _same_sequence(taken: Fingerprint, value: Any) -> bool:
    _, more, compare, parts = taken
    if more:
        return len(value) > MOST_ITEMS and all(map(compare, value, parts))
    return len(value) == len(parts) and all(map(compare, value, parts))


def _take_set(value: Any, name: Namer, depth: int) -> Fingerprint:
    if len(value) > MOST_ITEMS:
        return (type(value), len(value), is_, ())
    items = _items(tuple(value), name, depth)
    return NO_FINGERPRINT if items is None else (type(value), len(items[1]), *items)


def _same_set(taken: Fingerprint, value: Any) -> bool:
    _, size, compare, parts = taken
    return len(value) == size and (not parts or all(map(compare, tuple(value), parts)))


def _take_dict(value: dict[Any, Any], name: Namer, depth: int) -> Fingerprint:
    # A single call that runs no Python code: no other thread can change the dict meanwhile.
    pairs = list(itertools.islice(value.items(), MOST_ITEMS))
    items = _items(itertools.chain.from_iterable(pairs), name, depth)
    return NO_FINGERPRINT if items is None else (dict, len(value) > MOST_ITEMS, *items)


def _same_dict(taken: Fingerprint, value: dict[Any, Any]) -> bool:
    _, more, compare, parts = taken
    if (len(value) > MOST_ITEMS) is not more or (not more and 2 * len(value) != len(parts)):
        return False
    found = itertools.chain.from_iterable(list(itertools.islice(value.items(), MOST_ITEMS)))
    return all(map(compare, found, parts))


def _same_text(taken: Fingerprint, value: Any) -> bool:
    return len(value) > LONGEST_TEXT and bool(value[:LONGEST_TEXT] == taken[1])


_MAKERS: Final[dict[type, Callable[[Any, Namer, int], Fingerprint]]] = {
    list: _take_sequence,
    tuple: _take_sequence,
    set: _take_set,
    frozenset: _take_set,
    dict: _take_dict,
}
_CHECKS: Final[dict[type, Callable[[Fingerprint, Any], bool]]] = {
    list: _same_sequence,
    tuple: _same_sequence,
    set: _same_set,
    frozenset: _same_set,
    dict: _same_dict,
    str: _same_text,
    bytes: _same_text,
}
