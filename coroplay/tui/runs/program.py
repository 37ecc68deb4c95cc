"""One program of a run: its child process, what it prints, and its recording as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from coroplay.host.child import Child
from coroplay.host.feeder import Feeder
from coroplay.host.launch import Launch, Level
from coroplay.host.process import StartError
from coroplay.host.shelf import ELSEWHERE
from coroplay.host.tree import Takedown
from coroplay.host.warm import Warm
from coroplay.trace import Ending, EndingKind, Recording, RecordingError
from coroplay.trace.layout import Verb
from coroplay.trace.meta import unrecorded
from coroplay.trace.view import Switches
from coroplay.tui.runs.authors import Authors
from coroplay.tui.runs.buffer import Buffer, Stream
from coroplay.tui.runs.pipes import Pipes
from coroplay.tui.runs.plan import Part
from coroplay.tui.runs.steering import HUNG_UP, State, Steered
from coroplay.tui.runs.survey import Survey
from coroplay.tui.runs.waiting import waits_for_input

_STREAMS: Final = {int(Verb.STDOUT): Stream.OUT, int(Verb.STDERR): Stream.ERROR}
_LOOK_FOR_INPUT_EVERY: Final = 0.2


class Running(Steered):
    """A program that is run, or was, or whose recording is looked at."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.part = part
        self.ending: Ending | None = None
        self.survey: Survey | None = None
        self.switches: Switches | None = None
        self.output = Buffer()
        self.authors = {stream: Authors() for stream in (Stream.OUT, Stream.ERROR)}
        self.wants_input = False
        self.has_spoken = False
        self.spoke: Callable[[], None] = lambda: None
        """Called when its first words have come: those are waited for."""
        self.started = 0.0
        """When its child was started, by the monotonic clock."""
        self._path: Path | None = None
        self._child: Child | None = None
        self._feeder: Feeder | None = None
        self._takedown: Takedown | None = None
        self._pipes: Pipes | None = None
        self._told = (-1, self.state, False, "")
        """What there was to see at the last tick."""
        self._seen = (0, 0.0)
        """The last step's time, and the monotonic clock when it was first seen."""
        self._looked_for_input = 0.0

    # What there is to see

    @property
    def alive(self) -> bool:
        """Whether its child is there, or being ended."""
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """The process id of its child, while that is there."""
        return None if self._child is None else self._child.pid

    @property
    def elapsed(self) -> float:
        """Seconds of the program's own time: it ticks while it runs and stands still with it."""
        ns, since = self._seen
        going_on = time.monotonic() - since if self.state is State.RUNNING and since else 0.0
        return ns / 1e9 + going_on

    @property
    def last(self) -> int:
        """The last step there is; -1 if there is none yet."""
        return len(self.recording) - 1 if self.recording is not None else -1

    def author(self, stream: Stream, offset: int) -> int | None:
        """The step that wrote the byte at that offset of a stream; None if that isn't known."""
        authors = self.authors.get(stream)
        return None if authors is None else authors.step(offset)

    # Running it

    def start(
        self, warm: Warm, record: Path | None, breakpoints: list[tuple[str, int]], *, paused: bool
    ) -> None:
        """Start the child; what stands in the way becomes its problem.

        One that isn't recorded can't be stepped either: it just runs.
        """
        part, recorded = self.part, record is not None
        paused = paused and recorded
        stepping = recorded and (paused or bool(breakpoints))
        level = Level.SWITCHES if part.timed and not stepping else Level.LINES
        launch = Launch(
            part.target,
            part.arguments,
            level if recorded else Level.OFF,
            record,
            part.main_name,
            control=recorded,
            # Breakpoints have to be there before the first line: it waits until they are.
            paused=stepping,
            line_buffered=True,
        )
        self._path = record
        try:
            self._child = child = warm.start(launch)
        except StartError as error:
            self.problem, self.state = str(error), State.ENDED
            return
        self.started = time.monotonic()
        self.state = State.PAUSED if paused else State.STARTING
        self._listen(child)
        if not recorded:
            self.state, self._seen = State.RUNNING, (0, self.started)
        if stepping and breakpoints:
            self.breakpoints(breakpoints)
            if not paused:
                self.go_on()

    def open(self, recording: Recording) -> None:
        """Look at a recording that is there."""
        self._adopt(recording)
        self.state = State.ENDED
        try:
            self.ending = recording.ending
        except RecordingError as error:
            self.problem = str(error)

    def tick(self, patience: float) -> bool:
        """Look for what has happened, for about so many seconds; whether anything has."""
        self._look_at_recording()
        surveyed = self.survey is not None and self.survey.go_on(patience)
        if self.survey is not None and self.survey.damage:
            self.problem = self.problem or self.survey.damage
        if self._child is not None:
            self._look_at_child(self._child)
        before, self._told = self._told, (self.last, self.state, self.wants_input, self.problem)
        return surveyed or self._told != before

    def _adopt(self, recording: Recording) -> None:
        self.recording = recording
        self.survey = Survey(recording, self._wrote)
        self.switches = Switches(recording)
        self._note_time()

    def _wrote(self, step: int, verb: int, data: bytes) -> None:
        stream = _STREAMS[verb]
        if self._path is None:  # Only a recording is there: it is what was printed.
            self.output.append(stream, data)
            self.authors[stream].came(data)
        self.authors[stream].wrote(step, data)

    def _look_at_recording(self) -> None:
        if self.recording is None:
            self._find_recording()
        elif self._child is not None:
            before = self.last
            self.recording.refresh()
            if self.last != before:
                self._note_time()

    def _go_on_unsteered(self) -> None:
        """Nothing is heard of it any more: it has closed its descriptors, say."""
        self._look_at_recording()
        self.state = State.RUNNING
        self.problem = self.problem or HUNG_UP

    def _find_recording(self) -> None:
        if self._path is None:
            return
        try:
            recording = Recording(self._path)
        except RecordingError as error:
            if unrecorded(self._path):
                self.problem = f"{error}. {ELSEWHERE}."
            elif self.ending is not None and self.ending.kind is EndingKind.EXIT:
                self.problem = self.problem or str(error)
            return
        self._adopt(recording)
        if self.state is State.STARTING:
            self.state = State.RUNNING

    def _note_time(self) -> None:
        if self.recording is not None:
            self._seen = (self.recording.elapsed_ns, time.monotonic())

    def _look_at_child(self, child: Child) -> None:
        self._feed()
        if child.poll() is not None and (self._takedown is None or self._takedown.done()):
            self._over(child)
        elif self._takedown is not None:
            self._takedown.done()
        elif self.hung_up:
            self._go_on_unsteered()
        elif self.state is State.RUNNING and not self.part.service:
            self._look_for_input(child)

    def _look_for_input(self, child: Child) -> None:
        if self.part.reads_input:
            self.wants_input = self._feeder is not None and self._feeder.hungry
            return
        now = time.monotonic()
        if now - self._looked_for_input >= _LOOK_FOR_INPUT_EVERY:
            self._looked_for_input = now
            if waits_for_input(child.pid):
                self.wants_input = self._feeder is not None and self._feeder.hungry

    def _over(self, child: Child) -> None:
        if self._pipes is not None:
            self._pipes.take_the_last()
        self._hear()
        self._stop_hearing()
        if self._path is None:
            self._seen = (int(self.elapsed * 1e9), time.monotonic())
        self.ending = child.finish()
        self._child = self._control = self._feeder = self._takedown = None
        self.wants_input = False
        self.state = State.ENDED
        self._look_at_recording()
        if self.recording is not None:
            self.recording.refresh()
            self._note_time()

    # Its pipes

    def _listen(self, child: Child) -> None:
        self._pipes = Pipes(child, self._came)
        if child.stdin is not None:
            self._feeder = Feeder(child.stdin)
        self._listen_to(child.control)

    def _came(self, stream: Stream, data: bytes) -> None:
        first_words, self.has_spoken = not self.has_spoken, True
        self.output.append(stream, data)
        self.authors[stream].came(data)
        if first_words:
            self.spoke()

    def _feed(self) -> None:
        if self._feeder is not None and self._feeder.outputs():
            self._feeder.write()

    # Steering it

    def type(self, text: str) -> None:
        """Hand on a line that the person typed, and show it as a terminal does."""
        if self._feeder is None:
            return
        data = (text + "\n").encode()
        self.output.append(Stream.TYPED, data)
        self._feeder.add(data)
        self._feed()

    def end_input(self) -> None:
        """Tell the program that no more input comes."""
        if self._feeder is not None and self._feeder.hungry:
            self._feeder.add(b"")
            self._feed()
        self.wants_input = False

    def interrupt(self) -> None:
        """What Ctrl-C in a terminal of its own would do."""
        if self._child is not None:
            self._child.interrupt()

    def stop(self) -> None:
        """Begin to end it and all that it started."""
        if self._child is not None and self._takedown is None:
            self._takedown = self._child.takedown()

    def kill(self, grace: float) -> None:
        """End it and all that it started now, within so many seconds."""
        if self._child is None:
            return
        if self._pipes is not None:
            self._pipes.let_go()
        self._stop_hearing()
        self.ending = self._child.stop(grace=grace)
        self._child = self._control = self._feeder = None
        self.state = State.ENDED

    def close(self) -> None:
        """Let go of the recording's files."""
        if self.recording is not None:
            self.recording.close()
