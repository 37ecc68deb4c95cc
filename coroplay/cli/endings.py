"""The end of a run in words."""

from __future__ import annotations

import signal

from coroplay.trace import Ending, EndingKind


def describe_ending(ending: Ending) -> str:
    """Return the rest of a sentence that begins with the program: "ended with status 3"."""
    match ending.kind:
        case EndingKind.EXIT if ending.status == 0:
            return "ended"
        case EndingKind.EXIT:
            return f"ended with status {ending.status}"
        case EndingKind.SIGNAL:
            return f"was ended by {signal_name(ending.status - 128)}"
        case EndingKind.TIMEOUT:
            return "was ended because its time was up"
        case EndingKind.STOPPED:
            return "was stopped"


def signal_name(number: int) -> str:
    """Return a signal's name: SIGKILL for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
