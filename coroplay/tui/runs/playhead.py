"""Where the person stands in a run, and how they move: forward, back, by switch, at a speed.

Inside what is recorded every move is just a move. Beyond its end a paused program is asked for
more.
"""

from __future__ import annotations

import time
from typing import Final

from coroplay.tui.runs.program import Running
from coroplay.tui.runs.session import Session
from coroplay.tui.runs.steering import State

SPEEDS: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Steps a second."""
UNSTEERABLE: Final = "the program is running, and can't be paused: it isn't steered"
_FURTHEST_LOOK: Final = 200_000
"""Steps that are looked at for the next one of the same coroutine."""


class Playhead:
    """The cursor of a session."""

    def __init__(self, session: Session, speed: int, *, at: int = -1, following: bool) -> None:
        self.session = session
        self.cursor = at
        """The step one stands on; -1 before the first."""
        self.following = following
        """Whether it stays at the newest step."""
        self.playing = False
        self.speed = min(max(0, speed), len(SPEEDS) - 1)
        self.hint = ""
        """Why nothing happened, to be shown once."""
        self._awaits = ""
        """What was asked of the program beyond the end: "step", "switch", "same", or nothing."""
        self._played = 0.0

    @property
    def _program(self) -> Running:
        return self.session.program

    @property
    def steps_a_second(self) -> float:
        """The speed."""
        return SPEEDS[self.speed]

    @property
    def at_end(self) -> bool:
        """Whether there is no later step."""
        return self.cursor >= self._program.last

    def tick(self) -> bool:
        """Go along with what has happened; whether the cursor moved."""
        before = self.cursor
        self._go_along()
        if self.playing and time.monotonic() - self._played >= 1 / SPEEDS[self.speed]:
            self._played = time.monotonic()
            self._play_on()
        return self.cursor != before

    def _look_at_newest(self) -> None:
        """Programs in turn: go on to the next, unless the person looks at something before it."""
        newest = self.session.newest
        self.session.newest = None
        if newest is not None and (self.following or self.at_end):
            self.session.current = newest
            self.cursor = -1
            self._awaits = ""
            # One that only waits to hear of breakpoints goes on by itself.
            if self.session.paused and self._program.state is State.PAUSED:
                self.following = False

    def _go_along(self) -> None:
        self._look_at_newest()
        program = self._program
        if self.following:
            self.cursor = program.last
        elif self._awaits and program.last > self.cursor:
            self._arrive(program)
        if program.state is State.ENDED:
            self._awaits = ""

    def _arrive(self, program: Running) -> None:
        """Steps that were asked for have come."""
        if self._awaits == "step":
            self.cursor += 1
        elif program.state is State.RUNNING:
            return
        elif self._awaits == "switch":
            found = program.switches.next(self.cursor) if program.switches else None
            self.cursor = program.last if found is None else found
        else:
            self.cursor = program.last
        self._awaits = ""

    def _play_on(self) -> None:
        if self._awaits or (self.at_end and self._program.state is State.RUNNING):
            return
        if self.at_end and self._program.state is not State.PAUSED:
            self.playing = False
            return
        self.forward()

    # Moves

    def go_to(self, step: int) -> None:
        """Stand on that step."""
        self.cursor = max(0, min(step, self._program.last)) if self._program.last >= 0 else -1
        self.following = False
        self._awaits = ""

    def forward(self) -> None:
        """One step, which a paused program takes if there is no more."""
        if not self.at_end:
            self.go_to(self.cursor + 1)
        elif self._may_ask("step"):
            self._program.step()

    def back(self) -> None:
        """One step back."""
        if self.cursor > 0:
            self.go_to(self.cursor - 1)

    def next_switch(self) -> None:
        """To the next switch."""
        switches = self._program.switches
        found = switches.next(self.cursor) if switches else None
        if found is not None:
            self.go_to(found)
        elif self._program.state is State.PAUSED and self._may_ask("switch"):
            self._program.step(to_switch=True)
        else:
            self._say_why_not("there is no later switch")

    def previous_switch(self) -> None:
        """To the previous switch."""
        switches = self._program.switches
        found = switches.previous(self.cursor) if switches else None
        self.go_to(0 if found is None else found)

    def same_coroutine(self, direction: int) -> None:
        """To the next or previous step of the coroutine that runs at the cursor."""
        recording = self._program.recording
        if recording is None or not 0 <= self.cursor < len(recording):
            self.forward()
            return
        own = recording.who(self.cursor)
        stop = len(recording) if direction > 0 else -1
        for step in range(self.cursor + direction, stop, direction)[:_FURTHEST_LOOK]:
            if recording.who(step) == own:
                self.go_to(step)
                return
        if direction > 0 and self._program.state is State.PAUSED and self._may_ask("same"):
            self._program.step(coroutine=own)
        else:
            where = "later" if direction > 0 else "earlier"
            self._say_why_not(f"there is no {where} step of this coroutine")

    def first(self) -> None:
        """To the first step."""
        self.go_to(0)

    def last(self) -> None:
        """To the newest step, and stay there while it runs."""
        self.go_to(self._program.last)
        self.following = self._program.state is not State.ENDED

    def play(self) -> None:
        """Pause a running program, or start and stop playing."""
        if self.playing:
            self.playing = False
        elif self._program.state is State.RUNNING and self.following:
            for program in self.session.programs:
                if program.state is State.RUNNING and (
                    program is self._program or not program.part.service
                ):
                    program.pause()
            self.hint = "it pauses at its next step" if self._program.steerable else UNSTEERABLE
        else:
            if self.at_end and self._program.state is State.ENDED:
                self.first()
            self.playing = True
            self.following = False
            self._played = time.monotonic()

    def change_speed(self, by: int) -> None:
        """Faster or slower."""
        self.speed = min(max(0, self.speed + by), len(SPEEDS) - 1)
        self.hint = f"{self.steps_a_second:g} steps a second"

    def go_on(self) -> None:
        """Let paused programs run."""
        paused = [p for p in self.session.programs if p.state is State.PAUSED]
        for program in paused:
            program.go_on()
        self._leave_to(bool(paused))

    def run_to(self, file: str, line: int) -> None:
        """Let the program run until it comes to that line."""
        can = self._program.state in (State.PAUSED, State.RUNNING)
        if can:
            self._program.run_to(file, line)
        self._leave_to(can)

    def _leave_to(self, going: bool) -> None:
        self.playing = False
        self._awaits = ""
        if going:
            self.following = True
        else:
            self._say_why_not("nothing is paused")

    def look_at(self, index: int) -> None:
        """Look at another of the programs, at the same time of its run."""
        self.cursor = self.cursor_of(index)
        self.session.current = index
        self._awaits = ""

    def cursor_of(self, index: int) -> int:
        """The step at which one of the programs is at the cursor's time."""
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

    def _may_ask(self, what: str) -> bool:
        """Whether the program can be asked for more; notes what for, or says why not."""
        if self._program.state is State.PAUSED and not self._awaits:
            self._awaits = what
            self.following = False
            return True
        self._say_why_not("this is the last step")
        return False

    def _say_why_not(self, sentence: str) -> None:
        match self._program.state:
            case State.RUNNING if not self._program.steerable:
                self.hint = UNSTEERABLE
            case State.RUNNING | State.STARTING:
                self.hint = "the program is running: space pauses it"
            case State.ENDED if not self._program.recording:
                self.hint = "nothing is recorded: s starts in step mode"
            case State.ENDED:
                self.hint = f"{sentence}: home goes to the first, s starts anew in step mode"
            case _:
                self.hint = sentence
