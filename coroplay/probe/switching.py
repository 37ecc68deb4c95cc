"""The hook for switches between greenlets: `greenlet.settrace`, in every thread of the program.

There is one such hook a thread. A program that sets one of its own is given functions that chain
to it, so that both see every switch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import greenlet

from coroplay.probe import originals
from coroplay.probe.guard import Fault, guarded
from coroplay.probe.recorder import Recorder

Hook = Callable[[str, tuple[Any, Any]], Any]


class Switching:
    """Watches the greenlets of every thread that is entered."""

    def __init__(self, recorder: Recorder, fault: Fault) -> None:
        self._record = guarded(recorder.greenlet_switch, fault)
        self._chained: dict[int, Hook] = {}
        self._active = False

    def install(self) -> None:
        """Begin to watch the calling thread, and those that are entered later."""
        self._active = True
        self.enter_thread()
        self._offer(self._set, self._get)

    def uninstall(self) -> None:
        """Stop watching; the program's own hook stays in the calling thread."""
        self._active = False
        self._offer(originals.settrace, originals.gettrace)
        originals.settrace(self._chained.get(originals.get_ident()))

    def enter_thread(self) -> None:
        """Begin to watch the calling thread."""
        if self._active:
            originals.settrace(self._switched)

    @staticmethod
    def _offer(settrace: Callable[..., Any], gettrace: Callable[..., Any]) -> None:
        modules: list[Any] = [greenlet, sys.modules["greenlet._greenlet"]]
        for module in modules:
            module.settrace = settrace
            module.gettrace = gettrace

    def _set(self, hook: Hook | None) -> Hook | None:
        before = self._chained.pop(originals.get_ident(), None)
        if hook is not None:
            self._chained[originals.get_ident()] = hook
        return before

    def _get(self) -> Hook | None:
        return self._chained.get(originals.get_ident())

    def _switched(self, event: str, args: tuple[Any, Any]) -> None:
        self._record(event, *args)
        if self._chained:
            hook = self._chained.get(originals.get_ident())
            if hook is not None:
                hook(event, args)
