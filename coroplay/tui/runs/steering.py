"""A program's control channel: requests go out, reports of pauses come in."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Callable
from typing import Final, Literal

from coroplay.host.control import Control, ControlError, Paused, Resumed

HUNG_UP: Final = (
    "The program has closed its control channel. It goes on, but it can't be paused or stepped"
    " any more; r runs it again."
)
_PARTING: Final = 0.3
"""Seconds for which a program that is ending may live on after its control channel is gone."""


class ProgramState(enum.Enum):
    """The states of a program of a run; each value is shown to people."""

    READY = "not started"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"
    CANCELLED = "did not run"


class Steering:
    """The requests that can be made of one program; while it has no channel, none has an effect."""

    def __init__(
        self, reported: Callable[[ProgramState], None], failed: Callable[[str], None]
    ) -> None:
        """`reported` gets the state of each report, `failed` a sentence on a broken channel."""
        self._reported = reported
        self._failed = failed
        self._control: Control | None = None
        self._silent_since = 0.0
        """The monotonic time at which the program's end of the channel was gone; 0 before."""

    @property
    def is_open(self) -> bool:
        """True while requests reach the program."""
        return self._control is not None and not self._control.closed

    @property
    def hung_up(self) -> bool:
        """True once the program's end of the channel is gone and the program seems to go on."""
        return bool(self._silent_since) and time.monotonic() > self._silent_since + _PARTING

    # Requests

    def step(self, to: Literal["line", "switch"], coroutine: int | None = None) -> None:
        """Let the program go on to its next line or switch, and no further."""
        self._request(lambda control: control.step(to, coroutine))

    def go_on(self) -> None:
        """Let the program run."""
        self._request(Control.run)

    def pause(self) -> None:
        """Stop the program at its next step."""
        self._request(Control.pause)

    def run_to(self, file: str, line: int) -> None:
        """Let the program run until it comes to that line."""
        self._request(lambda control: control.until(file, line))

    def set_breakpoints(self, places: list[tuple[str, int]]) -> None:
        """Stop the program at these lines from now on, and at no others."""
        self._request(lambda control: control.breakpoints(places))

    def _request(self, request: Callable[[Control], object]) -> None:
        if self._control is None:
            return
        try:
            request(self._control)
        except ControlError as error:
            self._failed(str(error))

    # Reports

    def listen(self, control: Control | None) -> None:
        """Use that channel, and hear its reports as they come."""
        self._control = control
        if control is not None:
            asyncio.get_running_loop().add_reader(control.fileno(), self._hear)

    def end(self, *, hear_last: bool) -> None:
        """Give the channel up, after its last reports or at once."""
        if hear_last:
            self._hear()
        self._stop_hearing()
        self._control = None

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
            self._failed(str(error))
            self._stop_hearing()
            return
        if self._control.closed:
            self._stop_hearing()
            self._silent_since = time.monotonic()
        for report in reports:
            if isinstance(report, Paused):
                self._reported(ProgramState.PAUSED)
            elif isinstance(report, Resumed):
                self._reported(ProgramState.RUNNING)
