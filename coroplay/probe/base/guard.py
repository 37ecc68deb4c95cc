"""Keeps the faults of hooks away from the program that calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from coroplay.probe.base.hidden import with_room


class Losses:
    """A note that steps were lost, which can be made where there is no room for a call."""

    any = False
    """True from the first lost step on until the recorder has told of it."""


losses: Final = Losses()
"""The steps lost at the program's recursion limit, where hooks have no room of their own."""

Fault = Callable[[BaseException], bool]
"""A function that takes an exception of a hook and tells if it is the program's, to be raised."""


def guarded(hook: Callable[..., Any], fault: Fault) -> Callable[..., Any]:
    """Return the hook with a guard around it that gives `fault` every exception.

    The frame of the hooked code is the second one out from the hook's own.
    """

    def call(*args: Any) -> Any:
        try:
            return hook(*args)
        except BaseException as error:
            try:
                is_the_programs = fault(error)
            except RecursionError:
                # At the program's recursion limit the hook did not even begin.
                losses.any = True
                return None
            # Raised again here: a frame that kept the exception, which keeps the frame, would live
            # on.
            if is_the_programs:
                raise
            return None

    return with_room(call)
