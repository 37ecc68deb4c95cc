"""On a narrow terminal: which pane is shown, and by which key the others come."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

NAMES = {
    "lessons": "Lessons",
    "output": "Output",
    "stepping": "Step through",
    "timeline": "Timeline",
}


class PaneTabs(Static):
    """The names of the panes in one line."""

    def __init__(self) -> None:
        super().__init__(id="tabs")

    def show(self, current: str) -> None:
        """Say which is shown."""
        narrow = self.app.size.width < 60
        parts = []
        for number, (pane, name) in enumerate(NAMES.items(), 1):
            style = "bold $background on $primary" if pane == current else "$text-muted"
            label = name.split()[0] if narrow else name
            tab = Content.styled(f" {number} {label} ", style)
            parts.append(tab.stylize(Style.from_meta({"pane": pane})))
        self.update(Content("").join(parts))

    async def on_click(self, event: events.Click) -> None:
        """To the pane whose name was clicked."""
        pane = event.style.meta.get("pane")
        if pane in NAMES:
            await self.screen.run_action(f"pane('{pane}')")
