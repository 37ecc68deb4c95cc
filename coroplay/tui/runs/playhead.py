"""A person's place in a run, and their moves: forward, back, by switch, at a speed.

Inside a recording every move is just a move. Beyond its end, a paused program is asked for more
steps.
"""

from __future__ import annotations

import enum
import time
from typing import Final

from coroplay.tui.runs.program import Running
from coroplay.tui.runs.session import Session
from coroplay.tui.runs.steering import ProgramState

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Steps a second."""
UNSTEERABLE: Final = "the program is running, and can't be paused: it isn't steered"
_FURTHEST_LOOK: Final = 200_000
"""Steps that are searched for the next one of the same coroutine."""


class _Asked(enum.Enum):
    """Requests to a paused program for steps beyond the last one."""

    NOTHING = enum.auto()
    STEP = enum.auto()
    SWITCH = enum.auto()
    SAME = enum.auto()
    """A step of the same coroutine."""


class Playhead:
    """The cursor of a session."""

    def __init__(self, session: Session, speed: int, *, at: int = -1, following: bool) -> None:
        self.session = session
        self.cursor = at
        """The step on which the person stands; -1 before the first."""
        self.following = following
        """True while the cursor stays at the newest step."""
        self.playing = False
        self.speed = min(max(0, speed), len(SPEEDS) - 1)
        self.hint = ""
        """A sentence on why a key did nothing, to be shown once."""
        self._asked = _Asked.NOTHING
        """The request that the program has not answered yet."""
        self._played = 0.0

    @property
    def _program(self) -> Running:
        return self.session.program

    @property
    def steps_a_second(self) -> float:
        """The speed at which steps are played."""
        return SPEEDS[self.speed]

    @property
    def at_end(self) -> bool:
        """True if no later step is recorded."""
        return self.cursor >= self._program.last

    def tick(self) -> bool:
        """Follow the run, or play its steps; return True if the cursor moved."""
        before = self.cursor
        self._follow_run()
        if self.playing and time.monotonic() - self._played >= 1 / SPEEDS[self.speed]:
            self._played = time.monotonic()
            self._play_on()
        return self.cursor != before

    def _turn_to_newest(self) -> None:
        """Turn to the program that has just started, unless the person looks at earlier steps."""
        newest = self.session.newest
        self.session.newest = None
        if newest is not None and (self.following or self.at_end):
            if newest != self.session.current:
                self.session.current = newest
                self.cursor = -1
                self._asked = _Asked.NOTHING
            # A program that only waits to hear of breakpoints goes on by itself.
            if self.session.paused and self._program.state is ProgramState.PAUSED:
                self.following = False

    def _follow_run(self) -> None:
        self._turn_to_newest()
        program = self._program
        if self.following:
            self.cursor = program.last
        elif self._asked is not _Asked.NOTHING and program.last > self.cursor:
            self._arrive(program)
        if program.state is ProgramState.ENDED:
            self._asked = _Asked.NOTHING

    def _arrive(self, program: Running) -> None:
        """Move to the steps that were asked for: they have come."""
        if self._asked is _Asked.STEP:
            self.cursor += 1
        elif program.state is ProgramState.RUNNING or program.last == 0:
            return  # Before its first line a program pauses by itself: that is no answer.
        elif self._asked is _Asked.SWITCH:
            found = program.switches.next(self.cursor) if program.switches else None
            self.cursor = program.last if found is None else found
        else:
            self.cursor = program.last
        self._asked = _Asked.NOTHING

    def _play_on(self) -> None:
        if self._asked is not _Asked.NOTHING or (
            self.at_end and self._program.state is ProgramState.RUNNING
        ):
            return
        if self.at_end and self._program.state is not ProgramState.PAUSED:
            self.playing = False
            return
        self.forward()

    # Moving

    def go_to(self, step: int) -> None:
        """Move to that step."""
        self.cursor = max(0, min(step, self._program.last)) if self._program.last >= 0 else -1
        self.following = False
        self._asked = _Asked.NOTHING

    def forward(self) -> None:
        """Move one step forward; at the end, a paused program takes one more."""
        if not self.at_end:
            self.go_to(self.cursor + 1)
        elif self._may_ask(_Asked.STEP):
            self._program.step()

    def back(self) -> None:
        """Move one step back."""
        if self.cursor > 0:
            self.go_to(self.cursor - 1)

    def next_switch(self) -> None:
        """Move to the next switch."""
        switches = self._program.switches
        found = switches.next(self.cursor) if switches else None
        if found is not None:
            self.go_to(found)
        elif self._program.state is ProgramState.PAUSED and self._may_ask(_Asked.SWITCH):
            self._program.step(to_switch=True)
        else:
            self._say_why_not("there is no later switch")

    def previous_switch(self) -> None:
        """Move to the previous switch."""
        switches = self._program.switches
        found = switches.previous(self.cursor) if switches else None
        self.go_to(0 if found is None else found)

    def same_coroutine(self, direction: int) -> None:
        """Move to the next or previous step of the coroutine that runs at the cursor."""
        recording = self._program.recording
        if recording is None or not 0 <= self.cursor < len(recording):
            self.forward()
            return
        own = recording.coroutine_at(self.cursor)
        stop = len(recording) if direction > 0 else -1
        for step in range(self.cursor + direction, stop, direction)[:_FURTHEST_LOOK]:
            if recording.coroutine_at(step) == own:
                self.go_to(step)
                return
        if (
            direction > 0
            and self._program.state is ProgramState.PAUSED
            and self._may_ask(_Asked.SAME)
        ):
            self._program.step(coroutine=own)
        else:
            where = "later" if direction > 0 else "earlier"
            self._say_why_not(f"there is no {where} step of this coroutine")

    def first(self) -> None:
        """Move to the first step."""
        self.go_to(0)

    def last(self) -> None:
        """Move to the newest step, and stay there while the program runs."""
        self.go_to(self._program.last)
        self.following = self._program.state is not ProgramState.ENDED

    def play(self) -> None:
        """Pause a running program, or start and stop playing."""
        if self.playing:
            self.playing = False
        elif self._program.state is ProgramState.RUNNING and self.following:
            for program in self.session.programs:
                if program.state is ProgramState.RUNNING and (
                    program is self._program or not program.planned.service
                ):
                    program.pause()
            self.hint = "it pauses at its next step" if self._program.steerable else UNSTEERABLE
        else:
            if self.at_end and self._program.state is ProgramState.ENDED:
                self.first()
            self.playing = True
            self.following = False
            self._played = time.monotonic()

    def change_speed(self, by: int) -> None:
        """Play faster, or more slowly."""
        self.speed = min(max(0, self.speed + by), len(SPEEDS) - 1)
        self.hint = f"{self.steps_a_second:g} steps a second"

    def go_on(self) -> None:
        """Let paused programs run."""
        paused = [p for p in self.session.programs if p.state is ProgramState.PAUSED]
        for program in paused:
            program.go_on()
        self._leave_to(bool(paused))

    def run_to(self, file: str, line: int) -> None:
        """Let the program run until it comes to that line of a file."""
        can = self._program.state in (ProgramState.PAUSED, ProgramState.RUNNING)
        if can:
            self._program.run_to(file, line)
        self._leave_to(can)

    def _leave_to(self, going: bool) -> None:
        self.playing = False
        self._asked = _Asked.NOTHING
        if going:
            self.following = True
        else:
            self._say_why_not("nothing is paused")

    def turn_to(self, index: int) -> None:
        """Turn to another of the programs, at the same time of its run."""
        self.cursor = self.cursor_of(index)
        self.session.current = index
        self._asked = _Asked.NOTHING

    def cursor_of(self, index: int) -> int:
        """Return the step of that program at the cursor's time."""
        here, there = self._program, self.session.programs[index]
        if there is here:
            return self.cursor
        if self.following or self.at_end or there.recording is None or there.last < 0:
            return there.last
        elapsed = self._elapsed_at_cursor()
        if self.session.plan.at_once:
            elapsed += int((here.started - there.started) * 1e9)
        return there.recording.at_time(max(0, elapsed))

    def _elapsed_at_cursor(self) -> int:
        recording = self._program.recording
        if recording is None or not 0 <= self.cursor < len(recording):
            return 0
        return recording.time(self.cursor)

    def _may_ask(self, request: _Asked) -> bool:
        """Note the request and return True if the program can be asked; else say why it can't."""
        if self._program.state is ProgramState.PAUSED and self._asked is _Asked.NOTHING:
            self._asked = request
            self.following = False
            return True
        self._say_why_not("this is the last step")
        return False

    def _say_why_not(self, sentence: str) -> None:
        match self._program.state:
            case ProgramState.RUNNING if not self._program.steerable:
                self.hint = UNSTEERABLE
            case ProgramState.RUNNING | ProgramState.STARTING:
                self.hint = "the program is running: space pauses it"
            case ProgramState.ENDED | ProgramState.CANCELLED if not self._program.recording:
                self.hint = "nothing is recorded: s starts in step mode"
            case ProgramState.ENDED:
                self.hint = f"{sentence}: home goes to the first, s starts anew in step mode"
            case _:
                self.hint = sentence
