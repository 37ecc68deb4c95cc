"""What the keys do: moving in a run, steering its programs, searching and helping."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from coroplay.tui.panes import Panes
from coroplay.tui.settings import Settings

if TYPE_CHECKING:
    from coroplay.tui.runs.playhead import Playhead
    from coroplay.tui.runs.runs import Runs
    from coroplay.tui.runs.session import Session

HINT_TICKS: Final = 120


class Moves(Panes):
    """The part of the main screen that does what the keys ask for."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.ready = False
        """Whether what only runs need has been loaded: that is left until something is seen."""
        self.hint = ""
        """A sentence in place of the keys."""
        self._hint_left = 0

    @cached_property
    def runs(self) -> Runs:
        """The run on the screen."""
        from coroplay.tui.runs.runs import Runs

        self.ready = True
        return Runs(self.settings.speed)

    @property
    def playhead(self) -> Playhead | None:
        """The cursor, if there is a run."""
        return self.runs.playhead if self.ready else None

    def draw(self) -> None:
        """Draw the panes as they are at the cursor."""
        raise NotImplementedError

    async def start(self, *, paused: bool) -> None:
        """Run what is chosen."""
        raise NotImplementedError

    async def show_session(self, session: Session) -> None:
        """Put another run on the screen."""
        raise NotImplementedError

    def say(self, hint: str) -> None:
        """Show a sentence in place of the keys for a while."""
        self.hint = hint
        self._hint_left = HINT_TICKS

    def age_hint(self) -> None:
        """Take the sentence away when its time has come."""
        if self._hint_left:
            self._hint_left -= 1
            if not self._hint_left:
                self.hint = ""

    # Runs

    async def action_run(self) -> None:
        """Run."""
        await self.start(paused=False)

    async def action_step_mode(self) -> None:
        """Start paused."""
        await self.start(paused=True)

    async def action_again(self) -> None:
        """Run what was run last."""
        from coroplay.tui.runs.runs import RunError

        try:
            session = self.runs.again()
        except RunError as error:
            self.say(str(error))
            return
        if session is None:
            self.say("nothing was run yet: enter runs the chosen lesson")
        else:
            await self.show_session(session)

    def action_stop(self) -> None:
        """End the run."""
        session = self.runs.session
        if session is None or not session.alive:
            self.say("nothing is running")
            return
        session.stop()

    def action_interrupt(self) -> None:
        """Copy what is selected, or interrupt the program."""
        text = self.get_selected_text()
        session = self.runs.session
        if text:
            self.app.copy_to_clipboard(text)
            self.clear_selection()
            self.say("copied")
        elif session is not None and session.alive:
            session.interrupt()
            self.say("interrupted, as by ctrl+c in a terminal of its own")
        else:
            self.say("nothing is running; q quits")

    # Steps

    def _move(self, move: Callable[[Playhead], object]) -> None:
        playhead = self.runs.playhead
        if playhead is None:
            self.say("nothing was run yet: s starts the chosen lesson in step mode")
            return
        move(playhead)
        self.draw()

    def action_forward(self) -> None:
        """One step."""
        self._stop_playing()
        self._move(lambda playhead: playhead.forward())

    def action_back(self) -> None:
        """One step back."""
        self._stop_playing()
        self._move(lambda playhead: playhead.back())

    def action_next_switch(self) -> None:
        """To the next switch."""
        self._move(lambda playhead: playhead.next_switch())

    def action_previous_switch(self) -> None:
        """To the previous switch."""
        self._move(lambda playhead: playhead.previous_switch())

    def action_next_same(self) -> None:
        """To the coroutine's next step."""
        self._move(lambda playhead: playhead.same_coroutine(1))

    def action_previous_same(self) -> None:
        """To the coroutine's previous step."""
        self._move(lambda playhead: playhead.same_coroutine(-1))

    def action_first(self) -> None:
        """To the first step."""
        self._move(lambda playhead: playhead.first())

    def action_last(self) -> None:
        """To the newest step."""
        self._move(lambda playhead: playhead.last())

    def action_play(self) -> None:
        """Pause or play."""
        self._move(lambda playhead: playhead.play())

    def action_slower(self) -> None:
        """Play more slowly."""
        self._move(lambda playhead: playhead.change_speed(-1))

    def action_faster(self) -> None:
        """Play faster."""
        self._move(lambda playhead: playhead.change_speed(1))

    def action_go_on(self) -> None:
        """Let it run on."""
        self._move(lambda playhead: playhead.go_on())

    def _stop_playing(self) -> None:
        if self.runs.playhead is not None:
            self.runs.playhead.playing = False

    def action_breakpoint(self) -> None:
        """Set or clear a breakpoint on the current line."""
        from coroplay.tui.runs.runs import current_place

        playhead = self.runs.playhead
        place = current_place(playhead) if playhead is not None else None
        if place is None:
            self.say("there is no line here to put a breakpoint on")
        else:
            self.toggle_breakpoint(*place)

    def toggle_breakpoint(self, file: str, line: int) -> None:
        """Set or clear a breakpoint, and say so."""
        is_set = self.runs.toggle_breakpoint(file, line)
        name = file.rpartition("/")[2]
        self.stepping.set_breakpoints(self.runs.breakpoints)
        self.say(f"breakpoint {'set' if is_set else 'cleared'}: {name}, line {line}")
        self.draw()

    def action_next_program(self) -> None:
        """To the next program."""
        playhead = self.runs.playhead
        if playhead is not None and len(playhead.session.programs) > 1:
            session = playhead.session
            playhead.turn_to((session.current + 1) % len(session.programs))
            self.draw()

    # Looking

    def action_search(self) -> None:
        """Filter the lessons, or search the output."""
        if self.pane == "lessons" or self.runs.session is None:
            self.show_pane("lessons")
            self.lessons.open_filter()
        else:
            self.show_pane("output")
            self.output.open_search()

    def action_match(self, direction: int) -> None:
        """To another match."""
        if not self.output.go_to_match(direction):
            self.say("/ in the output searches")

    def action_follow(self) -> None:
        """Follow the output, or don't."""
        view = self.output.view
        if view is not None:
            (view.stay if view.scroll.following else view.follow)()
            self.say("following the output" if view.scroll.following else "staying here")

    def action_wrap(self) -> None:
        """Wrap the output's long lines, or don't."""
        wrap = self.settings.wrap = not self.settings.wrap
        self.output.wrap(wrap)
        self.say("long lines are wrapped" if wrap else "long lines are cut off: h l go sideways")

    def action_escape(self) -> None:
        """Close what is open."""
        closers = (self.lessons.close_filter, self.output.close_search)
        if self.pane == "output":
            closers = closers[::-1]
        if self.get_selected_text():
            self.clear_selection()
        elif any(close() for close in closers):
            pass
        elif self.typing:
            self.lessons.listing.focus()
        else:
            self.unzoom()

    def action_parameters(self) -> None:
        """Change parameters."""
        self.show_pane("lessons")
        if not self.lessons.parameters.focus_first():
            self.say("this lesson has no parameters")

    def action_help(self) -> None:
        """Show all keys."""
        from coroplay.tui.dialogs.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_theme(self) -> None:
        """Light or dark."""
        dark = self.app.current_theme.dark
        self.app.theme = "coroplay-light" if dark else "coroplay-dark"
