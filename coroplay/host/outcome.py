"""The end of a run, as the command line needs to know it."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coroplay.host.schedule import has_failed

if TYPE_CHECKING:
    from coroplay.trace.ending import Ending

TIMED_OUT = 124
"""The exit status of a run that was ended because its time was up, as `timeout` has it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one program."""

    ending: Ending
    seconds: float
    """From its start to its end, by the host's clock."""
    stopped: bool = False
    """True if the host ended it."""
    unkept: OSError | None = None
    """The error for which its ending could not be written into its recording."""

    @property
    def status(self) -> int:
        """Its exit status as a shell shows it."""
        return self.ending.status

    @property
    def failed(self) -> bool:
        """True if it ended by itself, and with a failure."""
        return has_failed(self.status, stopped=self.stopped)


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run of one or several programs."""

    outcomes: tuple[Outcome | None, ...]
    """In the order of the programs; None for one that was cancelled."""
    timed_out: bool = False
    ended_by: signal.Signals | None = None
    """The signal that ended the run: the programs died of it, or somebody insisted by it."""
    asked: signal.Signals | None = None
    """The signal by which the run was told to end, whatever its programs have made of it."""
    interrupted: bool = False
    """True if Ctrl-C was pressed meanwhile."""
    reader_gone: bool = False
    """True if the run was ended because nobody reads the host's own output any more."""

    @property
    def status(self) -> int:
        """The exit status of the whole: the first program that failed decides."""
        if self.timed_out:
            return TIMED_OUT
        if self.ended_by is not None:
            return 128 + self.ended_by
        if self.reader_gone:
            return 128 + signal.SIGPIPE
        failed = (outcome for outcome in self.outcomes if outcome and outcome.failed)
        return next((outcome.status for outcome in failed), 0)
