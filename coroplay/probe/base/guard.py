"""Keeps the faults of hooks away from the program that calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Fault = Callable[[BaseException], bool]
"""Takes an exception that a hook let out; whether it is the program's own, and so goes on to it."""


def guarded(hook: Callable[..., Any], fault: Fault) -> Callable[..., Any]:
    """The hook, with whatever it raises given to `fault`.

    The frame of the hooked code is two frames out from the hook's own.
    """

    def call(*args: Any) -> Any:
        try:
            return hook(*args)
        except BaseException as error:
            try:
                is_the_programs = fault(error)
            except RecursionError:
                # At the program's limit nothing can be called: the hook did not even begin.
                return None
            # Raised again here: a frame that keeps it would be kept by it, and live on.
            if is_the_programs:
                raise
            return None

    return call
