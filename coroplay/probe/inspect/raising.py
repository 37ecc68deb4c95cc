"""The lines of the person's own code at which an exception was raised that leaves a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import Final, NamedTuple

from coroplay.probe.inspect.generators import is_generator_code

_trace_of = BaseException.__dict__["__traceback__"].__get__

_MOST: Final = 256
"""Entries of a traceback that are looked at further in: each time that one and the same exception
is raised again, those of all times before are still there."""

Line = tuple[CodeType, int]
"""A line of a function. The frame itself, and all that it refers to, is not kept alive."""


class Raising(NamedTuple):
    """The lines that an exception came through on its way out of a function."""

    surely: Line
    """The innermost line that it came through during this very call of the function."""
    perhaps: frozenset[Line]
    """The nearest lines further in: it came through them now, or when it was raised before."""


def raising(
    frame: FrameType,
    error: BaseException,
    trace: TracebackType | None,
    owns: Callable[[CodeType], bool],
) -> Raising | None:
    """Return where an exception comes from that leaves a frame; None where that is not known.

    Python 3.11 gives a tracer the traceback apart from the exception. `owns` tells whether code is
    the person's own. A generator is a coroutine of its own, which has failed at a line of its own.
    """
    at: TracebackType | None = trace or _trace_of(error)
    if at is None or at.tb_frame is not frame:
        return None
    surely = _line(at)
    while at.tb_next is not None and at.tb_next.tb_frame.f_back is at.tb_frame:
        at = at.tb_next
        if owns(at.tb_frame.f_code):
            if is_generator_code(at.tb_frame.f_code):
                return Raising(surely, frozenset())
            surely = _line(at)
    # Frames of compiled functions and of coroutines, once left, do not tell who called them. Nor do
    # some of an exception that is raised again: they are of the call that raised it first.
    further_in = islice(_entries(at.tb_next), _MOST)
    return Raising(surely, frozenset(_line(one) for one in further_in if owns(one.tb_frame.f_code)))


def _line(trace: TracebackType) -> Line:
    return trace.tb_frame.f_code, trace.tb_lineno or 0


def _entries(trace: TracebackType | None) -> Iterator[TracebackType]:
    while trace is not None:
        yield trace
        trace = trace.tb_next
