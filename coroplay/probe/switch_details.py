"""What is recorded of a switch besides who and how: its place, what it carries, what is awaited."""

from __future__ import annotations

from types import FrameType
from typing import Any

from coroplay.probe import handovers
from coroplay.probe.awaited import AwaitedCoroutines
from coroplay.probe.coroutines import Track
from coroplay.probe.handovers import Handover, Handovers
from coroplay.probe.inspect import functions
from coroplay.probe.inspect.calls import Calls
from coroplay.probe.inspect.frames import release_variables
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.waits import Waits
from coroplay.probe.newcomers import Newcomers
from coroplay.probe.store import Store
from coroplay.trace.layout import Kind


class SwitchDetails:
    """Makes the details of switches between greenlets."""

    def __init__(self, store: Store, scope: Scope, calls: Calls, newcomers: Newcomers) -> None:
        self.shows_values = True
        """True while carried values and the objects of waits are recorded."""
        self._store = store
        self._scope = scope
        self._newcomers = newcomers
        registry = newcomers.registry
        self._fast_path = registry.fast_path
        self._handovers = Handovers(calls, scope, registry, newcomers.name)
        self._waits = Waits(calls, AwaitedCoroutines(registry, newcomers.meet_greenlet))

    def handed_over(
        self, taken: tuple[Any, ...] | None, frame: FrameType | None, origin: Any, target: Any
    ) -> Handover:
        """Return what a switch hands over; without values that is not asked."""
        if not self.shows_values:
            return handovers.NOTHING
        return self._handovers.find(taken, frame, origin, target)

    def of_switch(
        self,
        frame: FrameType | None,
        leaving: Track,
        entered: Track,
        one: Track,
        handover: Handover,
    ) -> int:
        """Return the detail of a switch from the coroutine `one`.

        Without values the detail is the same each time, and the fast path learns it.
        """
        if frame is None:
            return self._store.switch_detail(one, 0, handover.value, handover.address)
        location = self.location(frame, leaving)
        if entered.kind is Kind.HUB:
            detail = self._store.wait_detail(one, location, self._wait(frame, leaving))
        else:
            detail = self._store.switch_detail(one, location, handover.value, handover.address)
        if not self.shows_values:
            self._fast_path.learn(one, frame, self._scope.nearest(frame), detail)
        return detail

    def location(self, frame: FrameType, leaving: Track) -> int:
        """Return the location of a suspended frame."""
        if not leaving.name:
            self._newcomers.name_by_frame(leaving, frame)
        if leaving.kind is Kind.THREAD and functions.begins_pool_thread(frame.f_code):
            return 0  # A line of gevent's, at which nobody is to look.
        return self._store.locations.call(self._scope.nearest(frame) or frame)

    def _wait(self, frame: FrameType, leaving: Track) -> str | None:
        """Return what a coroutine waits for that was left in a frame."""
        own = self._scope.nearest(frame)
        if not self.shows_values:
            return self._waits.by_source(own, frame)
        wait = self._waits.by_objects(own, frame, leaving)
        if own is None or own is frame:
            release_variables(frame)
        return wait
