"""The lessons pane: choosing a lesson, reading about it, and setting its parameters."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from coroplay.lessons import Catalogue, Lesson
from coroplay.sanitizing import clean
from coroplay.tui.lessons.listing import LessonList
from coroplay.tui.lessons.parameters import Parameters

_LONG = "Markdown"
_QUIET = 0.25
"""Seconds on one lesson before its long text is laid out: that takes a while."""


class LessonText(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The lesson's points to watch, and below them its own text; the list has the keys."""

    def compose(self) -> ComposeResult:
        """Lay out the short text; the long one comes later."""
        yield Static(id="watch", markup=False)

    def show_summary(self, lesson: Lesson) -> None:
        """Show the short text of a lesson."""
        self.query(_LONG).remove()
        parts: list[Content] = [Content.styled("What to watch", "bold $warning")]
        parts += [Content(f"• {clean(sentence)}") for sentence in lesson.watch]
        self.query_one("#watch", Static).update(Content("\n").join(parts))
        self.scroll_home(animate=False)

    def show_text(self, text: str) -> None:
        """Show a text in place of a lesson's."""
        self.query(_LONG).remove()
        self.query_one("#watch", Static).update(Content(text))

    async def add_readme(self, markdown: str) -> None:
        """Add the long text below."""
        from textual.widgets import Markdown  # Slow to import, and not needed at once.

        await self.query(_LONG).remove()
        await self.mount(Markdown(_without_escapes(markdown), open_links=False))


class LessonsPane(Vertical):
    """The list of lessons, the chosen lesson's text, and its parameters."""

    BORDER_TITLE = "Lessons"

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__(id="lessons", classes="pane -shown")
        self._catalogue = catalogue
        self._later: Timer | None = None
        self._filter: Input | None = None
        self.border_subtitle = "/ filter"

    def compose(self) -> ComposeResult:
        """Lay out the list, the text and the parameters; the filter comes when it is wanted."""
        yield LessonList(self._catalogue.lessons)
        yield LessonText()
        yield Parameters()

    @property
    def listing(self) -> LessonList:
        """The list of lessons."""
        return self.query_one(LessonList)

    @property
    def parameters(self) -> Parameters:
        """The parameters of the chosen lesson."""
        return self.query_one(Parameters)

    @property
    def chosen(self) -> Lesson | None:
        """The chosen lesson; None if there is none."""
        return self.listing.chosen

    def on_mount(self) -> None:
        """Say that there are no lessons, or that some are faulty."""
        if not self._catalogue.lessons:
            self.query_one(LessonText).show_text(_nothing_there(self._catalogue))
        elif self._catalogue.faults:
            files = len({fault.file for fault in self._catalogue.faults})
            self.border_subtitle = f"{files} faulty: coroplay check-lessons"

    def show_script(self, path: Path, problem: str) -> None:
        """Show a script in place of a lesson, until a lesson is chosen."""
        self.listing.highlighted = None
        keys = "enter runs it, s starts it in step mode, o changes it."
        text = f"{clean(str(path))}\n\n{problem or keys}"
        self.query_one(LessonText).show_text(text)
        self.parameters.clear()

    def open_filter(self) -> None:
        """Let the person type a filter."""
        self.add_class("-filtering")
        if self._filter is None:
            self._filter = Input(id="filter", compact=True, placeholder="filter: words or a number")
            self.mount(self._filter, before=0)
        self._filter.focus()

    def close_filter(self) -> bool:
        """List all lessons again; return True if a filter was open."""
        was_open = self.has_class("-filtering")
        self.remove_class("-filtering")
        if self._filter is not None:
            self._filter.clear()
        if was_open:
            self.listing.focus()
        return was_open

    @on(Input.Changed, "#filter")
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.listing.filter(event.value)
        if not self.listing.options:
            self.query_one(LessonText).show_text("No lesson matches. esc shows them all.")

    @on(Input.Submitted, "#filter")
    def _filtered(self, event: Input.Submitted) -> None:
        event.stop()
        self.listing.focus()

    @on(LessonList.TextWanted)
    def _read(self, event: LessonList.TextWanted) -> None:
        event.stop()
        text = self.query_one(LessonText)
        text.scroll_relative(y=event.pages * max(1, text.size.height - 1), animate=False)

    def on_click(self) -> None:
        """Focus the list at a click on the text, which takes no keys."""
        if self.screen.focused is None:
            self.listing.focus()

    @on(LessonList.Chosen)
    async def _chosen(self, event: LessonList.Chosen) -> None:
        if event.lesson is not self.chosen:
            return
        text = self.query_one(LessonText)
        text.show_summary(event.lesson)
        await self.parameters.show_fields(event.lesson)
        # Counted from the frame with the short text: on a slow machine that would wait otherwise.
        self.call_after_refresh(self._add_later, event.lesson)

    def _add_later(self, lesson: Lesson) -> None:
        if self._later is not None:
            self._later.stop()
        self._later = self.set_timer(_QUIET, partial(self._add_readme, lesson))

    @work(group="readme", exclusive=True, exit_on_error=False)
    async def _add_readme(self, lesson: Lesson) -> None:
        if lesson is self.chosen:
            await self.query_one(LessonText).add_readme(lesson.readme)


def _nothing_there(catalogue: Catalogue) -> str:
    sentence = "There are no lessons here. o opens a script of your own."
    return "\n".join([sentence, *(clean(str(fault)) for fault in catalogue.faults[:5])])


def _without_escapes(markdown: str) -> str:
    # Markdown would turn an entity into its character, whichever that is.
    markdown = re.sub(r"&#?\w+;", _dereferenced, markdown)
    return "\n".join(clean(line.expandtabs(4)) for line in markdown.splitlines())


def _dereferenced(match: re.Match[str]) -> str:
    from html import unescape  # Only lessons with entities need it.

    meant = unescape(match[0])
    return match[0] if meant.isascii() else meant
