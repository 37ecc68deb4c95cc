"""How a run came to its end, as the command line needs to know it."""

from __future__ import annotations

import signal
from dataclasses import dataclass

TIMED_OUT = 124
"""The exit status of a run that was ended because its time was up, as `timeout` has it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one program ended."""

    status: int
    """Its exit status as a shell shows it."""
    seconds: float
    """From its start to its end, by the host's clock."""
    stopped: bool = False
    """Whether the host ended it."""
    pipe_closed: bool = False
    """Whether the reader of its output went away before."""
    unkept: OSError | None = None
    """Why how it ended could not be written into its recording."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a run of one or several programs ended."""

    outcomes: tuple[Outcome | None, ...]
    """In the order of the programs; None for one whose turn never came."""
    timed_out: bool = False
    ended_by: signal.Signals | None = None
    """The signal that told the host to end the run."""
    interrupted: bool = False
    """Whether Ctrl-C was pressed meanwhile."""
    reader_gone: bool = False
    """Whether it was ended because nobody reads the host's own output any more."""

    @property
    def status(self) -> int:
        """The exit status of the whole: the first program that failed decides."""
        if self.timed_out:
            return TIMED_OUT
        if self.ended_by is not None:
            return 128 + self.ended_by
        if self.reader_gone:
            return 128 + signal.SIGPIPE
        ended = (outcome for outcome in self.outcomes if outcome and not outcome.stopped)
        return next((outcome.status for outcome in ended if outcome.status), 0)
