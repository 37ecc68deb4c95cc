"""The text of widgets, as a person reads it on the screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.pilot import Pilot
from textual.widget import Widget

from coroplay.trace import Recording
from coroplay.tui.drawing.canvas import Canvas
from coroplay.tui.stepping.step_through import StepThrough
from coroplay.tui.timeline.timeline import Timeline
from tests.tui.harness import Harness

WIDE = (120, 40)


def rows(widget: Widget) -> list[str]:
    """The lines of a widget as text, without what is blank at their ends."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]


def text(widget: Widget) -> str:
    """The lines of a widget as one text."""
    return "\n".join(rows(widget))


def everything(app: Harness) -> str:
    """All that the step-through and the timeline show."""
    shown = [one for one in app.query(Canvas) if one.display and one.size]
    return "\n".join(text(one) for one in shown)


@asynccontextmanager
async def opened(
    recording: Recording | None, cursor: int = 0, size: tuple[int, int] = WIDE
) -> AsyncIterator[tuple[Harness, Pilot[None]]]:
    """The harness on a recording, drawn."""
    app = Harness(recording, cursor)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def stepping(app: Harness) -> StepThrough:
    """The step-through."""
    return app.query_one(StepThrough)


def timeline(app: Harness) -> Timeline:
    """The timeline."""
    return app.query_one(Timeline)
