"""The end of a run in words: the same ones wherever it is told."""

from __future__ import annotations

import signal

from coroplay.trace.ending import Ending, EndingKind


def describe_ending(ending: Ending) -> str:
    """Return the words for an ending: "ended with status 3"."""
    match ending.kind:
        case EndingKind.EXIT if ending.status == 0:
            return "ended"
        case EndingKind.EXIT:
            return f"ended with status {ending.status}"
        case EndingKind.SIGNAL:
            return f"ended by {signal_name(ending.status - 128)}"
        case EndingKind.TIMEOUT:
            return "stopped: its time was up"
        case EndingKind.STOPPED:
            return "stopped"


def signal_name(number: int) -> str:
    """Return a signal's name: SIGKILL for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
