"""Keeps the faults of hooks away from the program that calls them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Fault = Callable[[BaseException], None]
"""Takes an exception that a hook let out; raises it again if it is the program's own."""


def guarded(hook: Callable[..., Any], fault: Fault) -> Callable[..., Any]:
    """The hook, with whatever it raises given to `fault`.

    The frame of the hooked code is two frames out from the hook's own.
    """

    def call(*args: Any) -> Any:
        try:
            return hook(*args)
        except BaseException as error:  # noqa: BLE001  (nothing of ours may reach the program)
            contain(error, fault)
            return None

    return call


def contain(error: BaseException, fault: Fault) -> None:
    """Give what a hook raised to `fault`; called while it is handled."""
    # A program at its recursion limit is its own business: the step is lost.
    if not isinstance(error, RecursionError):
        fault(error)
