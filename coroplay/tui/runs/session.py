"""One run as the playground has it: all its programs, who may start when, and how it ends."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from coroplay.host.launch import Script
from coroplay.host.together import SERVICE_READY_AFTER
from coroplay.host.warm import Warm
from coroplay.trace import Recording
from coroplay.tui.runs.plan import Part, Plan
from coroplay.tui.runs.program import Running
from coroplay.tui.runs.records import Records
from coroplay.tui.runs.steering import ProgramState as State

Breakpoints = list[tuple[str, int]]
_PATIENCE: Final = 0.006
"""Seconds that going through recordings may take at a time while programs run."""
_LEISURE: Final = 0.014
"""The same when none runs."""


class Session:
    """What is being run or looked at."""

    def __init__(self, plan: Plan, records: Records, warm: Warm) -> None:
        self.plan = plan
        self.programs = [Running(part) for part in plan.parts]
        self.current = next((i for i, p in enumerate(plan.parts) if not p.service), 0)
        """Which of the programs is being looked at."""
        self.newest: int | None = None
        """The program whose turn has just come, until somebody has looked at it."""
        self.stopped = False
        """Whether the person ended it."""
        self.notice = ""
        """What the person is to know of the run as a whole, as a sentence."""
        self._records = records
        self._warm = warm
        self.paused = False
        """Whether its programs begin paused, to be stepped through."""
        self._breakpoints: Breakpoints = []

    @classmethod
    def of_recording(cls, recording: Recording) -> Session:
        """A recording to look at: nothing is run."""
        name = Path(recording.meta.program).stem
        part = Part(name, Script(recording.meta.program))
        return cls.of_recordings(Plan(recording.path.name, (part,)), [recording])

    @classmethod
    def of_recordings(cls, plan: Plan, recordings: list[Recording]) -> Session:
        """What a plan's programs left behind, one recording each."""
        session = cls(plan, Records(), Warm())
        for program, recording in zip(session.programs, recordings, strict=True):
            program.open(recording)
        return session

    @property
    def program(self) -> Running:
        """The program that is being looked at."""
        return self.programs[self.current]

    @property
    def alive(self) -> bool:
        """Whether anything of it runs or is still to run."""
        return any(p.alive or p.state is State.READY for p in self.programs)

    @property
    def failed(self) -> bool:
        """Whether a program that the person didn't end came to a bad end."""
        return any(
            program.problem or (program.ending is not None and program.ending.status != 0)
            for program in self.programs
            if not (self.stopped or program.part.service)
        )

    def start(self, breakpoints: Breakpoints, *, paused: bool) -> None:
        """Start those programs whose turn it is."""
        self._breakpoints, self.paused = breakpoints, paused
        self._start_those_due()

    def tick(self) -> bool:
        """Look for what has happened; whether anything has."""
        share = (_PATIENCE if self.alive else _LEISURE) / len(self.programs)
        changed = [program.tick(share) for program in self.programs]
        if not self.stopped:
            self._start_those_due()
            self._end_services()
        return any(changed)

    def _start_those_due(self) -> None:
        for program in sorted(self.programs, key=lambda program: not program.part.service):
            if program.state is State.READY and self._due(program):
                self._start(program)

    def _due(self, program: Running) -> bool:
        if program.part.service:
            return True
        others = [other for other in self.programs if other is not program]
        if not all(_serves(other) for other in others if other.part.service):
            return False
        return self.plan.at_once or not any(o.alive for o in others if not o.part.service)

    def _start(self, program: Running) -> None:
        record = self._records.new(program.part.name)
        self.notice = self.notice or self._records.notice
        paused = self.paused and not program.part.service
        program.start(self._warm, record, self._breakpoints, paused=paused)
        if not self.plan.at_once:
            self.newest = self.programs.index(program)

    def _end_services(self) -> None:
        services = [program for program in self.programs if program.part.service]
        if len(services) == len(self.programs):
            return
        if all(p.state is State.ENDED for p in self.programs if not p.part.service):
            for service in services:
                service.stop()

    def breakpoints(self, at: Breakpoints) -> None:
        """Where programs are to stand still from now on."""
        self._breakpoints = at
        for program in self.programs:
            program.breakpoints(at)

    def stop(self) -> None:
        """Begin to end all of it."""
        self.stopped = True
        for program in self.programs:
            if program.state is State.READY:
                program.state = State.ENDED
            program.stop()

    def interrupt(self) -> None:
        """What Ctrl-C in a terminal of their own would do to the programs."""
        for program in self.programs:
            if not program.part.service:
                program.interrupt()

    def kill(self, grace: float) -> None:
        """End all of it now."""
        self.stopped = True
        for program in self.programs:
            program.kill(grace)

    def close(self) -> None:
        """Let go of the recordings."""
        for program in self.programs:
            program.close()


def _serves(service: Running) -> bool:
    """Whether a service is ready for those that need it."""
    late = time.monotonic() >= service.started + SERVICE_READY_AFTER
    return service.state is not State.READY and (service.has_spoken or late)
