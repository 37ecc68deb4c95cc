"""Calls of the probe that the program can't see, where there is an accelerator to hide them.

Without the accelerator, such calls are reported to the program's own tracer or profiler, and their
frames stand in stacks and tracebacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coroplay.probe.base import accelerator

if accelerator.used:
    from coroplay.probe.native import _accelerator


def untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls `function`, hidden from tracers with everything it calls."""
    return _accelerator.untraced(function) if accelerator.used else function


def with_room(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function with room for its calls when the program is at its recursion limit."""
    return _accelerator.with_room(function) if accelerator.used else function


def raising_later(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that calls `function`, and returns None where that raises an exception.

    The exception is raised where Python next looks for signals. Without the accelerator nothing is
    changed: an exception that comes before the `try` of a function can't be held back by it.
    """
    return _accelerator.raising_later(function) if accelerator.used else function


Noted = tuple[bytes, bytearray | None] | None
"""Bytes about to be written, and the bytearray that announces them to another stream."""


def write_method(
    before: Callable[[Any, Any], Noted],
    own: Callable[[Any, Any], int],
    after: Callable[[Any, Any, int | None], None],
) -> Any:
    """Return a method `write` of a stream, which calls `before`, the `own` method, and `after`.

    `before` may return None: nothing is noted, and `after` is not called. Otherwise `after` is
    given the results of the other two, None for that of an `own` method that raised an exception.
    Both are hidden from tracers.
    """
    if accelerator.used:
        return _accelerator.write_method(before, own, after)

    def write(stream: Any, data: Any, /) -> int:
        noted = before(stream, data)
        if noted is not None and noted[1] is not None:
            noted[1].extend(noted[0])
        written = None
        try:
            written = own(stream, data)
        finally:
            if noted is not None:
                after(stream, noted, written)
        return written

    return write
