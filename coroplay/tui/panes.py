"""The panes of the main screen: side by side or as tabs, the current one, and the focus."""

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
_IN_FORM: Final = "Field, Input, WhichProgram, LessonList"
"""Widgets among which tab moves while the person sets parameters."""


class Panes:
    """The panes of a screen, of which one is current: the person reads it, and has its keys."""

    def __init__(self, screen: Screen[None], settings: Settings) -> None:
        self._screen = screen
        self._settings = settings
        if settings.pane not in NAMES:
            settings.pane = "lessons"

    @property
    def current(self) -> str:
        """The id of the current pane."""
        return self._settings.pane

    @property
    def lessons(self) -> LessonsPane:
        """The pane of the lessons."""
        return self._screen.query_one(LessonsPane)

    @property
    def output(self) -> OutputPane:
        """The pane of the output."""
        return self._screen.query_one(OutputPane)

    @property
    def stepping(self) -> SteppingPane:
        """The pane of the step-through."""
        return self._screen.query_one(SteppingPane)

    @property
    def timeline(self) -> TimelinePane:
        """The pane of the timelines."""
        return self._screen.query_one(TimelinePane)

    # Arranging

    def prepare(self, size: Size) -> None:
        """Set the screen's classes before there are widgets, which each would cost time."""
        self._set_size_classes(size)
        self._screen.add_class(f"-show-{self.current}", update=False)
        self._screen.set_class(self._settings.zoomed, "-zoomed", update=False)

    def fit(self, size: Size) -> None:
        """Arrange the panes for a terminal of that size."""
        self._set_size_classes(size)
        self._show_current()

    def _set_size_classes(self, size: Size) -> None:
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
        screen = self._screen
        before = screen.classes
        for name, add in wanted.items():
            screen.set_class(add, name, update=False)
        # The style of a screen without widgets is worked out later.
        if screen.is_mounted and screen.classes != before:
            screen.update_node_styles()

    def toggle_zoom(self) -> None:
        """Give the current pane the whole screen, or give it back."""
        self._screen.toggle_class("-zoomed")
        self._settings.zoomed = self._screen.has_class("-zoomed")

    def unzoom(self) -> None:
        """Show all panes again."""
        self._screen.remove_class("-zoomed")
        self._settings.zoomed = False

    # The current pane

    def go_to(self, pane: str, *, focus: bool = False) -> None:
        """Make a pane the current one."""
        self._settings.pane = pane
        self._show_current()
        if focus:
            self.focus_current()

    def turn(self, by: int) -> None:
        """Go to the next pane, or the previous one; among parameters, to the next field."""
        if self._in_form:
            screen = self._screen
            (screen.focus_next if by > 0 else screen.focus_previous)(_IN_FORM)
            return
        names = list(NAMES)
        self.go_to(names[(names.index(self.current) + by) % len(names)], focus=True)

    def _show_current(self) -> None:
        for name in NAMES:
            self._screen.query_one(f"#{name}").set_class(name == self.current, "-shown")
        self._choose_classes({f"-show-{name}": name == self.current for name in NAMES})
        self._screen.query_one(PaneTabs).mark_current(self.current)

    # The focus

    @property
    def typing(self) -> bool:
        """True while the person types into something."""
        return isinstance(self._screen.focused, Input)

    @property
    def typing_input(self) -> bool:
        """True while the person types input for a program."""
        focused = self._screen.focused
        return focused is not None and focused.id == "input-line"

    @property
    def _in_form(self) -> bool:
        focused = self._screen.focused
        return focused is not None and any(
            isinstance(node, Parameters) for node in focused.ancestors
        )

    def focus_current(self) -> None:
        """Focus the widget of the current pane that has the keys."""
        match self.current:
            case "lessons":
                self.lessons.listing.focus()
            case "output":
                if self.output.has_class("-input"):
                    self.output.query_one("#input-line", Input).focus()
                elif self.output.view is not None:
                    self.output.view.focus()
                else:
                    self._screen.set_focus(None)
            case "stepping":
                self.stepping.focus_inside()
            case _:
                self.timeline.focus_current()

    def follow_focus(self) -> None:
        """Make the pane that has the focus the current one."""
        node: DOMNode | None = self._screen.focused
        while node is not None and node.id not in NAMES:
            node = node.parent
        if node is not None and node.id is not None and node.id != self.current:
            self.go_to(node.id)
