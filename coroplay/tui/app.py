"""The playground as a Textual app: its themes, its commands, its start and its end."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import MountError

from coroplay.lessons import Catalogue, Lesson
from coroplay.sanitizing import clean
from coroplay.tui import settings as kept
from coroplay.tui.bindings import BY_ID, EVERYWHERE, KEYS
from coroplay.tui.drawing import coroutine_colours
from coroplay.tui.drawing.themes import DARK, OWN
from coroplay.tui.screen import MainScreen

if TYPE_CHECKING:
    from coroplay.trace import Recording

_ENDING: Final = (signal.SIGTERM, signal.SIGHUP)


class Start(NamedTuple):
    """The first thing on the screen: a lesson, a script or a recording."""

    lesson: Lesson | None = None
    script: Path | None = None
    arguments: str = ""
    """Arguments for the script, as typed in a shell."""
    recording: Recording | None = None


class Playground(App[None]):
    """The app, on a terminal of any size."""

    TITLE = "coroplay"
    ENABLE_COMMAND_PALETTE = False
    """Not Textual's: see `dialogs.command_palette`."""
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
        Binding("ctrl+c", "interrupt", show=False, system=True),
    ]

    def __init__(self, catalogue: Catalogue, start: Start | None = None) -> None:
        loaded = kept.load(os.environ)
        self.settings = loaded.settings
        self._settings_problem = loaded.problem
        self._leave_settings = loaded.keep
        self.last_words = ""
        """A sentence for the person once the terminal is theirs again."""
        # Set later, a theme has every rule of every stylesheet read once more.
        self.set_reactive(App.theme, self.settings.theme)
        super().__init__()
        for theme in OWN.values():
            self.register_theme(theme)
        if self.theme not in self.available_themes:
            self.theme = DARK.name
        self._catalogue = catalogue
        self._start = start or Start()
        if self._start.lesson is not None:
            self.settings.lesson = self._start.lesson.id
        if self._start != Start():  # A person who asks for something wants to see it first.
            self.settings.pane, self.settings.zoomed = "lessons", False

    def get_theme(self, theme_name: str) -> Theme | None:
        """Return a theme by its name, quickly: Textual asks with every line that it draws."""
        return OWN.get(theme_name) or super().get_theme(theme_name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the coroutines' colours, for a dark or a light theme."""
        return coroutine_colours.variables(self.current_theme.dark)

    def get_default_screen(self) -> Screen[None]:
        """Make the playground's main screen."""
        return MainScreen(self._catalogue, self.settings)

    @property
    def main(self) -> MainScreen:
        """The main screen."""
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    def on_mount(self) -> None:
        """Handle the signals that end the app, and begin after the first frame."""
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            loop.add_signal_handler(number, partial(self._end_by, number))
        self.call_after_refresh(self._begin)

    async def _begin(self) -> None:
        start = self._start
        if self._settings_problem:
            self.main.hint.say(clean(self._settings_problem))
        if start.script is not None:
            self.main.choice.take_script(start.script, start.arguments)
        await self.main.run_display.prepare()
        if start.recording is not None:
            await self.main.run_display.open_recording(start.recording)
        gc.freeze()
        gc.enable()

    def _end_by(self, number: signal.Signals) -> None:
        self.exit(return_code=128 + number)

    def on_unmount(self) -> None:
        """Remember what the person chose."""
        self.settings.theme = self.theme
        if self._leave_settings:
            return
        try:
            kept.save(self.settings, os.environ)
        except kept.SettingsError as error:
            self.last_words = clean(str(error))

    def _handle_exception(self, error: Exception) -> None:
        # Once the app is on its way out nothing is mounted any more, and missing widgets are not
        # found. Work that an earlier key has begun comes too late then, and that is no failure.
        if not (self._exit and isinstance(error, MountError | NoMatches)):
            super()._handle_exception(error)

    def action_interrupt(self) -> None:
        """Copy or interrupt, also where something is typed."""
        self.main.action_interrupt()

    def action_command_palette(self) -> None:
        """Offer lessons and commands by name."""
        from coroplay.tui.dialogs.command_palette import CommandPalette

        if self.screen is self.main:
            self.push_screen(
                CommandPalette(self.get_system_commands(self.main)), self._command_chosen
            )

    def _command_chosen(self, command: SystemCommand | None) -> None:
        if command is not None:
            self.call_later(command.callback)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:  # noqa: ARG002
        """Return lessons, actions of keys, and themes, for the palette."""
        for lesson in self._catalogue.lessons:
            title = clean(f"Lesson {lesson.order}: {lesson.title}")
            choose = partial(self.main.choice.choose_lesson, lesson)
            yield SystemCommand(title, clean(lesson.summary), choose)
        for key in KEYS:
            if key.group in EVERYWHERE and not key.action.startswith("app."):
                name = f"{key.label[:1].upper()}{key.label[1:]} ({key.shown})"
                run = partial(self.main.run_action, f"screen.{key.action}")
                yield SystemCommand(name, key.tooltip, run)
        yield SystemCommand("Quit (q)", BY_ID["quit"].tooltip, self.exit)
        for name in self.available_themes:
            use = partial(setattr, self, "theme", name)
            yield SystemCommand(f"Theme: {name}", "Use these colours, also next time.", use)
