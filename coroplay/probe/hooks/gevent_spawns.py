"""The hook for spawns of gevent's Greenlets, once the program has imported gevent."""

from __future__ import annotations

import sys
from typing import Any

from coroplay.probe.base.guard import Fault, guarded
from coroplay.probe.recorder import Recorder


class SpawnHook:
    """A spawn callback, as gevent itself offers them."""

    def __init__(self, recorder: Recorder, fault: Fault) -> None:
        self._recorder = recorder
        self._on_spawn = guarded(self._record_spawn, self._take_fault)
        self._fault = fault
        self._kind: Any = None
        self._is_called = False
        """True while a fault of the callback is dealt with."""

    def install(self) -> bool:
        """Add the callback if gevent is imported by now; return whether it is."""
        module = sys.modules.get("gevent.greenlet")
        kind = getattr(module, "Greenlet", None)
        # The methods of the class may rely on what stands below it: wait until the module has run.
        if kind is None or getattr(getattr(module, "__spec__", None), "_initializing", False):
            return False
        kind.add_spawn_callback(self._on_spawn)
        self._kind = kind
        return True

    def uninstall(self) -> None:
        """Remove the callback, unless it is called: gevent goes through the callbacks meanwhile."""
        if self._kind is not None and not self._is_called:
            self._kind.remove_spawn_callback(self._on_spawn)
        self._kind = None

    def _take_fault(self, error: BaseException) -> bool:
        self._is_called = True
        try:
            return self._fault(error)
        finally:
            self._is_called = False

    def _record_spawn(self, greenlet: Any) -> None:
        recorder = self._recorder
        if self._kind is not None and id(greenlet) not in recorder.registry.tracks:
            recorder.newcomers.meet_greenlet(greenlet)
