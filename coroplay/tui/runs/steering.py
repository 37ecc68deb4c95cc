"""Steering a program that runs: letting it go on, having it stand still."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Callable
from typing import Final

from coroplay.host.control import Control, ControlError, Paused, Resumed
from coroplay.trace import Recording

HUNG_UP: Final = (
    "The program has closed its control channel. It goes on, but it can't be paused or stepped"
    " any more; r runs it again."
)
_PARTING: Final = 0.3
"""Seconds for which a program that is ending may live on after its control channel is gone."""


class State(enum.Enum):
    """How a program of a run stands."""

    READY = "not started"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class Steered:
    """What can be asked of a program through its control channel; without one, nothing happens."""

    def __init__(self) -> None:
        self.state = State.READY
        self.problem = ""
        """What went wrong with running it, as a sentence."""
        self.recording: Recording | None = None
        self._control: Control | None = None
        self._silent_since = 0.0
        """When the program's end of the channel was gone, by the monotonic clock."""

    @property
    def steerable(self) -> bool:
        """Whether it can be asked for anything."""
        return self._control is not None and not self._control.closed

    @property
    def hung_up(self) -> bool:
        """Whether the program's end of the channel is gone, and the program seems to go on."""
        return bool(self._silent_since) and time.monotonic() > self._silent_since + _PARTING

    def step(self, to_switch: bool = False, coroutine: int | None = None) -> None:
        """Let it go on to its next line, or switch, and no further."""
        no_lines = self.recording is not None and self.recording.notes.lines_until is not None
        self._steer(lambda c: c.step("switch" if to_switch or no_lines else "line", coroutine))

    def go_on(self) -> None:
        """Let it run."""
        self._steer(Control.run)

    def pause(self) -> None:
        """Have it stand still at its next step."""
        self._steer(Control.pause)

    def run_to(self, file: str, line: int) -> None:
        """Let it run until it comes to that line."""
        self._steer(lambda control: control.until(file, line))

    def breakpoints(self, at: list[tuple[str, int]]) -> None:
        """Where it is to stand still from now on."""
        self._steer(lambda control: control.breakpoints(at))

    def _listen_to(self, control: Control | None) -> None:
        self._control = control
        if control is not None:
            asyncio.get_running_loop().add_reader(control.fileno(), self._hear)

    def _stop_hearing(self) -> None:
        self._silent_since = 0.0
        if self._control is not None and self._control.fileno() >= 0:
            asyncio.get_running_loop().remove_reader(self._control.fileno())

    def _hear(self) -> None:
        if self._control is None:
            return
        try:
            reports = self._control.read()
        except ControlError as error:
            self.problem = str(error)
            self._stop_hearing()
            return
        if self._control.closed:
            self._stop_hearing()
            self._silent_since = time.monotonic()
        for report in reports:
            if isinstance(report, Paused):
                self._look_at_recording()
                self._note_time()
                self.state = State.PAUSED
            elif isinstance(report, Resumed) and self.state is not State.ENDED:
                self._note_time()
                self.state = State.RUNNING

    def _look_at_recording(self) -> None:
        """See what has been recorded by now."""
        raise NotImplementedError

    def _note_time(self) -> None:
        """Remember when the last step was seen."""
        raise NotImplementedError

    def _steer(self, request: Callable[[Control], object]) -> None:
        if self._control is None or self.state is State.ENDED:
            return
        try:
            request(self._control)
        except ControlError as error:
            self.problem = str(error)
