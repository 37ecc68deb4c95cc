"""One run in the playground: its programs, started and stopped as the schedule decides."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from coroplay import pythons
from coroplay.host.launch import Script
from coroplay.host.plan import Plan, PlannedProgram
from coroplay.host.schedule import (
    Phase,
    Status,
    decide,
    decide_end,
    explain_cancelling,
    gets_input,
    has_failed,
)
from coroplay.host.warm import Warm
from coroplay.trace import EndingKind, Recording
from coroplay.tui.runs.program import Running
from coroplay.tui.runs.records import Records
from coroplay.tui.runs.steering import ProgramState

Breakpoints = list[tuple[str, int]]
_PATIENCE: Final = 0.006
"""Seconds for reading recordings in one tick while programs run."""
_LEISURE: Final = 0.014
"""Seconds for reading recordings in one tick when no program runs."""
_PHASES: Final = {
    ProgramState.READY: Phase.WAITING,
    ProgramState.STARTING: Phase.RUNNING,
    ProgramState.RUNNING: Phase.RUNNING,
    ProgramState.PAUSED: Phase.RUNNING,
    ProgramState.ENDED: Phase.ENDED,
    ProgramState.CANCELLED: Phase.CANCELLED,
}
BY_HOST: Final = (EndingKind.STOPPED, EndingKind.TIMEOUT)
"""Endings that a host has brought about."""


class Session:
    """The programs that are run, or whose recordings are looked at."""

    def __init__(self, plan: Plan, records: Records, warm: Warm) -> None:
        self.plan = plan
        self.programs = [Running(planned) for planned in plan.programs]
        self.current = next((i for i, p in enumerate(plan.programs) if not p.service), 0)
        """The place in the plan of the program that is looked at."""
        self.newest: int | None = None
        """The program to be looked at next: its turn has come, or it kept others from starting."""
        self.stopped = False
        """True once the person has ended the run."""
        self.notice = ""
        """Sentences on trouble with the run as a whole."""
        self.remark = ""
        """A sentence on the run as a whole that tells of no trouble; it stands after all others."""
        self._records = records
        self._warm = warm
        self.paused = False
        """True if programs begin paused, to be stepped through."""
        self._breakpoints: Breakpoints = []

    @classmethod
    def of_recording(cls, recording: Recording) -> Session:
        """Return a session for looking at a recording: nothing is run."""
        name = Path(recording.meta.program).stem
        planned = PlannedProgram(name, Script(recording.meta.program))
        return cls.of_recordings(Plan(recording.path.name, (planned,)), [recording])

    @classmethod
    def of_recordings(cls, plan: Plan, recordings: list[Recording]) -> Session:
        """Return a session for looking at one recording of each of a plan's programs."""
        session = cls(plan, Records(), Warm())
        for program, recording in zip(session.programs, recordings, strict=True):
            program.open(recording)
        reasons = (recording.meta.untested for recording in recordings)
        session.remark = explain_untested(next(filter(None, reasons), ""))
        return session

    @property
    def program(self) -> Running:
        """The program that is looked at."""
        return self.programs[self.current]

    @property
    def alive(self) -> bool:
        """True while a program runs or waits for its turn."""
        return any(p.alive or p.state is ProgramState.READY for p in self.programs)

    @property
    def failed(self) -> bool:
        """True if a program failed in a run that the person did not stop."""
        if self.stopped:
            return False
        troubled = any(p.problem for p in self.programs if not p.planned.service)
        return troubled or any(status.failed for status in self._statuses())

    def start(self, breakpoints: Breakpoints, *, paused: bool) -> None:
        """Start those programs whose turn it is."""
        self._breakpoints, self.paused = breakpoints, paused
        self._follow_schedule()

    def tick(self) -> bool:
        """Look for what has happened; return whether anything has."""
        share = (_PATIENCE if self.alive else _LEISURE) / len(self.programs)
        changed = [program.tick(share) for program in self.programs]
        if not self.stopped:
            self._follow_schedule()
        return any(changed)

    def _statuses(self) -> list[Status]:
        """Return how the programs stand, as the schedule sees it."""
        return [
            Status(_PHASES[p.state], p.started, p.has_printed, failed=_has_failed(p))
            for p in self.programs
        ]

    def _follow_schedule(self) -> None:
        decision = decide(self.plan, self._statuses(), time.monotonic())
        if decision.cancel:
            self._cancel(decision.cancel)
            self._explain_cancelling()
        for index in decision.start:
            self._start(index)
        for index in decision.stop:
            self.programs[index].stop()

    def _cancel(self, indices: Sequence[int]) -> None:
        for index in indices:
            self.programs[index].state = ProgramState.CANCELLED

    def _explain_cancelling(self) -> None:
        """Tell the person why programs did not start, and lead to the service that failed."""
        sentence = explain_cancelling(self.plan, self._statuses())
        self.notice = f"{self.notice} {sentence}".lstrip()
        failed = (i for i, p in enumerate(self.programs) if p.planned.service and _has_failed(p))
        self.newest = next(failed)

    def _start(self, index: int) -> None:
        program = self.programs[index]
        takes_input = gets_input(index, self.plan, self._statuses())
        record = self._records.new(program.planned.name)
        self.notice = self.notice or self._records.notice
        paused = self.paused and not program.planned.service
        program.start(self._warm, record, self._breakpoints, paused=paused)
        if program.planned.reads_input and not takes_input:
            program.end_input()
        if not self.plan.at_once:
            self.newest = index

    def breakpoints(self, at: Breakpoints) -> None:
        """Replace the places at which programs pause."""
        self._breakpoints = at
        for program in self.programs:
            program.breakpoints(at)

    def stop(self) -> None:
        """Begin to end all programs."""
        self.stopped = True
        decision = decide_end(self._statuses())
        self._cancel(decision.cancel)
        for index in decision.stop:
            self.programs[index].stop()

    def interrupt(self) -> None:
        """Do to the programs what Ctrl-C in a terminal of their own would do."""
        for program in self.programs:
            if not program.planned.service:
                program.interrupt()

    def kill(self, grace: float) -> None:
        """End all programs within so many seconds."""
        self.stopped = True
        for program in self.programs:
            program.kill(grace)

    def close(self) -> None:
        """Close the recordings."""
        for program in self.programs:
            program.close()


def explain_untested(why: str) -> str:
    """Return the sentence on a Python that is untested for that reason; empty without one."""
    return f"{pythons.note(why)}." if why else ""


def _has_failed(program: Running) -> bool:
    """Tell whether a program has ended with a failure, or could not even be started."""
    if program.state is not ProgramState.ENDED:
        return False
    if program.ending is None:
        return bool(program.problem)
    return has_failed(program.ending.status, stopped=program.ending.kind in BY_HOST)
