"""The list of lessons, grouped as in the catalogue, each with a mark for its last run."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from coroplay.lessons import Lesson
from coroplay.sanitizing import clean
from coroplay.tui.bindings import LESSONS, bindings


class Mark(enum.Enum):
    """The outcome of a lesson's last run: a sign, and its style."""

    NOT_RUN = ("○", "$text-muted")
    RUNNING = ("▶", "$warning")
    RAN = ("●", "$success")
    FAILED = ("✗", "$error")


class LessonList(OptionList, inherit_bindings=False):
    """The lessons that match the filter."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LESSONS)

    class Chosen(Message):
        """Another lesson is the chosen one now."""

        def __init__(self, lesson: Lesson) -> None:
            super().__init__()
            self.lesson = lesson

    class RunWanted(Message):
        """A lesson was clicked twice."""

    class TextWanted(Message):
        """The person wants to read on in the chosen lesson's text, or back."""

        def __init__(self, pages: int) -> None:
            super().__init__()
            self.pages = pages

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        self._lessons = {lesson.id: lesson for lesson in lessons}
        self._marks: dict[str, Mark] = {}
        super().__init__(*self._options_for(""), markup=False)

    @property
    def chosen(self) -> Lesson | None:
        """The chosen lesson; None if there is none."""
        option = self.highlighted_option
        return None if option is None else self._lessons.get(option.id or "")

    def choose(self, lesson: str) -> None:
        """Choose the lesson with that id, or the first."""
        wanted = lesson if lesson in self._lessons else next(iter(self._lessons), "")
        for index, option in enumerate(self.options):
            if option.id == wanted:
                self.highlighted = index

    def filter(self, text: str) -> None:
        """List the lessons in which all words of the text occur."""
        chosen = self.chosen
        self.clear_options()
        self.add_options(self._options_for(text))
        ids = [option.id for option in self.options]
        if chosen is not None and chosen.id in ids:
            self.highlighted = ids.index(chosen.id)
        else:
            self.highlighted = next((i for i, one in enumerate(ids) if one), None)

    def mark(self, lesson: str, mark: Mark) -> None:
        """Mark a lesson with the outcome of its last run."""
        if self._marks.get(lesson) is mark or lesson not in self._lessons:
            return
        self._marks[lesson] = mark
        if any(option.id == lesson for option in self.options):
            self.replace_option_prompt(lesson, self._prompt(self._lessons[lesson]))

    def _options_for(self, text: str) -> list[Option]:
        words = text.lower().split()
        options: list[Option] = []
        group = None
        for lesson in self._lessons.values():
            searched = f"{lesson.order} {lesson.id} {lesson.title} {lesson.group}".lower()
            if not all(word in searched for word in words):
                continue
            if lesson.group != group:
                group = lesson.group
                options.append(Option(Content.styled(clean(group), "$text-muted"), disabled=True))
            options.append(Option(self._prompt(lesson), id=lesson.id))
        return options

    def _prompt(self, lesson: Lesson) -> Content:
        sign, style = self._marks.get(lesson.id, Mark.NOT_RUN).value
        return Content.assemble((sign, style), f"{lesson.order:>3} {clean(lesson.title)}")

    def action_read(self, pages: int) -> None:
        """Read on in the lesson's text, or back: the list itself is short."""
        self.post_message(self.TextWanted(pages))

    def on_resize(self) -> None:
        """Keep the chosen lesson in sight, however few rows there are."""
        self.call_after_refresh(self.scroll_to_highlight)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Report the lesson that is chosen now."""
        event.stop()
        lesson = self._lessons.get(event.option.id or "")
        if lesson is not None:
            self.post_message(self.Chosen(lesson))

    def on_click(self, event: events.Click) -> None:
        """Choose the clicked lesson, and run it at the second click."""
        event.prevent_default()
        index = event.style.meta.get("option")
        if isinstance(index, int) and not self.options[index].disabled:
            self.highlighted = index
            if event.chain == 2:
                self.post_message(self.RunWanted())
