"""On a narrow terminal: which pane is shown, and by which key the others come."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

NAMES = {
    "lessons": "Lessons",
    "output": "Output",
    "stepping": "Step through",
    "timeline": "Timeline",
}


class PaneTabs(Widget):
    """The names of the panes in one line."""

    def __init__(self) -> None:
        super().__init__(id="tabs")
        self._current = ""

    def show(self, current: str) -> None:
        """Say which is shown."""
        self._current = current
        self.refresh()

    def render(self) -> Content:
        """The names, as short as they have to be."""
        narrow = self.size.width < 60
        parts = []
        for number, (pane, name) in enumerate(NAMES.items(), 1):
            style = "bold $background on $primary" if pane == self._current else "$text-muted"
            label = name.split()[0] if narrow else name
            tab = Content.styled(f" {number} {label} ", style)
            parts.append(tab.stylize(Style.from_meta({"pane": pane})))
        return Content("").join(parts)

    async def on_click(self, event: events.Click) -> None:
        """To the pane whose name was clicked."""
        pane = event.style.meta.get("pane")
        if pane in NAMES:
            await self.screen.run_action(f"pane('{pane}')")
