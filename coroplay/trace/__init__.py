"""The model of a recording: its format on disk, reading it, and the state at any of its steps.

The readers are imported only when they are asked for: the probe needs no more than the layout.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coroplay.trace.counting import Tally, count_switches, is_slowed, tally
    from coroplay.trace.ending import Ending, EndingKind, write_ending
    from coroplay.trace.layout import WaitKind
    from coroplay.trace.model import (
        Awaited,
        Beginning,
        Change,
        Coroutine,
        CoroutineKind,
        CoroutineState,
        Finish,
        How,
        HowEnded,
        Line,
        Local,
        Meta,
        Notes,
        Output,
        OutputStream,
        Place,
        RecordedLevel,
        RecordingError,
        Spawn,
        Status,
        Step,
        Switch,
        ValueWay,
        Wait,
        Writer,
    )
    from coroplay.trace.recording import Recording, is_growing
    from coroplay.trace.states import CoroutineStates

__all__ = [
    "Awaited",
    "Beginning",
    "Change",
    "Coroutine",
    "CoroutineKind",
    "CoroutineState",
    "CoroutineStates",
    "Ending",
    "EndingKind",
    "Finish",
    "How",
    "HowEnded",
    "Line",
    "Local",
    "Meta",
    "Notes",
    "Output",
    "OutputStream",
    "Place",
    "RecordedLevel",
    "Recording",
    "RecordingError",
    "Spawn",
    "Status",
    "Step",
    "Switch",
    "Tally",
    "ValueWay",
    "Wait",
    "WaitKind",
    "Writer",
    "count_switches",
    "is_growing",
    "is_slowed",
    "tally",
    "write_ending",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        for module in ("model", "ending", "recording", "states", "counting"):
            found = import_module(f"coroplay.trace.{module}")
            if hasattr(found, name):
                return getattr(found, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
