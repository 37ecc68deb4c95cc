"""Which exception leaves a frame: Python 3.11 tells a trace function that one does, but not which.

It tells of each exception that is raised in the frame. One that was handled may be raised again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import NamedTuple

from coroplay.probe.inspect import throws
from coroplay.probe.inspect.handlers import begins_around, begins_on_way
from coroplay.probe.inspect.raising import Raising
from coroplay.probe.inspect.values import Namer


class Raised(NamedTuple):
    """An exception that was raised in a frame, told without keeping it alive."""

    seen: throws.Seen
    came: Raising | None
    """The lines that it came from, None where they are not known."""
    at: int
    """The offset of the instruction that raised it."""
    key: int
    exits: bool
    """True for a GeneratorExit."""
    stops: bool
    """True for a StopIteration."""


class Failures:
    """The exceptions raised in the frames that run."""

    def __init__(
        self,
        is_told: Callable[[FrameType], bool],
        raising: Callable[[FrameType, BaseException, TracebackType], Raising | None],
        name: Namer,
    ) -> None:
        self._is_told = is_told
        """Function that tells whether an exception that leaves a frame is a step or part of one."""
        self._raising = raising
        """Function that returns where an exception comes from that leaves a frame."""
        self._name = name
        self.last: dict[int, tuple[BaseException, int, TracebackType]] = {}
        """The exception last raised in each frame, by id, and the instruction that raised it."""
        self._handled: dict[int, list[Raised]] = {}
        """The exceptions raised before in each frame, by id, that may be raised again."""

    def on_exception(self, frame: FrameType, error: BaseException, trace: TracebackType) -> None:
        """Note that an exception is raised in a frame, or comes into it."""
        self.on_handled(frame)
        if id(frame) in self._handled:
            self._drop_handled(frame)
        self.last[id(frame)] = (error, frame.f_lasti, trace)

    def on_handled(self, frame: FrameType) -> None:
        """Remember the exception last raised in a frame, which goes on in a handler.

        Its text alone is kept: the program may expect the exception to be gone.
        """
        raised = self.last.pop(id(frame), None)
        if raised is not None and self._is_told(frame):
            self._handled.setdefault(id(frame), []).append(self._remember(frame, *raised))

    def leave(self, frame: FrameType) -> Raised | None:
        """Return the exception that leaves a frame, None if that is not known; forget the frame."""
        self.on_handled(frame)
        raised = self._handled.pop(id(frame), [])
        return _find_raised(raised, frame.f_code, frame.f_lasti)

    def forget(self, frame: FrameType) -> None:
        """Forget a frame, which returns."""
        self.last.pop(id(frame), None)
        self._handled.pop(id(frame), None)

    def _remember(
        self, frame: FrameType, error: BaseException, at: int, trace: TracebackType
    ) -> Raised:
        kind = type(error)
        return Raised(
            throws.seen(error, self._name, trace),
            self._raising(frame, error, trace),
            at,
            id(error),
            issubclass(kind, GeneratorExit),
            issubclass(kind, StopIteration),
        )

    def _drop_handled(self, frame: FrameType) -> None:
        """Forget the exceptions whose handlers in a frame are over, as another one is raised."""
        known, current = self._handled[id(frame)], id(sys.exception())
        over = next((n + 1 for n, one in enumerate(known) if one.key == current), 0)
        del known[over:]


def _find_raised(raised: list[Raised], code: CodeType, at: int) -> Raised | None:
    """Return the exception that leaves a frame; None if several may.

    When one is raised again at the end of an `except`, the frame is back at the instruction at
    which it was raised first; at the end of a `finally`, it stays in there.
    """
    there = [one for one in raised if one.at == at]
    if there:
        return there[-1]
    if len({one.key for one in raised}) < 2:
        return raised[0] if raised else None
    for begin in begins_around(code, at):
        on_way = [one for one in raised if begin in begins_on_way(code, one.at)]
        if on_way:
            return on_way[-1]
    return None
