"""One program run in the terminal as if there were no host."""

from __future__ import annotations

import signal
import time

from coroplay.host.child import Child
from coroplay.host.launch import Launch
from coroplay.host.outcome import Outcome, Report
from coroplay.host.process import TERMINAL
from coroplay.host.ready import ready
from coroplay.host.signals import ENDING, Signals
from coroplay.host.tree import LOOK_EVERY, Takedown


def run_single(launch: Launch, signals: Signals, timeout: float | None = None) -> Report:
    """Run a program to its end; `timeout` is in seconds. Raises StartError."""
    started = time.monotonic()
    child = Child.start(launch, TERMINAL)
    takedown: Takedown | None = None
    timed_out, interrupted, ended_by = False, False, None
    while not _over(child, takedown):
        ready([signals.fileno()], seconds=_patience(started, timeout, takedown))
        heard = signals.read()
        interrupted = interrupted or signal.SIGINT in heard
        ending = ENDING.intersection(heard)
        if takedown is not None:
            continue
        if ending:
            ended_by = min(ending)
            takedown = child.takedown()
        elif timeout is not None and time.monotonic() >= started + timeout:
            timed_out = child.poll() is None
            takedown = child.takedown(timed_out=True)
    outcome = outcome_of(child, started, stopped=takedown is not None)
    return Report((outcome,), timed_out, ended_by, interrupted)


def outcome_of(child: Child, started: float, *, stopped: bool) -> Outcome:
    """Return the outcome of a child that has ended, and close the host's ends of its pipes."""
    ending = child.finish()
    seconds = time.monotonic() - started
    return Outcome(ending, seconds, stopped, child.unkept)


def _over(child: Child, takedown: Takedown | None) -> bool:
    return child.poll() is not None if takedown is None else takedown.done()


def _patience(started: float, timeout: float | None, takedown: Takedown | None) -> float | None:
    if takedown is not None:
        return LOOK_EVERY
    return None if timeout is None else max(0.0, started + timeout - time.monotonic())
