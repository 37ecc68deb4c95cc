"""One program run in the terminal as if there were no host."""

from __future__ import annotations

import time

from coroplay.host.child import Child
from coroplay.host.launch import Launch
from coroplay.host.outcome import Outcome, Report
from coroplay.host.process import TERMINAL
from coroplay.host.ready import ready
from coroplay.host.relay import Relay
from coroplay.host.signals import Signals
from coroplay.host.tree import LOOK_EVERY, Takedown


def run_single(
    launch: Launch, signals: Signals, timeout: float | None = None, grace: float | None = None
) -> Report:
    """Run a program to its end. Raises StartError.

    `timeout` and `grace`, from a SIGTERM on, are in seconds: then the program is ended.
    """
    started = time.monotonic()
    child = Child.start(launch, TERMINAL)
    relay = Relay(signals, grace)
    takedown: Takedown | None = None
    timed_out = False
    while True:
        if _over(child, takedown):
            if takedown is not None or relay.ended(child.finish().status) is None:
                break
            takedown = child.takedown()  # What it has started.
        ready([signals.fileno()], seconds=_patience(started, timeout, takedown, relay))
        relay.pass_on([child])
        if takedown is not None:
            continue
        if relay.insisted is not None:
            takedown = child.takedown(grace=relay.force_after)
        elif timeout is not None and time.monotonic() >= started + timeout:
            timed_out = child.poll() is None
            takedown = child.takedown(timed_out=True)
    ended_by = None if timed_out else relay.ended(child.finish().status)
    outcome = outcome_of(child, started, stopped=takedown is not None)
    return Report((outcome,), timed_out, ended_by, relay.asked, relay.interrupted)


def outcome_of(child: Child, started: float, *, stopped: bool) -> Outcome:
    """Return the outcome of a child that has ended, and close the host's ends of its pipes."""
    ending = child.finish()
    seconds = time.monotonic() - started
    return Outcome(ending, seconds, stopped, child.unkept)


def _over(child: Child, takedown: Takedown | None) -> bool:
    return child.poll() is not None if takedown is None else takedown.done()


def _patience(
    started: float, timeout: float | None, takedown: Takedown | None, relay: Relay
) -> float | None:
    if takedown is not None:
        return LOOK_EVERY
    left = None if timeout is None else max(0.0, started + timeout - time.monotonic())
    return min((one for one in (left, relay.patience()) if one is not None), default=None)
