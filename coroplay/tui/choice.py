"""The choice of a program to run: a lesson with its parameters, or a script of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from coroplay.lessons import Lesson
from coroplay.tui.bars.keybar import Hint
from coroplay.tui.panes import Panes
from coroplay.tui.settings import Settings

if TYPE_CHECKING:
    from coroplay.tui.dialogs.open_script import Opened
    from coroplay.tui.runs.runs import Runs
    from coroplay.tui.runs.session import Session


class Choice:
    """The chosen lesson, unless a script takes its place."""

    def __init__(self, panes: Panes, hint: Hint, settings: Settings) -> None:
        self.script: Opened | None = None
        self._panes = panes
        self._hint = hint
        self._settings = settings

    @property
    def title(self) -> str:
        """The name of the choice, for the header."""
        if self.script is not None:
            return self.script.path.name
        lesson = self._panes.lessons.chosen
        return f"{lesson.order} · {lesson.title}" if lesson else "no lesson"

    def choose_lesson(self, lesson: Lesson) -> None:
        """Choose that lesson in the list."""
        self._panes.lessons.close_filter()
        self._panes.lessons.listing.choose(lesson.id)

    def take_lesson(self, lesson: Lesson) -> None:
        """Take a lesson that was chosen in the list, and remember it."""
        self._settings.lesson = lesson.id
        self.script = None

    def take_script(self, path: Path, arguments: str = "") -> None:
        """Take a script in place of the lesson."""
        from coroplay.tui.dialogs.open_script import Opened, problem_with

        self.script = Opened(path, arguments)
        problem = problem_with(path)
        self._panes.lessons.show_script(path, problem)
        self._hint.say(problem or f"{path.name}: enter runs it, s starts it in step mode")

    def run(self, runs: Runs, *, paused: bool) -> Session | None:
        """Run the choice; None if there is none. Raises BadValue and RunError."""
        if self.script is not None:
            return runs.run_script(self.script.path, self.script.arguments, paused=paused)
        lesson, parameters = self._panes.lessons.chosen, self._panes.lessons.parameters
        if lesson is None:
            return None
        return runs.run_lesson(lesson, parameters.values(), parameters.program, paused=paused)
