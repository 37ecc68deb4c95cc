"""Signals to the host handed on to its programs, as if each of them had been sent to them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from coroplay.host.signals import Heard, Signals, stop_by

if TYPE_CHECKING:
    from coroplay.host.child import Child

_ENDING: Final = frozenset({signal.SIGTERM, signal.SIGHUP})
"""Signals that tell a program to end, if it does not make something else of them."""
_INSISTING: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_INSISTS_WITHIN: Final = 1.0
"""Seconds within which a second signal says that the programs are to end at once."""


class Relay:
    """Hands signals on, once each: those that the programs have not got themselves.

    What a terminal sends goes to all processes of its group, and so to the programs too. A program
    that is told to end may take its time, unless somebody insists.
    """

    def __init__(self, signals: Signals, grace: float | None = None) -> None:
        """`grace` is the time in seconds after which a SIGTERM insists by itself."""
        self._signals = signals
        self._grace = grace
        self._last = -_INSISTS_WITHIN
        """The time of the last signal by which somebody may begin to insist."""
        self._deadline: float | None = None
        self.interrupted = False
        """True once Ctrl-C was pressed, or the same signal sent."""
        self.asked: signal.Signals | None = None
        """The signal by which the programs were told to end, whatever they make of it."""
        self._insisted: signal.Signals | None = None

    def pass_on(self, children: Collection[Child]) -> None:
        """Hand on what has come since the last call; stop while all of the programs are stopped."""
        for heard in self._signals.read():
            if heard.number == signal.SIGCHLD:
                _stop_with(children)
            else:
                self._take_note(heard.number)
                self._hand_on(heard, children)

    @property
    def insisted(self) -> signal.Signals | None:
        """The signal by which somebody insists that the programs end now; None if nobody does."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._insisted = self._insisted or self.asked
        return self._insisted

    def patience(self) -> float | None:
        """Return the seconds after which to look again whether somebody insists."""
        if self._deadline is None or self.insisted is not None:
            return None
        return max(0.0, self._deadline - time.monotonic())

    def ended(self, status: int) -> signal.Signals | None:
        """Return the signal that ended a run, by force or by what it does to most programs."""
        died = self.asked is not None and status == 128 + self.asked
        return self.insisted or (self.asked if died else None)

    def _take_note(self, number: int) -> None:
        now = time.monotonic()
        self.interrupted = self.interrupted or number == signal.SIGINT
        if number in _ENDING:
            self.asked = signal.Signals(number)
        if number in _INSISTING:
            if now - self._last < _INSISTS_WITHIN:
                self._insisted = signal.Signals(number)
            self._last = now
        if number == signal.SIGTERM and self._grace is not None and self._deadline is None:
            self._deadline = now + self._grace

    def _hand_on(self, heard: Heard, children: Collection[Child]) -> None:
        for child in children:
            # A shell continues a whole group, and says so to each process in it.
            goes_on = heard.number == signal.SIGCONT and _state(child, os.WCONTINUED)
            if heard.by_process and not goes_on:
                child.send(heard.number)


def _stop_with(children: Collection[Child]) -> None:
    """Stop the host if its programs have been stopped, as whoever started them expects."""
    stops = [_state(child, os.WSTOPPED | os.WNOWAIT) for child in children]
    if stops and None not in stops:
        stop_by(stops[-1] or signal.SIGSTOP)


def _state(child: Child, state: int) -> int | None:
    """Return the signal by which a child has got into a state; None if it hasn't."""
    if not hasattr(os, "waitid") or child.ending is not None:  # macOS has none before Python 3.13.
        return None
    try:
        found = os.waitid(os.P_PID, child.pid, state | os.WNOHANG)
    except ChildProcessError:
        return None
    return None if found is None else found.si_status
