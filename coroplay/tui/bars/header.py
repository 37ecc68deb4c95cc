"""The line at the top: the title of the run, its state, and its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from coroplay.sanitizing import clean

if TYPE_CHECKING:
    from coroplay.tui.bars.status import StyledText
    from coroplay.tui.runs.playhead import Playhead

_NAME: Final = (" coroplay ", "bold $background on $primary")
_SHORTEST_TITLE: Final = 12


class Header(Widget):
    """One line, drawn again many times a second without touching the layout."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._title = ""
        self._status: list[list[StyledText]] = []

    def show_status(self, title: str, playhead: Playhead | None) -> None:
        """Show a run's title and status, if they have changed."""
        groups: list[list[StyledText]] = []
        if playhead is not None:
            from coroplay.tui.bars.status import status

            groups = status(playhead)
        if (title, groups) != (self._title, self._status):
            self._title, self._status = title, groups
            self.refresh()

    def render(self) -> Content:
        """Draw as much as there is room for."""
        return Content.assemble(*_line(self._title, self._status, self.size.width))


def _line(title: str, status: list[list[StyledText]], width: int) -> list[StyledText]:
    """Return as much as there is room for: the title gives way first, then the last groups."""
    title = clean(title)
    room = width - sum(map(_width, status)) - _width([_NAME]) - 4
    if room >= min(len(title), _SHORTEST_TITLE):
        cut = title if len(title) <= room else f"{title[: room - 1]}…"
        return [_NAME, (f"  {cut}  ", "bold"), *(text for group in status for text in group)]
    line: list[StyledText] = [(f" {title.partition(' ')[0]} ", _NAME[1])]
    for group in status:
        if _width(line) + _width(group) > width:
            break
        line = [*line, *group]
    return line


def _width(texts: list[StyledText]) -> int:
    return sum(cell_len(text) for text, _ in texts)
