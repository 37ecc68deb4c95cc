"""A small app around the step-through and the timeline: opens a recording, and → ← move in it.

`python -m tests.tui.harness RECORDING` lets a person look at the two by themselves.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from coroplay.trace import Recording
from coroplay.trace.view import Switches
from coroplay.tui.drawing import coroutine_colours
from coroplay.tui.stepping.step_through import StepThrough
from coroplay.tui.timeline.timeline import Timeline


class Harness(App[None]):
    """Stands in for the playground's screen: it owns the cursor."""

    CSS = """
    StepThrough { border: round $primary 40%; border-title-color: $text-primary; height: 1fr; }
    Timeline { border: round $primary 40%; border-title-color: $text-primary; height: 9; }
    Timeline:focus { border: round $primary; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "go(1)"),
        Binding("left", "go(-1)"),
        Binding("shift+right", "switch(1)"),
        Binding("shift+left", "switch(-1)"),
        Binding("home", "to(0)"),
        Binding("end", "to(-1)"),
    ]

    def __init__(self, recording: Recording | None, cursor: int = 0) -> None:
        super().__init__()
        self.recording = recording
        self.cursor = cursor
        self.messages: list[Message] = []

    def compose(self) -> ComposeResult:
        yield StepThrough()
        yield Timeline()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return coroutine_colours.variables(self.current_theme.dark)

    def on_mount(self) -> None:
        self.move(self.cursor)

    def move(self, step: int) -> None:
        """Stand on that step."""
        if self.recording is not None:
            step = max(-1, min(step, len(self.recording) - 1))
        self.cursor = step
        self.query_one(StepThrough).show_step(self.recording, step)
        self.query_one(Timeline).show_recording(self.recording, step)

    def action_go(self, by: int) -> None:
        self.move(max(0, self.cursor + by))

    def action_to(self, step: int) -> None:
        assert self.recording is not None
        self.move(step % len(self.recording))

    def action_switch(self, way: int) -> None:
        assert self.recording is not None
        switches = Switches(self.recording)
        found = switches.next(self.cursor) if way > 0 else switches.previous(self.cursor)
        if found is not None:
            self.move(found)

    def on_step_through_cursor_moved(self, message: StepThrough.CursorMoved) -> None:
        self.messages.append(message)
        self.move(message.step)

    def on_timeline_cursor_moved(self, message: Timeline.CursorMoved) -> None:
        self.messages.append(message)
        self.move(message.step)

    def on_step_through_run_to_here(self, message: StepThrough.RunToHere) -> None:
        self.messages.append(message)

    def on_step_through_breakpoint_toggled(self, message: StepThrough.BreakpointToggled) -> None:
        self.messages.append(message)


if __name__ == "__main__":
    Harness(Recording(Path(sys.argv[1]))).run()
