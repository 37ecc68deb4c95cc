"""What a switch between greenlets hands over, and to whom it was addressed."""

from __future__ import annotations

from types import FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe.base import accelerator
from coroplay.probe.coroutines import Registry
from coroplay.probe.inspect import requests
from coroplay.probe.inspect.calls import Calls
from coroplay.probe.inspect.frames import release_variables
from coroplay.probe.inspect.requests import Request
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.throws import Seen
from coroplay.probe.inspect.values import Namer
from coroplay.trace.layout import BY_THROW, VALUE_UNSEEN


class Handover(NamedTuple):
    """The value or exception that a switch between greenlets carries, and whom it was meant for."""

    value: str | None = None
    """The value in short; None if there is none, or it is not known."""
    thrown: Seen | None = None
    """The exception; None if there is none, or it is not known."""
    address: int = 0
    """The address of the switch, as `coroplay.trace.layout` has it."""


NOTHING: Final = Handover()
_NOT_KNOWN: Final = Handover(address=VALUE_UNSEEN)


class Handovers:
    """Finds out what switches hand over."""

    def __init__(self, calls: Calls, scope: Scope, registry: Registry, name: Namer) -> None:
        self._calls = calls
        self._scope = scope
        self._registry = registry
        self._name = name

    def find(
        self, taken: tuple[Any, ...] | None, frame: FrameType | None, origin: Any, target: Any
    ) -> Handover:
        """Return what has just been handed over by the frame that was left.

        `taken` is the call by which that was done, where it was seen.
        """
        if taken is not None:
            request: Request | None = requests.read(taken, self._name)
        else:
            request = self._by_source(frame, origin, target)
        if request is None:
            return _NOT_KNOWN
        value = request.thrown.text if request.thrown is not None else request.value
        address = self._asked(request.greenlet, origin, target) << 1
        address |= 0 if request.seen else VALUE_UNSEEN
        address |= BY_THROW if request.throws else 0
        return Handover(value, request.thrown, address)

    def _by_source(self, frame: FrameType | None, origin: Any, target: Any) -> Request | None:
        if accelerator.used or frame is None or not self._scope.owns(frame.f_code):
            return None
        call = self._calls.under_way(frame)
        found = requests.by_source(call, frame, origin, target, self._name)
        release_variables(frame)
        return found

    def _asked(self, greenlet: Any, origin: Any, target: Any) -> int:
        """Return the number of the greenlet whose method was called, if that is worth a word."""
        if greenlet is target and origin is not target:
            return 0
        track = self._registry.tracks.get(id(greenlet))
        return 0 if track is None else track.id
