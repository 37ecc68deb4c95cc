"""Where an exception comes from is found at a cost that does not grow with its traceback."""

from __future__ import annotations

import sys
from types import CodeType, FrameType, SimpleNamespace, TracebackType
from typing import Any

from coroplay.probe.inspect.raising import raising
from coroplay.probe.outcomes import Outcomes

_BOUND = 1000


def raised_again_and_again(times: int) -> tuple[FrameType, BaseException, TracebackType]:
    """A frame, the exception that leaves it, and a traceback of all the times it was raised."""
    frame, error, trace = sys._getframe(), ValueError(), None
    for _ in range(times):
        trace = TracebackType(trace, frame, 0, frame.f_lineno)
    assert trace is not None
    return frame, error.with_traceback(trace), trace


def test_an_exception_raised_again_and_again_is_looked_at_in_part() -> None:
    asked: list[CodeType] = []

    def owns(code: CodeType) -> bool:
        asked.append(code)
        return True

    frame, error, trace = raised_again_and_again(10 * _BOUND)
    came = raising(frame, error, None, owns)
    assert came is not None
    assert came.surely == (frame.f_code, trace.tb_lineno)
    assert came.perhaps
    assert len(asked) < _BOUND


def test_where_an_exception_comes_from_is_not_looked_for_without_lines() -> None:
    asked: list[CodeType] = []
    scope: Any = SimpleNamespace(owns=asked.append)
    frame, error, _ = raised_again_and_again(3)
    unused: Any = None
    for has_lines in (False, True):
        store: Any = SimpleNamespace(has_lines=has_lines)
        outcomes = Outcomes(store, scope, unused, unused, unused)
        assert (outcomes.raising(frame, error) is not None) is has_lines
        assert bool(asked) is has_lines
