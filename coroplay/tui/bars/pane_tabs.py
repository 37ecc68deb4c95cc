"""The tabs of a narrow terminal: the pane that is shown, and the keys of the others."""

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

    def mark_current(self, current: str) -> None:
        """Mark the pane that is shown."""
        self._current = current
        self.refresh()

    def render(self) -> Content:
        """Draw the names, as short as they have to be."""
        narrow = self.size.width < 60
        parts = []
        for number, (pane, name) in enumerate(NAMES.items(), 1):
            style = "bold $background on $primary" if pane == self._current else "$text-muted"
            label = name.split()[0] if narrow else name
            tab = Content.styled(f" {number} {label} ", style)
            parts.append(tab.stylize(Style.from_meta({"pane": pane})))
        return Content("").join(parts)

    async def on_click(self, event: events.Click) -> None:
        """Go to the pane whose name was clicked."""
        pane = event.style.meta.get("pane")
        if pane in NAMES:
            await self.screen.run_action(f"pane('{pane}')")
