"""The step-through and the timeline: what a recording says at the cursor, drawn."""

from coroplay.tui.stepping.palette import colour, symbol
from coroplay.tui.stepping.step_through import StepThrough
from coroplay.tui.stepping.timeline import Timeline

__all__ = ["StepThrough", "Timeline", "colour", "symbol"]
