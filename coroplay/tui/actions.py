"""Actions of the keys: runs, moves in a run, looking around, and dialogs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.screen import Screen

from coroplay.tui.bars.keybar import Hint
from coroplay.tui.choice import Choice
from coroplay.tui.panes import Panes
from coroplay.tui.run_display import RunDisplay
from coroplay.tui.settings import Settings

if TYPE_CHECKING:
    from coroplay.tui.dialogs.open_script import Opened
    from coroplay.tui.runs.playhead import Playhead


class Actions:
    """Does what the keys of the whole main screen ask for: an action a method."""

    def __init__(
        self,
        screen: Screen[None],
        panes: Panes,
        hint: Hint,
        choice: Choice,
        run_display: RunDisplay,
        settings: Settings,
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._hint = hint
        self._choice = choice
        self._display = run_display
        self._settings = settings

    # Runs

    async def run(self) -> None:
        """Run the chosen lesson or script."""
        await self._display.start(paused=False)

    async def step_mode(self) -> None:
        """Start the chosen lesson or script, paused before its first line."""
        await self._display.start(paused=True)

    async def again(self) -> None:
        """Repeat the last run."""
        await self._display.start_again()

    def stop(self) -> None:
        """End the run."""
        session = self._display.runs.session
        if session is None or not session.alive:
            self._hint.say("nothing is running")
            return
        session.stop()

    def interrupt(self) -> None:
        """Copy the selected text, or interrupt the program."""
        text = self._screen.get_selected_text()
        session = self._display.runs.session
        if text:
            self._screen.app.copy_to_clipboard(text)
            self._screen.clear_selection()
            self._hint.say("copied")
        elif session is not None and session.alive:
            session.interrupt()
            self._hint.say("interrupted, as by ctrl+c in a terminal of its own")
        else:
            self._hint.say("nothing is running; q quits")

    def open_script(self) -> None:
        """Ask for a script, and run it."""
        from coroplay.tui.dialogs.open_script import OpenScript

        self._screen.app.push_screen(OpenScript(self._choice.script), self._run_script)

    async def _run_script(self, opened: Opened | None) -> None:
        if opened is not None:
            self._choice.take_script(opened.path, opened.arguments)
            await self._display.start(paused=False)

    def parameters(self) -> None:
        """Let the person change the parameters of the chosen lesson."""
        self._panes.go_to("lessons")
        if not self._panes.lessons.parameters.focus_first():
            self._hint.say("this lesson has no parameters")

    # Moves in a run

    def _move(self, move: Callable[[Playhead], object]) -> None:
        playhead = self._display.runs.playhead
        if playhead is None:
            self._hint.say("nothing was run yet: s starts the chosen lesson in step mode")
            return
        move(playhead)
        self._display.draw()

    def forward(self) -> None:
        """Move one step forward."""
        self._stop_playing()
        self._move(lambda playhead: playhead.forward())

    def back(self) -> None:
        """Move one step back."""
        self._stop_playing()
        self._move(lambda playhead: playhead.back())

    def _stop_playing(self) -> None:
        if self._display.runs.playhead is not None:
            self._display.runs.playhead.playing = False

    def next_switch(self) -> None:
        """Move to the next switch."""
        self._move(lambda playhead: playhead.next_switch())

    def previous_switch(self) -> None:
        """Move to the previous switch."""
        self._move(lambda playhead: playhead.previous_switch())

    def next_same(self) -> None:
        """Move to the coroutine's next step."""
        self._move(lambda playhead: playhead.same_coroutine(1))

    def previous_same(self) -> None:
        """Move to the coroutine's previous step."""
        self._move(lambda playhead: playhead.same_coroutine(-1))

    def first(self) -> None:
        """Move to the first step."""
        self._move(lambda playhead: playhead.first())

    def last(self) -> None:
        """Move to the newest step."""
        self._move(lambda playhead: playhead.last())

    def play(self) -> None:
        """Pause a running program, or start and stop playing."""
        self._move(lambda playhead: playhead.play())

    def slower(self) -> None:
        """Play more slowly."""
        self._move(lambda playhead: playhead.change_speed(-1))

    def faster(self) -> None:
        """Play faster."""
        self._move(lambda playhead: playhead.change_speed(1))

    def go_on(self) -> None:
        """Let paused programs run."""
        self._move(lambda playhead: playhead.go_on())

    def breakpoint(self) -> None:
        """Set or clear a breakpoint on the current line."""
        from coroplay.tui.runs.runs import current_place

        playhead = self._display.runs.playhead
        place = current_place(playhead) if playhead is not None else None
        if place is None:
            self._hint.say("there is no line here to put a breakpoint on")
        else:
            self._display.toggle_breakpoint(*place)

    def next_program(self) -> None:
        """Turn to the next program of the run."""
        playhead = self._display.runs.playhead
        if playhead is not None and len(playhead.session.programs) > 1:
            session = playhead.session
            playhead.turn_to((session.current + 1) % len(session.programs))
            self._display.draw()

    # Looking around

    def pane(self, pane: str) -> None:
        """Go to a pane."""
        self._panes.go_to(pane, focus=True)

    def next_pane(self) -> None:
        """Go to the next pane."""
        self._panes.turn(1)

    def previous_pane(self) -> None:
        """Go to the previous pane."""
        self._panes.turn(-1)

    def zoom(self) -> None:
        """Give the current pane the whole screen, or give it back."""
        self._panes.toggle_zoom()

    def search(self) -> None:
        """Filter the lessons, or search the output."""
        if self._panes.current == "lessons" or self._display.runs.session is None:
            self._panes.go_to("lessons")
            self._panes.lessons.open_filter()
        else:
            self._panes.go_to("output")
            self._panes.output.open_search()

    def match(self, direction: int) -> None:
        """Go to the next match, or the previous one."""
        if not self._panes.output.go_to_match(direction):
            self._hint.say("/ in the output searches")

    def follow(self) -> None:
        """Follow the newest output, or stay."""
        view = self._panes.output.view
        if view is not None:
            (view.stay if view.scroll.following else view.follow)()
            self._hint.say("following the output" if view.scroll.following else "staying here")

    def wrap(self) -> None:
        """Wrap the output's long lines, or cut them off."""
        wrap = self._settings.wrap = not self._settings.wrap
        self._panes.output.wrap(wrap)
        cut = "long lines are cut off: h l go sideways"
        self._hint.say("long lines are wrapped" if wrap else cut)

    def escape(self) -> None:
        """Leave the line for input, or close the search, the filter or the zoom."""
        closers = (self._panes.lessons.close_filter, self._panes.output.close_search)
        if self._panes.current == "output":
            closers = closers[::-1]
        if self._screen.get_selected_text():
            self._screen.clear_selection()
        elif self._panes.typing_input and self._panes.output.leave_input():
            self._hint.say("2 goes back to the line for input")
        elif any(close() for close in closers):
            pass
        elif self._panes.typing:
            self._panes.lessons.listing.focus()
        else:
            self._panes.unzoom()

    # The app

    def help(self) -> None:
        """Show all keys."""
        from coroplay.tui.dialogs.help import HelpScreen

        self._screen.app.push_screen(HelpScreen())

    def theme(self) -> None:
        """Change between the light and the dark theme."""
        app = self._screen.app
        app.theme = "coroplay-light" if app.current_theme.dark else "coroplay-dark"
