"""One program of a run: its child process, its output, and its recording as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final

from coroplay.host.child import Child
from coroplay.host.feeder import Feeder
from coroplay.host.launch import Launch, Level
from coroplay.host.plan import PlannedProgram
from coroplay.host.process import StartError
from coroplay.host.recordings import ELSEWHERE
from coroplay.host.tree import Takedown
from coroplay.host.warm import Warm
from coroplay.trace import Ending, EndingKind, Recording, RecordingError
from coroplay.trace.layout import Verb
from coroplay.trace.meta import why_unrecorded
from coroplay.trace.view import Switches
from coroplay.trace.view.last_stretch import explain_last_stretch
from coroplay.tui.runs.buffer import Buffer, Stream
from coroplay.tui.runs.merging import Merger
from coroplay.tui.runs.pipes import Pipes
from coroplay.tui.runs.steering import HUNG_UP, ProgramState, Steering
from coroplay.tui.runs.survey import Survey
from coroplay.tui.runs.waiting import waits_for_input

_STREAMS: Final = {int(Verb.STDOUT): Stream.OUT, int(Verb.STDERR): Stream.ERROR}
_LOOK_EVERY: Final = 0.1
"""Seconds."""


class Running:
    """A program that is run, or was, or whose recording is looked at."""

    def __init__(self, planned: PlannedProgram) -> None:
        self.planned = planned
        self.state = ProgramState.READY
        self.problem = ""
        """A sentence on what went wrong with running it."""
        self.recording: Recording | None = None
        self.ending: Ending | None = None
        self.survey: Survey | None = None
        self.switches: Switches | None = None
        self.output = Buffer()
        self._merger = Merger(self.output)
        self.wants_input = False
        """True while the person can type input for it."""
        self.awaits_input = False
        """True once it has been seen to wait for that."""
        self.has_spoken = False
        self._first_words = False
        """True while the first words have come and are not shown yet."""
        self.has_printed = False
        """True once anything has come through the program's standard output."""
        self.spoke: Callable[[], None] = lambda: None
        """Called when the program's first words have come: a person waits for those."""
        self.started = 0.0
        """Start of the child process, by the monotonic clock."""
        self._path: Path | None = None
        self._child: Child | None = None
        self._feeder: Feeder | None = None
        self._takedown: Takedown | None = None
        self._pipes: Pipes | None = None
        self._steering = Steering(self._reported, self._broken)
        self._visible = (-1, self.state, False, False, "")
        """Last step, state, wish and wait for input, and problem as of the last tick."""
        self._seconds = 0.0
        """The length of a run that is not recorded, once it has ended."""
        self._looked_for_input = 0.0

    # What there is to see

    @property
    def alive(self) -> bool:
        """True while there is a child process, also one that is being ended."""
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """The process id of the child while there is one."""
        return None if self._child is None else self._child.pid

    @property
    def elapsed(self) -> float:
        """Seconds of the program's own time, which stands still whenever the program does."""
        if self.recording is not None:
            return self.recording.length_ns / 1e9
        unrecorded = self._path is None and self.state is ProgramState.RUNNING
        return time.monotonic() - self.started if unrecorded else self._seconds

    @property
    def last(self) -> int:
        """The number of the last recorded step; -1 before the first."""
        return len(self.recording) - 1 if self.recording is not None else -1

    @cached_property
    def last_stretch(self) -> str:
        """A sentence on who had control after the last step; only to be asked after the end."""
        try:
            return explain_last_stretch(self.recording) if self.recording is not None else ""
        except RecordingError as error:
            return str(error)

    def author(self, stream: Stream, offset: int) -> int | None:
        """Return the step that wrote the byte at that offset of a stream; None if unknown."""
        return self._merger.author(stream, offset)

    # Running it

    def start(
        self, warm: Warm, record: Path | None, breakpoints: list[tuple[str, int]], *, paused: bool
    ) -> None:
        """Start the child process; a sentence on a failure to do so becomes `problem`.

        A program that isn't recorded can't be stepped either: it just runs.
        """
        planned, recorded = self.planned, record is not None
        paused = paused and recorded
        stepping = recorded and (paused or bool(breakpoints))
        level = Level.SWITCHES if planned.timed and not stepping else Level.LINES
        launch = Launch(
            planned.target,
            planned.arguments,
            level if recorded else Level.OFF,
            record,
            planned.main_name,
            control=recorded,
            # Breakpoints have to be there before the first line: the program waits for them.
            paused=stepping,
            line_buffered=True,
        )
        self._path = record
        try:
            self._child = child = warm.start(launch)
        except StartError as error:
            self.problem, self.state = str(error), ProgramState.ENDED
            return
        self.started = time.monotonic()
        self.state = ProgramState.PAUSED if paused else ProgramState.STARTING
        self._listen(child)
        if not recorded:
            self.state = ProgramState.RUNNING
        if stepping and breakpoints:
            self._steering.set_breakpoints(breakpoints)
            if not paused:
                self._steering.go_on()

    def open(self, recording: Recording) -> None:
        """Show a finished recording."""
        self._adopt(recording)
        self.state = ProgramState.ENDED
        try:
            self.ending = recording.ending
        except RecordingError as error:
            self.problem = str(error)

    def tick(self, patience: float) -> bool:
        """Take in news, for about `patience` seconds; return True if there were any."""
        self._look_at_recording()
        surveyed = self.survey is not None and self.survey.go_on(patience)
        if self.survey is not None and self.survey.damage:
            self.problem = self.problem or self.survey.damage
        if self._child is not None:
            self._look_at_child(self._child)
        over = self._child is None
        self._merger.settle(behind=self.survey is not None and self.survey.behind, over=over)
        before = self._visible
        input_wishes = self.wants_input, self.awaits_input
        self._visible = (self.last, self.state, *input_wishes, self.problem)
        return surveyed or self._visible != before

    def _adopt(self, recording: Recording) -> None:
        self.recording = recording
        self.survey = Survey(recording, self._wrote)
        self.switches = Switches(recording)

    def _wrote(self, step: int, verb: int, data: bytes) -> None:
        stream = _STREAMS[verb]
        if self._path is None:  # Only a recording is there: it is what was printed.
            self._merger.show(step, stream, data)
        else:
            self._merger.wrote(step, stream, data)

    def _look_at_recording(self) -> None:
        if self.recording is None:
            self._find_recording()
        elif self._child is not None:
            self.recording.refresh()

    def _go_on_unsteered(self) -> None:
        """Note that the channel is gone: the program has closed its descriptors, say."""
        self._look_at_recording()
        self.state = ProgramState.RUNNING
        self.problem = self.problem or HUNG_UP

    def _find_recording(self) -> None:
        if self._path is None:
            return
        try:
            recording = Recording(self._path)
        except RecordingError as error:
            if why_unrecorded(self._path):
                self.problem = f"{error}. {ELSEWHERE}."
            elif self.ending is not None and self.ending.kind is EndingKind.EXIT:
                self.problem = self.problem or str(error)
            return
        self._adopt(recording)
        if self.state is ProgramState.STARTING:
            self.state = ProgramState.RUNNING

    def _look_at_child(self, child: Child) -> None:
        self._feed()
        if child.poll() is not None and (self._takedown is None or self._takedown.done()):
            self._over(child)
        elif self._takedown is not None:
            self._takedown.done()
        elif self._steering.hung_up:
            self._go_on_unsteered()
        elif self.state is ProgramState.RUNNING and not self.planned.service:
            self._look_for_input(child)
        else:
            self.wants_input = self.awaits_input = False

    def _look_for_input(self, child: Child) -> None:
        hungry = self._feeder is not None and self._feeder.hungry
        now = time.monotonic()
        if hungry and not self.awaits_input and now - self._looked_for_input >= _LOOK_EVERY:
            self._looked_for_input = now
            waits = waits_for_input(child.pid)
            self.awaits_input = self.planned.reads_input if waits is None else waits
        self.wants_input = hungry and (self.planned.reads_input or self.awaits_input)

    def _over(self, child: Child) -> None:
        if self._pipes is not None:
            self._pipes.read_rest()
        self._steering.end(hear_last=True)
        if self._path is None:
            self._seconds = time.monotonic() - self.started
        self.ending = child.finish()
        self._child = self._feeder = self._takedown = None
        self.wants_input = self.awaits_input = False
        self.state = ProgramState.ENDED
        self._look_at_recording()
        if self.recording is not None:
            self.recording.refresh()

    # Its pipes

    def _listen(self, child: Child) -> None:
        self._pipes = Pipes(child, self._came, self._let_flow)
        if child.stdin is not None:
            self._feeder = Feeder(child.stdin)
        self._steering.listen(child.control)

    def _came(self, stream: Stream, data: bytes) -> None:
        self._first_words |= not self.has_spoken
        self.has_spoken = True
        self.has_printed = self.has_printed or stream is Stream.OUT
        self._merger.came(stream, data)

    def _let_flow(self, all_read: bool) -> None:
        """Show what has come, as far as its place is known."""
        self._merger.flow(all_read=all_read)
        if self._first_words:
            self._first_words = False
            self.spoke()

    def _feed(self) -> None:
        if self._feeder is not None and self._feeder.outputs():
            self._feeder.write()

    # Steering it

    @property
    def steerable(self) -> bool:
        """True while the program can be paused and stepped."""
        return self._steering.is_open

    def step(self, to_switch: bool = False, coroutine: int | None = None) -> None:
        """Let the program go on to its next line, or switch, and no further."""
        no_lines = self.recording is not None and self.recording.notes.lines_until is not None
        self._steering.step("switch" if to_switch or no_lines else "line", coroutine)

    def go_on(self) -> None:
        """Let the program run."""
        self._steering.go_on()

    def pause(self) -> None:
        """Stop the program at its next step."""
        self._steering.pause()

    def run_to(self, file: str, line: int) -> None:
        """Let the program run until it comes to that line."""
        self._steering.run_to(file, line)

    def breakpoints(self, at: list[tuple[str, int]]) -> None:
        """Stop the program at these lines from now on, and at no others."""
        self._steering.set_breakpoints(at)

    def _reported(self, state: ProgramState) -> None:
        if state is ProgramState.PAUSED:
            self._look_at_recording()
        elif self.state is ProgramState.ENDED:
            return
        self.state = state

    def _broken(self, problem: str) -> None:
        self.problem = problem

    # Its input and its end

    def type(self, text: str) -> None:
        """Send a line that the person typed, and show it as a terminal does."""
        if self._feeder is None:
            return
        data = (text + "\n").encode()
        self.output.append(Stream.TYPED, data)
        self._feeder.add(data)
        self._feed()

    def end_input(self) -> None:
        """Tell the program that no more input will come."""
        if self._feeder is not None and self._feeder.hungry:
            self._feeder.add(b"")
            self._feed()
        self.wants_input = False

    def interrupt(self) -> None:
        """Interrupt the program as Ctrl-C in a terminal of its own would."""
        if self._child is not None:
            self._child.interrupt()

    def stop(self) -> None:
        """Begin to end the program and every process that it started."""
        if self._child is not None and self._takedown is None:
            self._takedown = self._child.takedown()

    def kill(self, grace: float) -> None:
        """End the program and every process that it started, within `grace` seconds."""
        if self._child is None:
            return
        if self._pipes is not None:
            self._pipes.close()
        self._steering.end(hear_last=False)
        self.ending = self._child.stop(grace=grace)
        self._child = self._feeder = None
        self.state = ProgramState.ENDED

    def close(self) -> None:
        """Close the recording's files."""
        if self.recording is not None:
            self.recording.close()
