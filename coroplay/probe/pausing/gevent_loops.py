"""Event loops of gevent, held so that their timers stand still while the program does.

The libraries in C are called, and not gevent's objects, which a program may replace by its own.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, Final, Protocol

from coroplay.probe.base import high_ctypes

_LIBRARIES: Final = {
    "gevent.libev.corecext": "gevent.libev.corecext",
    "gevent.libev.corecffi": "gevent.libev._corecffi",
    "gevent.libuv.loop": "gevent.libuv._corecffi",
}
"""Modules that define gevent's kinds of loops, and for each the module with its library."""
_UV_TIMER: Final = 13
"""The type of handles that are timers, as libuv numbers it."""
_MS: Final = 1_000_000


class Loop(Protocol):
    """An event loop that can be held."""

    def suspend(self) -> None:
        """Note the loop's time."""

    def resume(self, before_ns: int, after_ns: int) -> None:
        """Move every timer by the time that has passed since `suspend`.

        Both arguments are times that the program was paused in all: before and after this pause.
        """


def running_loop() -> Loop | None:
    """Return gevent's loop in the calling thread; None if there is none that can be held."""
    hubs = sys.modules.get("gevent._hub_local")
    hub = None if hubs is None else hubs.get_hub_if_exists()
    loop: Any = getattr(hub, "loop", None)
    for made_in in [base.__module__ for base in type(loop).__mro__]:
        module: Any = sys.modules.get(_LIBRARIES.get(made_in, ""))
        if module is not None and loop.ptr:
            library = _library(module.__file__)
            if made_in == "gevent.libev.corecext":
                return Libev(library, loop.ptr)
            kind = Libuv if made_in == "gevent.libuv.loop" else Libev
            return kind(library, int(module.ffi.cast("uintptr_t", loop.ptr)))
    return None


@cache
def _library(path: str) -> Any:
    """Return a library whose functions are called without letting other threads run."""
    return high_ctypes.load().PyDLL(path)


class Libev:
    """A loop of libev, which has functions to be suspended and resumed."""

    def __init__(self, library: Any, address: int) -> None:
        ctypes = high_ctypes.load()
        self._library = library
        self._pointer = ctypes.c_void_p(address)

    def suspend(self) -> None:
        """Note the loop's time."""
        self._library.ev_suspend(self._pointer)

    def resume(self, before_ns: int, after_ns: int) -> None:  # noqa: ARG002 - libev measures the time itself
        """Move every timer by the time that has passed since `suspend`."""
        self._library.ev_resume(self._pointer)


class Libuv:
    """A loop of libuv: each timer is started anew, in its turn, with the time it has left."""

    def __init__(self, library: Any, address: int) -> None:
        ctypes = high_ctypes.load()
        self._library = library
        self._pointer = ctypes.c_void_p(address)
        for function in (library.uv_now, library.uv_timer_get_due_in, library.uv_timer_get_repeat):
            function.restype = ctypes.c_uint64

    def suspend(self) -> None:
        """Do nothing: the time of a loop of libuv moves only while the loop runs."""

    def resume(self, before_ns: int, after_ns: int) -> None:
        """Move every timer by the time that has passed since `suspend`.

        libuv counts whole milliseconds. The sum of all pauses is rounded, not each pause, so that
        thousands of short pauses don't add up to a delay.
        """
        ctypes = high_ctypes.load()
        library = self._library
        timers = self._timers()
        was = library.uv_now(self._pointer)
        library.uv_update_time(self._pointer)
        shift = -(-after_ns // _MS) + (-before_ns // _MS) - (library.uv_now(self._pointer) - was)
        for timer, left in timers:
            repeat = library.uv_timer_get_repeat(timer)
            # To start a timer takes its callback; to start it again does not.
            library.uv_timer_set_repeat(timer, ctypes.c_uint64(max(1, left + shift)))
            library.uv_timer_again(timer)
            library.uv_timer_set_repeat(timer, ctypes.c_uint64(repeat))

    def _timers(self) -> list[tuple[Any, int]]:
        """Return the running timers, the next one first, each with its milliseconds left."""
        ctypes = high_ctypes.load()
        handles: list[int] = []
        visit = ctypes.PYFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
        self._library.uv_walk(self._pointer, visit(lambda handle, _: handles.append(handle)), None)
        pointers = map(ctypes.c_void_p, handles)
        timers = [pointer for pointer in pointers if self._is_running_timer(pointer)]
        timers.sort(key=self._turn)
        return [(timer, self._library.uv_timer_get_due_in(timer)) for timer in timers]

    def _is_running_timer(self, handle: Any) -> bool:
        kind: int = self._library.uv_handle_get_type(handle)
        is_active: int = self._library.uv_is_active(handle)
        return kind == _UV_TIMER and is_active != 0

    def _turn(self, timer: Any) -> tuple[int, int]:
        """Return when a timer is due, and its turn among timers due at the same time.

        No function of libuv tells the turn of timers: it lies at the end of a timer's memory.
        """
        ctypes = high_ctypes.load()
        size = self._library.uv_handle_size(_UV_TIMER)
        words = (ctypes.c_uint64 * 3).from_address(timer.value + size - 24)
        return words[0], words[2]
