"""Signals to the host handed on to its programs, as if each of them had been sent to them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from coroplay.host.child import GRACE
from coroplay.host.signals import Heard, Signals, stop_by

if TYPE_CHECKING:
    from coroplay.host.child import Child

_ENDING: Final = frozenset({signal.SIGTERM, signal.SIGHUP})
"""Signals that tell a program to end, if it does not make something else of them."""
_INSISTING: Final = frozenset({signal.SIGTERM, signal.SIGINT})
_STOPPING: Final = frozenset({signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU})
_INSISTS_WITHIN: Final = 1.0
"""Seconds within which a second signal says that the programs are to end at once."""
_SAME_WITHIN: Final = 0.02
"""Seconds within which the same signal from the same sender is the same: `timeout` signals the
process that it has started, and then its whole group."""
_CONTINUED: Final = getattr(os, "WCONTINUED", 0)
_KNOWS_STATES: Final = hasattr(os, "waitid")
"""True where a process learns that its child was stopped; macOS has it from Python 3.13 on."""


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
        """Hand on what has come since the last call; stop while all of the programs are stopped."""
        for heard in self._signals.read():
            if heard.number == signal.SIGCHLD:
                _stop_with(children)
                continue
            if heard.number in _STOPPING and not (children and _KNOWS_STATES):
                stop_by(heard.number)
                continue
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
    for child in children:
        # A shell continues a whole group, and says so to each process in it.
        went_on = heard.number == signal.SIGCONT and _state(child, _CONTINUED)
        if heard.sender != child.pid and not went_on:
            child.send(heard.number)
            _state(child, _CONTINUED)  # That is for the next time.


def _stop_with(children: Collection[Child]) -> None:
    """Stop the host if its programs have been stopped, as whoever started them expects."""
    stops = [_state(child, os.WSTOPPED | os.WNOWAIT) for child in children if _KNOWS_STATES]
    if stops and None not in stops:
        stop_by(stops[-1] or signal.SIGSTOP)


def _state(child: Child, state: int) -> int | None:
    """Return the signal by which a child has got into a state; None if it hasn't."""
    if not _KNOWS_STATES or child.ending is not None:
        return None
    try:
        found = os.waitid(os.P_PID, child.pid, state | os.WNOHANG)
    except ChildProcessError:
        return None
    return None if found is None else found.si_status
