"""Calls of the probe that the program can't see, as far as the accelerator is there to hide them.

Without it a tracer or profiler of the program's own is told of them, and their frames stand in
stacks and tracebacks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coroplay.probe.base import accelerator

if accelerator.used:
    from coroplay.probe.native import _accelerator


def untraced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that does the same, with no tracer told of it or of anything it calls."""
    return _accelerator.untraced(function) if accelerator.used else function


def write_method(
    before: Callable[[Any, Any], Any],
    own: Callable[[Any, Any], int],
    after: Callable[[Any, Any, int], None],
) -> Any:
    """Return a method `write` of a stream, which calls `before`, its `own` method, and `after`.

    `after` is given the results of both. No tracer is told of these two.
    """
    if accelerator.used:
        return _accelerator.write_method(before, own, after)

    def write(stream: Any, data: Any, /) -> int:
        noted = before(stream, data)
        written = own(stream, data)
        after(stream, noted, written)
        return written

    return write
