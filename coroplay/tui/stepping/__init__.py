"""The step-through and the timeline: what a recording says at the cursor, drawn.

Both are imported when they are first asked for: the app's first frame needs neither.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coroplay.tui.stepping.palette import colour
    from coroplay.tui.stepping.step_through import StepThrough
    from coroplay.tui.stepping.timeline import Timeline

__all__ = ["StepThrough", "Timeline", "colour"]

_HOMES = {
    "StepThrough": "step_through",
    "Timeline": "timeline",
    "colour": "palette",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
