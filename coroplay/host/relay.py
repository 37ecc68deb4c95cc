"""Signals to the host handed on to its programs, as if each of them had been sent to them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from coroplay.host.child import GRACE
from coroplay.host.signals import Heard, Signals

if TYPE_CHECKING:
    from coroplay.host.child import Child

_ENDING: Final = frozenset({signal.SIGTERM, signal.SIGHUP})
"""Signals that tell a program to end, if it does not make something else of them."""
_INSISTING: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_INSISTS_WITHIN: Final = 1.0
"""Seconds within which a second signal says that the programs are to end at once."""
_SAME_WITHIN: Final = 0.02
"""Seconds within which the same signal from the same sender is the same: `timeout` signals the
process that it has started, and then its whole group."""


class Relay:
    """Hands signals on, once each: those that the programs have not got themselves.

    What a terminal sends goes to all processes of its group, and so to the programs too. A program
    that is told to end may take its time, unless somebody insists.
    """

    def __init__(self, signals: Signals, grace: float | None = None) -> None:
        """`grace` is the time in seconds after which a SIGTERM insists by itself."""
        self._signals = signals
        self._grace = grace
        self._began = -_INSISTS_WITHIN
        """The time of the last signal by which somebody may begin to insist."""
        self._last = (0, 0)
        """Its number and its sender."""
        self._deadline: float | None = None
        self._insisted: signal.Signals | None = None
        self.interrupted = False
        """True once Ctrl-C was pressed, or the same signal sent."""
        self.asked: signal.Signals | None = None
        """The signal by which the programs were told to end, whatever they make of it."""

    @property
    def insisted(self) -> signal.Signals | None:
        """The signal by which somebody insists that the programs end now; None if nobody does."""
        return self._insisted or (self.asked if self._is_grace_over() else None)

    @property
    def force_after(self) -> float:
        """The seconds between asking the programs to end and forcing them, once it is insisted."""
        return 0.0 if self._is_grace_over() else GRACE

    def pass_on(self, children: Collection[Child]) -> None:
        """Hand on what has come since the last call."""
        for heard in self._signals.read():
            if heard.number == signal.SIGCHLD:
                continue  # It woke whoever waits.
            if heard.number not in self._signals.ignored:
                self._take_note(heard.number, heard.sender)
            if heard.by_process and self._insisted is None:
                _hand_on(heard, children)

    def patience(self) -> float | None:
        """Return the seconds after which to look again whether somebody insists."""
        if self._deadline is None or self.insisted is not None:
            return None
        return max(0.0, self._deadline - time.monotonic())

    def ended(self, status: int) -> signal.Signals | None:
        """Return the signal that ended a run, by force or by what it does to most programs."""
        died = self.asked is not None and status == 128 + self.asked
        return self.insisted or (self.asked if died else None)

    def _is_grace_over(self) -> bool:
        return self._deadline is not None and time.monotonic() >= self._deadline

    def _take_note(self, number: int, sender: int) -> None:
        now = time.monotonic()
        self.interrupted = self.interrupted or number == signal.SIGINT
        if number in _ENDING:
            self.asked = signal.Signals(number)
        if number in _INSISTING:
            is_same = self._last == (number, sender) and now - self._began < _SAME_WITHIN
            if now - self._began < _INSISTS_WITHIN and not is_same:
                self._insisted = signal.Signals(number)
            self._began, self._last = now, (number, sender)
        if number == signal.SIGTERM and self._grace is not None and self._deadline is None:
            self._deadline = now + self._grace


def _hand_on(heard: Heard, children: Collection[Child]) -> None:
    if heard.number == signal.SIGCONT:
        time.sleep(_SAME_WITHIN)  # The others of a group are told a moment later.
    for child in children:
        # A shell continues a whole group, where each process is told.
        is_told = heard.number == signal.SIGCONT and _went_on(child)
        if heard.sender != child.pid and not is_told:
            child.send(heard.number)
            _went_on(child)  # Not to be taken for the next time.


def _went_on(child: Child) -> bool:
    """Tell whether a child was continued since that was last asked; macOS can't before 3.13."""
    if not hasattr(os, "waitid") or child.ending is not None:
        return False
    try:
        return os.waitid(os.P_PID, child.pid, os.WCONTINUED | os.WNOHANG) is not None
    except ChildProcessError:
        return False
