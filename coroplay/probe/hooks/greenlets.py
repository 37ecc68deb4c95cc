"""The hook for switches between greenlets: `greenlet.settrace`, in every thread of the program.

greenlet has one such hook a thread. The program is given functions in place of greenlet's that
chain a hook of the program's own to ours, so that both see every switch.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from operator import methodcaller
from typing import Any

import greenlet

from coroplay.probe.base import accelerator, originals
from coroplay.probe.base.guard import Fault, guarded
from coroplay.probe.fast_path import GreenletHook, ThreadHook, make_hook
from coroplay.probe.hooks.rehooking import Rehooking
from coroplay.probe.inspect import requests
from coroplay.probe.recorder import Recorder

if accelerator.used:
    from coroplay.probe.native import _accelerator


def _watch_creations(hook: Callable[[Any], Any] | None) -> None:
    """Call a hook with every greenlet that is created; only the accelerator can."""
    if accelerator.used:
        kind = originals.Greenlet
        _accelerator.watch_creations(kind, kind.__dict__["__init__"], hook)


class _ChainedHook:
    """The hook of a thread in which the program has a hook of its own: both, one after the other.

    greenlet takes away and drops a hook that raises. The end of this object puts ours back, and the
    program's too unless that is the one that raised.
    """

    __slots__ = ("_in_hook", "_put_back", "_record", "hook")

    def __init__(
        self,
        record: GreenletHook,
        hook: GreenletHook,
        put_back: Callable[[GreenletHook | None], None],
    ) -> None:
        self.hook = hook
        self._record = record
        self._put_back = put_back
        self._in_hook = False

    def __call__(self, event: str, args: tuple[Any, Any]) -> None:
        try:
            self._record(event, args)
            self._in_hook = True
            self.hook(event, args)
            self._in_hook = False
        except BaseException:
            # The exception keeps this frame, which must not keep this object.
            del self
            raise

    def __del__(self) -> None:
        self._put_back(None if self._in_hook else self.hook)


class GreenletHooks:
    """Watches the greenlets of every thread that is entered."""

    def __init__(self, recorder: Recorder, fault: Fault) -> None:
        self._record = guarded(recorder.on_greenlet_switch, fault)
        self._on_creation = guarded(recorder.on_creation, fault)
        self._threads = recorder.threads
        self._fast_path = recorder.fast_path
        self._hooks: dict[int, ThreadHook] = {}
        """The hook of each thread, by the thread's number."""
        ours = map(self._hooks.__getitem__, iter(originals.get_ident, None))
        self._rehooking = Rehooking(partial(next, map(methodcaller("new_call"), ours)))
        self._active = False

    def install(self) -> None:
        """Watch the calling thread, and every thread that is entered from now on."""
        self._active = True
        self.enter_thread()
        self._patch_greenlet(self._settrace, self._gettrace)
        _watch_creations(self._on_creation)
        requests.watch()

    def uninstall(self) -> None:
        """Stop watching; the program's own hook stays in the calling thread."""
        self._active = False
        _watch_creations(None)
        for ours in self._hooks.values():
            ours.set_thread(None)
        self._patch_greenlet(originals.settrace, originals.gettrace)
        self._rehooking.release()
        originals.settrace(self._gettrace())

    def enter_thread(self) -> None:
        """Watch the calling thread."""
        if self._active and self._gettrace() is None:
            self._hook_thread()

    def leave_thread(self) -> None:
        """Stop watching the calling thread, whose function has ended."""
        self._rehooking.leave()
        ours = self._hooks.pop(originals.get_ident(), None)
        if ours is not None:
            ours.set_thread(None)

    def _thread_hook(self) -> ThreadHook:
        """Return the hook of the calling thread, made if need be."""
        ident = originals.get_ident()
        if ident not in self._hooks:
            self._hooks[ident] = make_hook(self._fast_path, self._reference)
        return self._hooks[ident]

    def _hook_thread(self) -> None:
        self._thread_hook()
        self._rehooking.install()

    @staticmethod
    def _patch_greenlet(settrace: Callable[..., Any], gettrace: Callable[..., Any]) -> None:
        modules: list[Any] = [greenlet, sys.modules["greenlet._greenlet"]]
        for module in modules:
            module.settrace = settrace
            module.gettrace = gettrace

    def _settrace(self, hook: GreenletHook | None) -> GreenletHook | None:
        before = self._gettrace()
        if hook is None:
            self._hook_thread()
        else:
            originals.settrace(_ChainedHook(self._thread_hook().new_call(), hook, self._put_back))
        return before

    @staticmethod
    def _gettrace() -> GreenletHook | None:
        found = originals.gettrace()
        return found.hook if type(found) is _ChainedHook else None

    def _put_back(self, hook: GreenletHook | None) -> None:
        if self._active and originals.gettrace() is None:
            self._settrace(hook)

    def _reference(self, event: str, args: tuple[Any, Any]) -> None:
        if not self._active:
            return
        self._record(event, *args)
        ident = originals.get_ident()
        ours = self._hooks.get(ident)
        if ours is not None:
            ours.set_thread(self._threads.get(ident))
