"""Which pane is looked at: side by side or as tabs, one on the whole screen, and by which key."""

from __future__ import annotations

from typing import Final

from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Input

from coroplay.tui.bars.pane_tabs import NAMES, PaneTabs
from coroplay.tui.lessons.pane import LessonsPane
from coroplay.tui.lessons.parameters import Parameters
from coroplay.tui.output.pane import OutputPane
from coroplay.tui.settings import Settings
from coroplay.tui.stepping.pane import SteppingPane
from coroplay.tui.timeline.pane import TimelinePane

SIDE_BY_SIDE: Final = 120
"""Columns from which on all panes have room."""
WIDE: Final = 170
"""Columns from which on lessons and output stand beside each other, not one above the other."""
SHORT: Final = 30
"""Lines below which nothing is left blank in the lessons pane."""
SMALL: Final = 18
"""Lines below which panes have no frames."""


class Panes(Screen[None]):
    """The part of the main screen that minds its panes."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        if settings.pane not in NAMES:
            settings.pane = "lessons"

    @property
    def pane(self) -> str:
        """The id of the pane that is looked at."""
        return self.settings.pane

    @property
    def lessons(self) -> LessonsPane:
        """The first pane."""
        return self.query_one(LessonsPane)

    @property
    def output(self) -> OutputPane:
        """The second pane."""
        return self.query_one(OutputPane)

    @property
    def stepping(self) -> SteppingPane:
        """The third pane."""
        return self.query_one(SteppingPane)

    @property
    def timeline(self) -> TimelinePane:
        """The fourth pane."""
        return self.query_one(TimelinePane)

    @property
    def typing(self) -> bool:
        """Whether the person types into something."""
        return isinstance(self.focused, Input)

    def fit(self, size: Size) -> None:
        """Arrange the panes for a terminal of that size."""
        self.set_size_classes(size)
        self._show_current()

    def set_size_classes(self, size: Size) -> None:
        """What the stylesheet goes by."""
        self._choose_classes(
            {
                "-narrow": size.width < SIDE_BY_SIDE,
                "-medium": SIDE_BY_SIDE <= size.width < WIDE,
                "-short": size.height < SHORT,
                "-small": size.height < SMALL or size.width < 60,
            }
        )

    def _choose_classes(self, wanted: dict[str, bool]) -> None:
        """Have some and have others not, with the styles of all widgets worked out once."""
        before = self.classes
        for name, add in wanted.items():
            self.set_class(add, name, update=False)
        # Of a screen without widgets yet the style is worked out later.
        if self.is_mounted and self.classes != before:
            self.update_node_styles()

    def show_pane(self, pane: str, *, focus: bool = False) -> None:
        """Make that pane the one that is looked at."""
        self.settings.pane = pane
        self._show_current()
        if focus:
            self.focus_pane()

    def _show_current(self) -> None:
        for name in NAMES:
            self.query_one(f"#{name}").set_class(name == self.pane, "-shown")
        self._choose_classes({f"-show-{name}": name == self.pane for name in NAMES})
        self.query_one(PaneTabs).mark_current(self.pane)

    def focus_pane(self) -> None:
        """Give the keys to the pane that is looked at."""
        match self.pane:
            case "lessons":
                self.lessons.listing.focus()
            case "output":
                if self.output.has_class("-input"):
                    self.output.query_one("#input-line", Input).focus()
                elif self.output.view is not None:
                    self.output.view.focus()
                else:
                    self.set_focus(None)
            case "stepping":
                self.stepping.focus_inside()
            case _:
                self.timeline.focus_current()

    def on_descendant_focus(self) -> None:
        """The pane that has the focus is the one that is looked at."""
        node: DOMNode | None = self.focused
        while node is not None and node.id not in NAMES:
            node = node.parent
        if node is not None and node.id is not None and node.id != self.pane:
            self.show_pane(node.id)

    @property
    def _in_form(self) -> bool:
        """Whether the person is among the parameters, where tab goes to the next one."""
        focused = self.focused
        return focused is not None and any(
            isinstance(node, Parameters) for node in focused.ancestors
        )

    def action_pane(self, pane: str) -> None:
        """To a pane."""
        self.show_pane(pane, focus=True)

    def _turn(self, by: int) -> None:
        names = list(NAMES)
        if self._in_form:
            (self.focus_next if by > 0 else self.focus_previous)(
                "Field, Input, WhichProgram, LessonList"
            )
            return
        self.show_pane(names[(names.index(self.pane) + by) % len(names)], focus=True)

    def action_next_pane(self) -> None:
        """To the next pane."""
        self._turn(1)

    def action_previous_pane(self) -> None:
        """To the previous pane."""
        self._turn(-1)

    def action_zoom(self) -> None:
        """Give the pane the whole screen, and back."""
        self.toggle_class("-zoomed")
        self.settings.zoomed = self.has_class("-zoomed")

    def unzoom(self) -> bool:
        """All panes again; whether one was zoomed."""
        was_zoomed = self.has_class("-zoomed")
        self.remove_class("-zoomed")
        self.settings.zoomed = False
        return was_zoomed
