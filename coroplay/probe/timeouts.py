"""The Timeouts of gevent that run, and who began each of them where."""

from __future__ import annotations

from _weakref import ref
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType
from typing import Any, Final

from coroplay.probe.inspect.frames import variables
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.things import dict_of_class, from_module
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState

_START: Final = "start"
_EXPIRATION: Final = "_on_expiration"


class Timeouts:
    """Notes the beginning of each Timeout, for as long as the object lives."""

    def __init__(self, store: Store, scope: Scope, thread: Callable[[], ThreadState]) -> None:
        """`thread` returns the state of the calling thread."""
        self._store = store
        self._scope = scope
        self._thread = thread
        self._begun: dict[int, tuple[ref[Any], int]] = {}
        """A tie to each Timeout, and the reference to its beginning, by the id of the object."""

    def note_start(self, frame: FrameType) -> None:
        """Note who begins a Timeout, given the frame of its method `start`."""
        own = self._scope.nearest(frame)
        thing = variables(frame).get("self")
        if not issubclass(type(thing), _kind() or ()):
            return
        # The callback is a function in C: it may be called anywhere.
        tie = ref(thing, partial(self._begun.pop, id(thing)))
        self._begun.pop(id(thing), None)
        if own is not None:
            beginning = self._store.beginning(
                self._thread().running.id, self._store.locations.call(own)
            )
            self._begun[id(thing)] = tie, beginning

    def beginning(self, frame: FrameType | None) -> int:
        """Return the reference to the beginning of the Timeout that is up in a frame, or else 0."""
        if frame is None or frame.f_code is not _code_of(_EXPIRATION):
            return 0
        thing = variables(frame).get("self")
        tie, beginning = self._begun.get(id(thing), (None, 0))
        return beginning if tie is not None and tie() is thing else 0


def _kind() -> type | None:
    return from_module("gevent.timeout", "Timeout")


def _code_of(method: str) -> object:
    """Return the code of a method of gevent's class; None where there is none."""
    kind = _kind()
    return None if kind is None else getattr(dict_of_class(kind).get(method), "__code__", None)


def is_start(code: CodeType) -> bool:
    """Tell whether code is that of the method by which a Timeout begins."""
    return code.co_name == _START and code is _code_of(_START)
