"""The main screen: it owns the run and the cursor; panes draw what they get and send wishes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.css.query import NoMatches

from coroplay.lessons import BadValue, Catalogue, Lesson
from coroplay.tui.actions import Moves
from coroplay.tui.bars.header import Header
from coroplay.tui.bars.keybar import KeyBar
from coroplay.tui.bars.pane_tabs import PaneTabs
from coroplay.tui.bindings import EVERYWHERE, bindings
from coroplay.tui.lessons.listing import LessonList, Mark
from coroplay.tui.lessons.pane import LessonsPane
from coroplay.tui.lessons.parameters import Parameters
from coroplay.tui.output.pane import OutputPane
from coroplay.tui.settings import Settings
from coroplay.tui.stepping.pane import SteppingPane
from coroplay.tui.timeline.pane import TimelinePane

if TYPE_CHECKING:
    from coroplay.trace import Recording
    from coroplay.tui.dialogs.open_script import Opened
    from coroplay.tui.output.view import OutputView
    from coroplay.tui.runs.program import Running
    from coroplay.tui.runs.session import Session
    from coroplay.tui.runs.steering import ProgramState
    from coroplay.tui.stepping.step_through import StepThrough
    from coroplay.tui.timeline.timeline import Timeline

FRAMES: Final = 30
"""Looks at the run in a second."""
WORDS_FIRST: Final = 0.03
"""Seconds after enter in which nothing is drawn but a program's first words."""
PAINTED_WITHIN: Final = 0.006
"""Seconds until what has been given to a pane is on the screen."""


class Beside(Horizontal):
    """Holds panes that cover it wholly, so there is nothing in it to draw line by line."""

    BLANK = True


class MainScreen(Moves):
    """The playground."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(*EVERYWHERE)
    AUTO_FOCUS = ""
    BLANK = True

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        super().__init__(settings)
        self.catalogue = catalogue
        self._script: Opened | None = None
        self._grown: tuple[int, int, ProgramState] | None = None
        self._shown: Session | None = None
        """The run for which there are panes: until they are there, they show the one before."""
        self._seen = False
        """Whether it has been on the terminal."""
        self._due = False
        """Whether there is something to draw."""
        self._words_until = 0.0
        """When the screen stops waiting for a program's first words, by the monotonic clock."""

    def compose(self) -> ComposeResult:
        """The header, the panes, and the keys."""
        # Before there are widgets these cost nothing; after, each would style them all anew.
        self.set_size_classes(self.app.size)
        self.add_class(f"-show-{self.pane}", update=False)
        self.set_class(self.settings.zoomed, "-zoomed", update=False)
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
        self.lessons.listing.choose(self.settings.lesson)
        self.show_pane(self.pane, focus=True)
        self.set_interval(1 / FRAMES, self.tick)
        self.draw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first time all widgets have just got their styles: not once more before a frame."""
        if not self._seen:
            self._seen = True
            event.refresh_styles = False

    # Drawing

    def tick(self) -> None:
        """Look at the run, and draw what has changed."""
        self._due |= self.ready and self.runs.tick()
        if time.monotonic() < self._words_until:
            return
        self.age_hint()
        try:
            if self._due:
                self.draw()
            else:
                self._draw_lines()
        except NoMatches:  # While the app is taken down, its widgets go one by one.
            if not self._is_coming_down:
                raise

    @property
    def _is_coming_down(self) -> bool:
        return any(not child.is_running for child in self.walk_children()) or not self.children

    def draw(self) -> None:
        """Draw the panes as they are at the cursor."""
        self._due = False
        playhead = self.playhead
        if playhead is not None:
            program = playhead.session.program
            self.stepping.show_step(program.recording, playhead.cursor)
            self.timeline.show_cursor(playhead)
            if playhead.session is self._shown:
                self.runs.close_past()
            self._refresh_live(program)
            self._paint_output()
            self._mark_lesson(playhead.session)
        self._draw_lines()

    def _refresh_live(self, program: Running) -> None:
        """Have the panes look again at a recording that has grown."""
        grown = (id(program), program.last, program.state)
        if grown != self._grown:
            if self._grown is not None and grown[2] is not self._grown[2]:
                self.say("")  # What was said of the state before doesn't hold any more.
            self._grown = grown
            self.stepping.refresh_live()
            self.timeline.refresh_live()

    def _draw_lines(self) -> None:
        playhead = self.playhead
        if playhead is not None and playhead.hint:
            self.say(playhead.hint)
            playhead.hint = ""
        title = playhead.session.plan.title if playhead else self._chosen_title()
        self.query_one(Header).show_status(title, playhead)
        self.query_one(KeyBar).show_keys(playhead, self.hint, self.pane)

    def _chosen_title(self) -> str:
        lesson = self.lessons.chosen
        if self._script is not None:
            return self._script.path.name
        return f"{lesson.order} · {lesson.title}" if lesson else "no lesson"

    def _mark_lesson(self, session: Session) -> None:
        if session.plan.lesson is not None:
            mark = Mark.RUNNING
            if not session.alive:
                mark = Mark.FAILED if session.failed else Mark.RAN
            self.lessons.listing.mark(session.plan.lesson, mark)

    # Running

    async def start(self, *, paused: bool) -> None:
        """Run the chosen lesson, or the script that was opened."""
        from coroplay.tui.runs.runs import RunError

        self.say("")
        try:
            if self._script is not None:
                session = self.runs.run_script(
                    self._script.path, self._script.arguments, paused=paused
                )
            elif (lesson := self.lessons.chosen) is not None:
                parameters = self.lessons.parameters
                session = self.runs.run_lesson(
                    lesson, parameters.values(), parameters.program, paused=paused
                )
            else:
                self.say("no lesson is chosen: o opens a script")
                return
        except BadValue as error:
            self.say(str(error))
            return
        except RunError as error:
            self.say(str(error))
            return
        await self.show_session(session)

    async def prepare(self) -> None:
        """Load what only runs need, and make the panes that show them."""
        _ = self.runs
        await self.output.prepare()
        await self.stepping.prepare()

    async def show_session(self, session: Session) -> None:
        """Put another run on the screen."""
        self.settings.welcomed = True
        self.query("Welcome").remove()
        await self.prepare()
        await self.output.show_session(session)
        for program in session.programs:
            program.spoke = self._first_words
        await self.timeline.show_session(session)
        self._shown = session
        if self.has_class("-narrow") and self.pane == "lessons":
            self.show_pane("stepping" if session.paused else "output", focus=True)
        elif self.focused is None:  # Its pane was empty until now.
            self.focus_pane()
        # The first words are what is waited for: all else is drawn after them, or after a moment.
        self._due = True
        self._words_until = time.monotonic() + WORDS_FIRST if session.alive else 0.0

    def _first_words(self) -> None:
        self._paint_output()
        self._words_until = time.monotonic() + PAINTED_WITHIN

    def _paint_output(self) -> None:
        if self.output.is_attached:  # Once the person has quit there is nothing to draw on.
            self.output.paint(self.runs.cursors())

    def take_script(self, path: Path, arguments: str = "") -> None:
        """Take a script in place of the lesson."""
        from coroplay.tui.dialogs.open_script import Opened, problem_with

        self._script = Opened(path, arguments)
        problem = problem_with(path)
        self.lessons.show_script(path, problem)
        self.say(problem or f"{path.name}: enter runs it, s starts it in step mode")

    def action_open_script(self) -> None:
        """Ask for a script."""
        from coroplay.tui.dialogs.open_script import OpenScript

        self.app.push_screen(OpenScript(self._script), self._opened)

    async def _opened(self, opened: Opened | None) -> None:
        if opened is not None:
            self.take_script(opened.path, opened.arguments)
            await self.start(paused=False)

    async def open_recording(self, recording: Recording) -> None:
        """Look at a recording."""
        await self.show_session(self.runs.open_recording(recording))
        self.show_pane("stepping")

    def choose(self, lesson: Lesson) -> None:
        """Make that lesson the chosen one."""
        self.lessons.close_filter()
        self.lessons.listing.choose(lesson.id)

    @on(LessonList.Chosen)
    def _lesson_chosen(self, event: LessonList.Chosen) -> None:
        if event.lesson is not self.lessons.chosen:
            return  # Told late: a script, or another lesson, has taken its place meanwhile.
        self.settings.lesson = event.lesson.id
        self._script = None
        self._draw_lines()

    @on(LessonList.OptionSelected)
    @on(LessonList.RunWanted)
    @on(Parameters.RunWanted)
    async def _run_wanted(self) -> None:
        await self.start(paused=False)
        if self.typing and self.pane == "lessons" and self.runs.session is not None:
            self.lessons.listing.focus()  # So that the next keys step and are not typed.

    # What the panes wish

    def on_output_view_line_chosen(self, event: OutputView.LineChosen) -> None:
        """A line of output was clicked."""
        session = self.runs.session
        if session is not None:
            self._go_to(event.step, session.programs.index(event.view.program))

    def on_output_view_scrolled(self) -> None:
        """The output was scrolled."""
        self.output.refresh_titles()

    def on_step_through_cursor_moved(self, event: StepThrough.CursorMoved) -> None:
        """An arrow was clicked."""
        self._go_to(event.step, self.runs.session.current if self.runs.session else 0)

    def on_timeline_cursor_moved(self, event: Timeline.CursorMoved) -> None:
        """A moment was chosen."""
        self._go_to(event.step, self.timeline.timelines.index(event.timeline))

    def _go_to(self, step: int, program: int) -> None:
        playhead = self.runs.playhead
        if playhead is not None:
            playhead.turn_to(program)
            playhead.go_to(step)
            self.draw()

    def on_step_through_run_to_here(self, event: StepThrough.RunToHere) -> None:
        """A line was clicked, to let the program run to it."""
        if self.runs.playhead is not None:
            self.runs.playhead.run_to(event.file, event.line)

    def on_step_through_breakpoint_toggled(self, event: StepThrough.BreakpointToggled) -> None:
        """A line's gutter was clicked."""
        self.toggle_breakpoint(event.file, event.line)

    def on_resize(self, event: events.Resize) -> None:
        """Side by side, or as tabs."""
        self.fit(event.size)
        if self.ready:
            self.call_after_refresh(self.draw)

    def on_unmount(self) -> None:
        """Nothing that was started stays behind."""
        if self.ready:
            self.settings.speed = self.runs.speed
            self.runs.close()
