"""The hook for threads: every thread that the program starts is watched too."""

from __future__ import annotations

import _thread
import functools
import sys
from collections.abc import Callable
from typing import Any

from coroplay.probe.program import clean_stack
from coroplay.probe.program.script import without_probe

Starter = Callable[..., Any]
Enter = Callable[[object], None]
"""A function that is given the function of the thread in which it is called."""


class _ThreadBody:
    """The function of a thread, run with hooks in place."""

    def __init__(
        self, function: Callable[..., Any], enter: Enter, leave: Callable[[], None]
    ) -> None:
        self._function = function
        self._enter = enter
        self._leave = leave

    def __call__(self, *args: Any, **named: Any) -> None:
        self._enter(self._function)
        try:
            clean_stack.call(functools.partial(self._function, *args, **named))
        except SystemExit:
            raise
        except BaseException as error:  # noqa: BLE001  (as the interpreter does here)
            trace = without_probe(error.__traceback__)
            _report_unraisable(error.with_traceback(trace), self._function)
        finally:
            self._leave()


def _report_unraisable(error: BaseException, function: object) -> None:
    """Report an exception that leaves a thread as the interpreter does.

    Python 3.13 puts the function's representation into the message itself.
    """
    message, thing = "Exception ignored in thread started by", function
    if sys.version_info >= (3, 13):
        message, thing = f"{message} {function!r}", None
    fields = (type(error), error, error.__traceback__, message, thing)
    sys.unraisablehook(_unraisable_type()(fields))


def _unraisable_type() -> Callable[[tuple[Any, ...]], Any]:
    """Return the type that `sys.unraisablehook` insists on, caught in a call of that hook."""
    seen: list[Any] = []

    class Fails:
        def __del__(self) -> None:
            raise RuntimeError

    before, sys.unraisablehook = sys.unraisablehook, seen.append
    try:
        Fails()
    finally:
        sys.unraisablehook = before
    return type(seen[0])


def install(enter: Enter, leave: Callable[[], None]) -> Callable[[], None]:
    """Call `enter` and `leave` around every new thread; return a function to stop that."""
    replaced: list[tuple[Any, str, Starter]] = []
    for module in (_thread, sys.modules.get("threading")):
        for name in ("start_new_thread", "start_joinable_thread", "start_new"):
            for attribute in (name, f"_{name}"):
                starter = getattr(module, attribute, None)
                if starter is not None:
                    setattr(module, attribute, _wrap(starter, enter, leave))
                    replaced.append((module, attribute, starter))

    def uninstall() -> None:
        for module, attribute, starter in replaced:
            setattr(module, attribute, starter)

    return uninstall


def _wrap(starter: Starter, enter: Enter, leave: Callable[[], None]) -> Starter:
    def start(function: Any, *args: Any, **named: Any) -> Any:
        body = _ThreadBody(function, enter, leave) if callable(function) else function
        return starter(body, *args, **named)

    start.__name__ = start.__qualname__ = starter.__name__
    return start
