"""The run on the screen: begun, followed and ended, with the breakpoints for the next one."""

from __future__ import annotations

import gc
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Final

from coroplay import pythons
from coroplay.host.plan import Plan, plan_script
from coroplay.host.warm import Warm
from coroplay.lessons import Lesson
from coroplay.planning import Values, plan_lesson
from coroplay.trace import Recording, RecordingError
from coroplay.tui.runs.playhead import Playhead
from coroplay.tui.runs.records import Records
from coroplay.tui.runs.session import Session, explain_untested
from coroplay.tui.runs.steering import ProgramState

QUICK: Final = 0.3
"""Seconds between asking and forcing, where a person waits for the next thing."""
_RESTING: Final = (ProgramState.PAUSED, ProgramState.ENDED, ProgramState.CANCELLED)

SourceLine = tuple[str, int]
"""File and line."""


class RunError(Exception):
    """A run can't be begun; the message is a sentence for the person."""


class Runs:
    """The run on the screen, and the breakpoints, which later runs get too."""

    def __init__(self, speed: int) -> None:
        self.session: Session | None = None
        self.playhead: Playhead | None = None
        self.breakpoints: list[SourceLine] = []
        self._past: list[Session] = []
        self._speed = speed
        self._again: Callable[[], Plan] | None = None
        self._streaming = False
        self._warm = Warm()
        self._records = Records()
        self._remark = explain_untested(pythons.untested())
        """A sentence for the first run only: it holds for all runs."""

    @property
    def speed(self) -> int:
        """The index of the speed at which steps are played."""
        return self.playhead.speed if self.playhead else self._speed

    def run_lesson(
        self, lesson: Lesson, values: Values, program: str | None, *, paused: bool
    ) -> Session:
        """Run a lesson. Raises RunError."""
        names = [program] if program else []
        return self.begin(lambda: plan_lesson(lesson, values, names), paused=paused)

    def run_script(self, path: Path, arguments: str, *, paused: bool) -> Session:
        """Run the person's own script. Raises RunError."""
        try:
            words = tuple(shlex.split(arguments))
        except ValueError as error:
            raise RunError(f"the arguments can't be taken apart: {error}") from None
        return self.begin(lambda: plan_script(os.fspath(path), words), paused=paused)

    def begin(self, make: Callable[[], Plan], *, paused: bool) -> Session:
        """Make a plan and run it, in place of the run before. Raises RunError."""
        try:
            plan = make()
        except OSError as error:
            raise RunError(f"no free port could be found: {error.strerror}") from None
        _check_files(plan)
        self.end()
        self._again = make
        self._put(Session(plan, self._records, self._warm), following=not paused)
        assert self.session is not None
        self.session.remark, self._remark = self._remark, ""
        self.session.start(self.breakpoints, paused=paused)
        return self.session

    def again(self, *, paused: bool = False) -> Session | None:
        """Repeat the last run; None if there was none. Raises RunError."""
        return None if self._again is None else self.begin(self._again, paused=paused)

    def open_recording(self, recording: Recording) -> Session:
        """Put a recording in place of the run before."""
        return self.open_session(Session.of_recording(recording))

    def open_session(self, session: Session) -> Session:
        """Put recorded programs in place of the run before."""
        self.end()
        self._again = None
        self._put(session, following=False)
        assert self.playhead is not None
        self.playhead.go_to(0)
        return session

    def tick(self) -> bool:
        """Take in news of the run; return True if there were any."""
        if self._at_rest:
            self._rest()
        if self.session is None or self.playhead is None:
            return False
        changed = self.session.tick()
        moved = self.playhead.tick()
        self._hold_garbage()
        return changed or moved

    @property
    def _at_rest(self) -> bool:
        """True if no program runs that a child process being loaded would slow down."""
        programs = [] if self.session is None else self.session.programs
        return all(program.state in _RESTING for program in programs)

    def cursors(self) -> dict[int, int | None]:
        """Return, by index of a program, the step after which output is dimmed, if any."""
        session, playhead = self.session, self.playhead
        if session is None or playhead is None:
            return {}
        if playhead.following or playhead.at_end:
            return {}
        return {session.current: playhead.cursor}

    def toggle_breakpoint(self, file: str, line: int) -> bool:
        """Set or clear a breakpoint; return True if it is set now."""
        place = (file, line)
        is_new = place not in self.breakpoints
        if is_new:
            self.breakpoints.append(place)
        else:
            self.breakpoints.remove(place)
        if self.session is not None:
            self.session.breakpoints(list(self.breakpoints))
        return is_new

    def end(self) -> None:
        """End the run and its processes; panes may still show it."""
        if self.session is not None:
            self.session.kill(QUICK)
            self._past.append(self.session)
        if self.playhead is not None:
            self._speed = self.playhead.speed
        self.session = self.playhead = None

    def close_past(self) -> None:
        """Close the earlier runs: no pane shows them any more."""
        while self._past:
            self._past.pop().close()

    def close(self) -> None:
        """End everything, for good."""
        self.end()
        self.close_past()
        self._warm.close()
        self._records.close()

    def _put(self, session: Session, *, following: bool) -> None:
        self.session = session
        self.playhead = Playhead(session, self._speed, following=following)

    def _rest(self) -> None:
        """Do the work that would take time from a running program."""
        self._warm.prepare()
        self._records.tidy()

    def _hold_garbage(self) -> None:
        """Hold garbage collection back while output streams in: keys would wait for it."""
        assert self.session is not None
        running = any(program.state is ProgramState.RUNNING for program in self.session.programs)
        if running and not self._streaming:
            gc.disable()
        elif self._streaming and not running:
            gc.enable()
        self._streaming = running


def current_place(playhead: Playhead) -> SourceLine | None:
    """Return the line that runs at the cursor, if there is one."""
    recording = playhead.session.program.recording
    if recording is None or not 0 <= playhead.cursor < len(recording):
        return None
    try:
        state = recording.state(playhead.cursor)
        place = state.of(recording.coroutine_at(playhead.cursor)).place
    except RecordingError:
        return None  # The panes say what is wrong with the recording.
    return None if place is None else (place.file, place.line)


def _check_files(plan: Plan) -> None:
    for program in plan.programs:
        path = Path(getattr(program.target, "path", "."))
        if not path.exists():
            raise RunError(f"{path} is not there any more; o opens another script")
        if path.is_dir():
            raise RunError(f"{path} is a folder; o opens a script")
