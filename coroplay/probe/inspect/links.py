"""The links of gevent's objects: what each of them calls once it is ready, or has ended."""

from __future__ import annotations

import gc
from types import BuiltinFunctionType, MethodType
from typing import Any, Final

from coroplay.probe.inspect.things import is_of_gevent, is_one, noun_of

_LINKABLE: Final = frozenset({"greenlet", "event", "result", "semaphore"})
"""Nouns of the objects that gevent waits for by a link, and that hold their links themselves."""
_MOST: Final = 64
"""Links of an object that are looked into: where many wait for it, each of them has one."""


def is_linked(thing: object, waiting: object) -> bool | None:
    """Tell whether an object, once it is ready, wakes a greenlet that waits; None if not known.

    A link goes when it is called: an object without one is not waited for any more. A greenlet can
    only be looked into before it starts and once it has ended, and an object while its links are
    few.
    """
    if noun_of(thing) not in _LINKABLE:
        return None
    lists = [one for one in gc.get_referents(thing) if type(one) is list]
    if not lists or sum(map(len, lists)) > _MOST:
        return None
    return any(_switches_to(link, waiting) for links in lists for link in links)


def _switches_to(link: object, waiting: object) -> bool:
    if not is_one(type(link), (BuiltinFunctionType, MethodType)):
        return False
    owner: Any = link.__self__  # type: ignore[attr-defined]
    if owner is waiting:
        return True
    return is_of_gevent(owner) and any(one is waiting for one in gc.get_referents(owner))
