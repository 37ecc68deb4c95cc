"""Steering a program that runs: letting it go on, having it stand still."""

from __future__ import annotations

import enum
from collections.abc import Callable

from coroplay.host.control import Control, ControlError
from coroplay.trace import Recording


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

    def _steer(self, request: Callable[[Control], object]) -> None:
        if self._control is None or self.state is State.ENDED:
            return
        try:
            request(self._control)
        except ControlError as error:
            self.problem = str(error)
