"""Times of programs that ran together, beside each other."""

from __future__ import annotations

from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace import is_slowed
from coroplay.tui.runs.program import Running
from coroplay.tui.runs.session import Session
from coroplay.tui.runs.steering import ProgramState

_BAR: Final = 16
"""Columns of the longest time's bar, at most."""
_NOT_STARTED: Final = (ProgramState.READY, ProgramState.CANCELLED)


def totals(session: Session, width: int) -> list[str]:
    """Return a line a program with its time, and their ratio; none if they aren't compared."""
    started = [program for program in session.programs if program.state not in _NOT_STARTED]
    if not session.plan.compare or not started:
        return []
    widest = max(len(program.planned.name) for program in session.programs)
    longest = max(program.elapsed for program in started) or 1.0
    bar = max(1, min(_BAR, width - widest - 10))
    lines = [
        f"{clean(program.planned.name):<{widest}} {program.elapsed:6.2f} s "
        + "━" * max(1, round(bar * program.elapsed / longest))
        for program in started
    ]
    ratio = _ratio(session.programs)
    return [*lines, ratio] if ratio else lines


def _ratio(programs: list[Running]) -> str:
    """Return a sentence on the slowest and the fastest, once all have ended."""
    if len(programs) < 2 or any(program.state is not ProgramState.ENDED for program in programs):
        return ""
    slow, fast = (pick(programs, key=lambda p: p.elapsed) for pick in (max, min))
    if fast.elapsed <= 0:
        return ""
    times = f"{clean(slow.planned.name)} took {slow.elapsed / fast.elapsed:.1f} times as long"
    if any(map(_is_slowed, programs)):
        return f"{times}, while recorded, which takes time itself"
    return times


def _is_slowed(program: Running) -> bool:
    """Tell whether recording can be felt in the time that a program took."""
    if program.recording is None or program.survey is None:
        return False
    return is_slowed(program.recording, program.survey.switches)
