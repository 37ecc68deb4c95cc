"""Every coroutine's history in a stretch of steps, as sorted times: exact, for `lanes`."""

from __future__ import annotations

from array import array
from typing import Final

from coroplay.trace.layout import ENDINGS, FAILURES, FIRST_SWITCH, Verb
from coroplay.trace.model import Status
from coroplay.trace.recording import Recording
from coroplay.trace.view.rows import rows

STATUSES: Final = tuple(Status)
CODES: Final = {status: code for code, status in enumerate(STATUSES)}
NOBODY: Final = -1
"""The code for "not there (yet)"."""

_ENDED: Final = (CODES[Status.FINISHED], CODES[Status.FAILED])
_MOST_COROUTINES: Final = 2000
"""Looked up where a stretch begins; the rest of them are met when they next do something."""


class LaneHistory:
    """One coroutine's changes of status: their times, and the codes of the new statuses."""

    __slots__ = ("codes", "times")

    def __init__(self) -> None:
        self.times = array("q")
        self.codes = array("b")

    def add(self, t_ns: int, code: int) -> None:
        """Note another status from that time on."""
        self.times.append(t_ns)
        self.codes.append(code)


class LaneHistories:
    """The histories of all coroutines from one step on, as far as they have been read."""

    def __init__(self, recording: Recording, first: int = 0) -> None:
        self.recording = recording
        self.first = first
        self.upto = first
        self.of: dict[int, LaneHistory] = {}
        self.switch_times = array("q")
        self.origins = array("l")
        self.targets = array("l")
        if first:
            self._begin_at(first - 1)

    def extend(self, stop: int) -> None:
        """Read on up to that step."""
        detail = self.recording.reader.detail
        for coroutine, verb, t_ns, reference in rows(self.recording, self.upto, stop):
            if verb >= FIRST_SWITCH:
                self._switch(coroutine, verb, t_ns, detail(reference)[0])
            elif verb == Verb.SPAWN:
                at_once = detail(reference)[3]
                self._note(coroutine, t_ns, Status.RUNNING if at_once else Status.READY)
            elif verb in ENDINGS:
                failed = verb in FAILURES
                self._note(coroutine, t_ns, Status.FAILED if failed else Status.FINISHED)
        self.upto = max(self.upto, stop)

    def _switch(self, target: int, verb: int, t_ns: int, origin: int) -> None:
        left = self.of.get(origin)
        if left is None or left.codes[-1] not in _ENDED:
            self._note(origin, t_ns, Status.WAITING if verb == Verb.WAIT else Status.SUSPENDED)
        self._note(target, t_ns, Status.RUNNING)
        self.switch_times.append(t_ns)
        self.origins.append(origin)
        self.targets.append(target)

    def _note(self, coroutine: int, t_ns: int, status: Status) -> None:
        history = self.of.get(coroutine)
        if history is None:
            history = self.of[coroutine] = LaneHistory()
        history.add(t_ns, CODES[status])

    def _begin_at(self, index: int) -> None:
        """Note the states that coroutines are in where the stretch begins."""
        states = self.recording.state(index)
        for coroutine in states.live[:_MOST_COROUTINES]:
            state = states.of(coroutine)
            self._note(coroutine, state.since_ns, state.status)
