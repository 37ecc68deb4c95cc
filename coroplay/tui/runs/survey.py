"""A recording's switches and output, gathered a little at a time while it grows."""

from __future__ import annotations

import time
from array import array
from bisect import bisect_right
from collections.abc import Callable
from typing import Final

from coroplay.trace import Recording, RecordingError
from coroplay.trace.layout import FIRST_SWITCH, Verb
from coroplay.trace.view.rows import rows

_OUTPUTS: Final = frozenset({int(Verb.STDOUT), int(Verb.STDERR)})
_AT_A_TIME: Final = 128


class Survey:
    """The switches of a recording, as far as it has been gone through."""

    def __init__(self, recording: Recording, wrote: Callable[[int, int, bytes], None]) -> None:
        """`wrote` gets each step of output: its number, its verb, and the bytes."""
        self._recording = recording
        self._wrote = wrote
        self._switches = array("L")
        self._unfinished: tuple[int, int, int, int] | None = None
        """The last step of output, which may still grow: its number, its verb, the reference of its
        detail, and the number of its bytes so far."""
        self.upto = 0
        """Number of steps that have been gone through."""
        self.damage = ""
        """A sentence on why some of the output can't be shown; empty if all can."""

    @property
    def behind(self) -> bool:
        """True while there are steps to go through."""
        return self.upto < len(self._recording)

    @property
    def switches(self) -> int:
        """Number of switches so far."""
        return len(self._switches)

    def switches_until(self, cursor: int) -> int:
        """Return the number of switches up to and with that step."""
        return bisect_right(self._switches, cursor)

    def go_on(self, seconds: float) -> bool:
        """Go through more steps for about that time; return True if there were any."""
        started_at = self.upto
        self._look_once_more()
        until = time.perf_counter() + seconds
        while self.behind and time.perf_counter() < until:
            self._look_once_more()
            stop = min(self.upto + _AT_A_TIME, len(self._recording))
            for step, row in enumerate(rows(self._recording, self.upto, stop), self.upto):
                self._see(step, row[1], row[3])
            self.upto = stop
        return self.upto > started_at

    def _see(self, step: int, verb: int, reference: int) -> None:
        if verb >= FIRST_SWITCH:
            self._switches.append(step)
        elif verb in _OUTPUTS:
            try:
                output = self._recording.reader.output(reference)
            except RecordingError as error:
                self.damage = self.damage or str(error)
                return
            self._wrote(step, verb, output)
            if step + 1 == len(self._recording) and not output.endswith(b"\n"):
                self._unfinished = (step, verb, reference, len(output))

    def _look_once_more(self) -> None:
        """Take in what the last step of output has grown by, and forget it if it can't any more."""
        if self._unfinished is None:
            return
        step, verb, reference, size = self._unfinished
        is_last = step + 1 == len(self._recording)
        self._unfinished = None
        try:
            more = self._recording.reader.output(reference)[size:]
        except RecordingError as error:
            self.damage = self.damage or str(error)
            return
        if more:
            self._wrote(step, verb, more)
        if is_last and not more.endswith(b"\n"):
            self._unfinished = (step, verb, reference, size + len(more))
