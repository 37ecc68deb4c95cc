"""The main screen: its layout, its keys, and messages of its panes, each handed to its owner."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, ClassVar, Concatenate, Final, ParamSpec, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.screen import Screen

from coroplay.lessons import Catalogue
from coroplay.tui.actions import Actions
from coroplay.tui.bars.header import Header
from coroplay.tui.bars.keybar import Hint, KeyBar
from coroplay.tui.bars.pane_tabs import PaneTabs
from coroplay.tui.bindings import EVERYWHERE, bindings
from coroplay.tui.choice import Choice
from coroplay.tui.lessons.listing import LessonList
from coroplay.tui.lessons.pane import LessonsPane
from coroplay.tui.lessons.parameters import Parameters
from coroplay.tui.output.pane import OutputPane
from coroplay.tui.panes import Panes
from coroplay.tui.run_display import RunDisplay
from coroplay.tui.settings import Settings
from coroplay.tui.stepping.pane import SteppingPane
from coroplay.tui.timeline.pane import TimelinePane

if TYPE_CHECKING:
    from coroplay.tui.output.view import OutputView
    from coroplay.tui.stepping.step_through import StepThrough
    from coroplay.tui.timeline.timeline import Timeline

FRAMES: Final = 30
"""Looks at the run in a second."""

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


class Beside(Horizontal):
    """Holds panes that cover it wholly, so there is nothing in it to draw line by line."""

    BLANK = True


def _done_by(
    action: Callable[Concatenate[Actions, Given], Returned],
) -> Callable[Concatenate[MainScreen, Given], Returned]:
    """Make the method that Textual looks for on the screen: it hands on to `Actions`."""

    # Textual passes on as many parameters as the signature has, so that is kept, too.
    @wraps(action)
    def do(screen: MainScreen, /, *args: Given.args, **kwargs: Given.kwargs) -> Returned:
        return action(screen.actions, *args, **kwargs)

    return do


class MainScreen(Screen[None]):
    """The playground. It owns the run and the cursor; panes draw them, and send wishes."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(*EVERYWHERE)
    AUTO_FOCUS = ""
    BLANK = True

    action_run = _done_by(Actions.run)
    action_step_mode = _done_by(Actions.step_mode)
    action_again = _done_by(Actions.again)
    action_stop = _done_by(Actions.stop)
    action_interrupt = _done_by(Actions.interrupt)
    action_open_script = _done_by(Actions.open_script)
    action_parameters = _done_by(Actions.parameters)
    action_forward = _done_by(Actions.forward)
    action_back = _done_by(Actions.back)
    action_next_switch = _done_by(Actions.next_switch)
    action_previous_switch = _done_by(Actions.previous_switch)
    action_next_same = _done_by(Actions.next_same)
    action_previous_same = _done_by(Actions.previous_same)
    action_first = _done_by(Actions.first)
    action_last = _done_by(Actions.last)
    action_play = _done_by(Actions.play)
    action_slower = _done_by(Actions.slower)
    action_faster = _done_by(Actions.faster)
    action_breakpoint = _done_by(Actions.breakpoint)
    action_go_on = _done_by(Actions.go_on)
    action_next_program = _done_by(Actions.next_program)
    action_pane = _done_by(Actions.pane)
    action_next_pane = _done_by(Actions.next_pane)
    action_previous_pane = _done_by(Actions.previous_pane)
    action_zoom = _done_by(Actions.zoom)
    action_search = _done_by(Actions.search)
    action_match = _done_by(Actions.match)
    action_follow = _done_by(Actions.follow)
    action_wrap = _done_by(Actions.wrap)
    action_escape = _done_by(Actions.escape)
    action_help = _done_by(Actions.help)
    action_theme = _done_by(Actions.theme)

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        super().__init__()
        self.catalogue = catalogue
        self.settings = settings
        self.hint = Hint()
        self.panes = Panes(self, settings)
        self.choice = Choice(self.panes, self.hint, settings)
        self.run_display = RunDisplay(self, self.panes, self.hint, self.choice, settings)
        self.actions = Actions(self, self.panes, self.hint, self.choice, self.run_display, settings)
        self._was_seen = False
        """True once it has been on the terminal."""

    def compose(self) -> ComposeResult:
        """Lay out the header, the panes, and the keys."""
        self.panes.prepare(self.app.size)
        yield Header()
        yield PaneTabs()
        if not self.settings.welcomed:
            from coroplay.tui.bars.welcome import Welcome

            yield Welcome()
        with Beside(id="panes"):
            with Beside(id="left"):
                yield LessonsPane(self.catalogue)
                yield OutputPane(wrapped=self.settings.wrap)
            yield SteppingPane()
        yield TimelinePane()
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin where the person left off."""
        self.panes.lessons.listing.choose(self.settings.lesson)
        self.panes.go_to(self.panes.current, focus=True)
        self.set_interval(1 / FRAMES, self.run_display.tick)
        self.run_display.draw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Leave the styles alone the first time: all widgets have just got them."""
        if not self._was_seen:
            self._was_seen = True
            event.refresh_styles = False

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the panes side by side, or as tabs."""
        self.panes.fit(event.size)
        if self.run_display.ready:
            self.call_after_refresh(self.run_display.draw)

    def on_descendant_focus(self) -> None:
        """Go to the pane that has the focus."""
        self.panes.follow_focus()

    def on_unmount(self) -> None:
        """End the run: no process stays behind."""
        self.run_display.close()

    # Wishes of the panes

    @on(LessonList.Chosen)
    def _take_lesson(self, event: LessonList.Chosen) -> None:
        # It may come late: a script, or another lesson, has taken its place meanwhile.
        if event.lesson is self.panes.lessons.chosen:
            self.choice.take_lesson(event.lesson)
            self.run_display.draw_bars()

    @on(LessonList.OptionSelected)
    @on(LessonList.RunWanted)
    @on(Parameters.RunWanted)
    async def _run_wanted(self) -> None:
        await self.run_display.start(paused=False)
        in_lessons = self.panes.typing and self.panes.current == "lessons"
        if in_lessons and self.run_display.runs.session is not None:
            self.panes.lessons.listing.focus()  # So that the next keys step and are not typed.

    def on_output_view_line_chosen(self, event: OutputView.LineChosen) -> None:
        """Go to the step that wrote the clicked line of output."""
        session = self.run_display.runs.session
        if session is not None:
            self.run_display.go_to(event.step, session.programs.index(event.view.program))

    def on_output_view_scrolled(self) -> None:
        """Update the titles of the output."""
        self.panes.output.refresh_titles()

    def on_step_through_cursor_moved(self, event: StepThrough.CursorMoved) -> None:
        """Go to the step of the clicked arrow."""
        session = self.run_display.runs.session
        self.run_display.go_to(event.step, session.current if session else 0)

    def on_timeline_cursor_moved(self, event: Timeline.CursorMoved) -> None:
        """Go to the step that was chosen in a timeline."""
        self.run_display.go_to(event.step, self.panes.timeline.timelines.index(event.timeline))

    def on_step_through_run_to_here(self, event: StepThrough.RunToHere) -> None:
        """Let the program run to the chosen line."""
        self.run_display.run_to(event.file, event.line)

    def on_step_through_breakpoint_toggled(self, event: StepThrough.BreakpointToggled) -> None:
        """Set or clear a breakpoint at the chosen line."""
        self.run_display.toggle_breakpoint(event.file, event.line)
