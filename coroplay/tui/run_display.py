"""The display of the run on the main screen: put there, and drawn many times a second."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING, Final

from textual.css.query import NoMatches
from textual.screen import Screen

from coroplay.lessons import BadValue
from coroplay.tui.bars.header import Header
from coroplay.tui.bars.keybar import Hint, KeyBar
from coroplay.tui.choice import Choice
from coroplay.tui.lessons.listing import Mark
from coroplay.tui.panes import Panes
from coroplay.tui.settings import Settings

if TYPE_CHECKING:
    from coroplay.trace import Recording
    from coroplay.tui.runs.playhead import Playhead
    from coroplay.tui.runs.program import Running
    from coroplay.tui.runs.runs import Runs
    from coroplay.tui.runs.session import Session
    from coroplay.tui.runs.steering import ProgramState

WORDS_FIRST: Final = 0.03
"""Seconds after enter in which nothing is drawn but a program's first words."""
PAINTED_WITHIN: Final = 0.006
"""Seconds until text that was given to a pane is on the screen."""


class RunDisplay:
    """Draws the run in the panes, and the lines around them."""

    def __init__(
        self, screen: Screen[None], panes: Panes, hint: Hint, choice: Choice, settings: Settings
    ) -> None:
        self.ready = False
        """True once the modules that only runs need are loaded, after the first frame."""
        self._screen = screen
        self._panes = panes
        self._hint = hint
        self._choice = choice
        self._settings = settings
        self._grown: tuple[int, int, ProgramState] | None = None
        self._session: Session | None = None
        """The run for which there are panes; until then they show the one before."""
        self._due = False
        """True if there is something to draw."""
        self._words_until = 0.0
        """End of the wait for a program's first words, by the monotonic clock."""

    @cached_property
    def runs(self) -> Runs:
        """The run on the screen, and the ones before."""
        from coroplay.tui.runs.runs import Runs

        self.ready = True
        return Runs(self._settings.speed)

    @property
    def playhead(self) -> Playhead | None:
        """The cursor, if there is a run."""
        return self.runs.playhead if self.ready else None

    def close(self) -> None:
        """End the run, so that no process stays behind, and remember the speed."""
        if self.ready:
            self._settings.speed = self.runs.speed
            self.runs.close()

    # Drawing

    def tick(self) -> None:
        """Take in news of the run, and draw them."""
        self._due |= self.ready and self.runs.tick()
        if time.monotonic() < self._words_until:
            return
        self._hint.age()
        try:
            if self._due:
                self.draw()
            else:
                self._draw_time()
        except NoMatches:  # While the app is taken down, its widgets go one by one.
            if not self._is_coming_down:
                raise

    @property
    def _is_coming_down(self) -> bool:
        screen = self._screen
        return any(not child.is_running for child in screen.walk_children()) or not screen.children

    def draw(self) -> None:
        """Draw the panes as they are at the cursor."""
        self._due = False
        playhead = self.playhead
        if playhead is not None:
            program = playhead.session.program
            self._panes.stepping.show_step(program.recording, playhead.cursor)
            self._panes.timeline.show_cursor(playhead)
            if playhead.session is self._session:
                self.runs.close_past()
            self._refresh_live(program)
            self._paint_output()
            self._mark_lesson(playhead.session)
        self.draw_bars()

    def _draw_time(self) -> None:
        """Draw the time that passes without a step: a program waits, or hangs."""
        playhead = self.playhead
        if playhead is not None and playhead.session is self._session and playhead.session.alive:
            self._panes.timeline.refresh_live()
            self._panes.output.refresh_titles()
        self.draw_bars()

    def draw_bars(self) -> None:
        """Draw the header, and the keys or a hint in their place."""
        playhead = self.playhead
        if playhead is not None and playhead.hint:
            self._hint.say(playhead.hint)
            playhead.hint = ""
        title = playhead.session.plan.title if playhead else self._choice.title
        self._screen.query_one(Header).show_status(title, playhead)
        keybar, panes = self._screen.query_one(KeyBar), self._panes
        if panes.typing:
            keybar.show_typing(self._hint.text, for_program=panes.typing_input)
        else:
            keybar.show_keys(playhead, self._hint.text, panes.current)

    def _refresh_live(self, program: Running) -> None:
        """Draw the steps that have come, if the recording has grown."""
        grown = (id(program), program.last, program.state)
        if grown != self._grown:
            if self._grown is not None and grown[2] is not self._grown[2]:
                self._hint.say("")  # A hint on the state before doesn't hold any more.
            self._grown = grown
            self._panes.stepping.refresh_live()
            self._panes.timeline.refresh_live()

    def _mark_lesson(self, session: Session) -> None:
        if session.plan.lesson is not None:
            mark = Mark.RUNNING
            if not session.alive:
                mark = Mark.FAILED if session.failed else Mark.RAN
            self._panes.lessons.listing.mark(session.plan.lesson, mark)

    def _paint_output(self) -> None:
        if self._panes.output.is_attached:  # Once the person has quit there is nothing to draw on.
            self._panes.output.paint(self.runs.cursors())

    # Runs

    async def prepare(self) -> None:
        """Load the modules that only runs need, and make the panes that show runs."""
        _ = self.runs
        await self._panes.output.prepare()
        await self._panes.stepping.prepare()

    async def start(self, *, paused: bool) -> None:
        """Run the chosen lesson or script."""
        from coroplay.tui.runs.runs import RunError

        self._hint.say("")
        try:
            session = self._choice.run(self.runs, paused=paused)
        except (BadValue, RunError) as error:
            self._hint.say(str(error))
            return
        if session is None:
            self._hint.say("no lesson is chosen: o opens a script")
        else:
            await self.show_session(session)

    async def start_again(self) -> None:
        """Repeat the last run."""
        from coroplay.tui.runs.runs import RunError

        try:
            session = self.runs.again()
        except RunError as error:
            self._hint.say(str(error))
            return
        if session is None:
            self._hint.say("nothing was run yet: enter runs the chosen lesson")
        else:
            await self.show_session(session)

    async def open_recording(self, recording: Recording) -> None:
        """Put a recording on the screen."""
        await self.show_session(self.runs.open_recording(recording))
        self._panes.go_to("stepping")

    async def show_session(self, session: Session) -> None:
        """Put another run on the screen."""
        panes, screen = self._panes, self._screen
        self._settings.welcomed = True
        screen.query("Welcome").remove()
        await self.prepare()
        await panes.output.show_session(session)
        for program in session.programs:
            program.spoke = self._show_first_words
        await panes.timeline.show_session(session)
        self._session = session
        if screen.has_class("-narrow") and panes.current == "lessons":
            panes.go_to("stepping" if session.paused else "output", focus=True)
        elif screen.focused is None:  # Its pane was empty until now.
            panes.focus_current()
        # A person waits for the first words: all else is drawn after them, or after a moment.
        self._due = True
        self._words_until = time.monotonic() + WORDS_FIRST if session.alive else 0.0

    def _show_first_words(self) -> None:
        self._paint_output()
        self._words_until = time.monotonic() + PAINTED_WITHIN

    # The cursor

    def go_to(self, step: int, program: int) -> None:
        """Move the cursor to a step of one of the programs."""
        playhead = self.runs.playhead
        if playhead is not None:
            playhead.turn_to(program)
            playhead.go_to(step)
            self.draw()

    def run_to(self, file: str, line: int) -> None:
        """Let the program run until it comes to that line."""
        if self.runs.playhead is not None:
            self.runs.playhead.run_to(file, line)

    def toggle_breakpoint(self, file: str, line: int) -> None:
        """Set or clear a breakpoint, and say so."""
        is_set = self.runs.toggle_breakpoint(file, line)
        name = file.rpartition("/")[2]
        self._panes.stepping.set_breakpoints(self.runs.breakpoints)
        self._hint.say(f"breakpoint {'set' if is_set else 'cleared'}: {name}, line {line}")
        self.draw()
