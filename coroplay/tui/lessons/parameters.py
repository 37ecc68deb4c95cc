"""The parameters of a lesson's programs, to be changed before a run."""

from __future__ import annotations

from typing import ClassVar, Final

from textual import events, on
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static

from coroplay.lessons import BadValue, Lesson, Parameter, Value
from coroplay.sanitizing import clean
from coroplay.tui.bindings import PARAMETERS, bindings

SetValues = dict[str, dict[str, Value]]
"""Values by program and by parameter."""
_NAME_WIDTH: Final = 12
"""Columns; the stylesheet leaves as many free beside the input."""


class WhichProgram(Static, can_focus=True):
    """The choice among a lesson's programs: all together, or one of them."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PARAMETERS)
    index = reactive(0)

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(markup=False)
        self._choices: list[tuple[str, str | None]] = [
            (clean(p.name), p.name) for p in lesson.programs
        ]
        if lesson.together is not None:
            how = f"{lesson.together.how.value}: {', '.join(lesson.together.programs)}"
            self._choices.insert(0, (clean(how), None))

    @property
    def program(self) -> str | None:
        """The name of the program; None for all that run together."""
        return self._choices[self.index][1]

    def render(self) -> str:
        """Draw the choice, between signs that there are others."""
        return f"run  ◂ {self._choices[self.index][0]} ▸"

    def action_turn(self, by: int) -> None:
        """Choose the next program, or the previous one."""
        self.index = (self.index + by) % len(self._choices)

    def on_click(self, event: events.Click) -> None:
        """Choose the next program."""
        event.stop()
        self.action_turn(1)


class Field(Widget, can_focus=True):
    """One parameter: its name and its value.

    An input takes long to make and few are ever used, so the value is only drawn until the person
    comes to change it. Then an input covers what is drawn.
    """

    def __init__(self, parameter: Parameter, text: str) -> None:
        super().__init__()
        self.parameter = parameter
        self._text = text
        self._input: Input | None = None
        self.tooltip = Content(clean(f"{parameter.help}: {parameter.expected}"))

    def render(self) -> Content:
        """Draw the name and the value."""
        name = Content.styled(clean(self.parameter.name), "$text-muted")
        room = max(0, self.size.width - _NAME_WIDTH)
        value = (
            Content(clean(self._text))
            .truncate(room, pad=True)
            .stylize_before("$foreground on $surface")
        )
        return name.truncate(_NAME_WIDTH, ellipsis=True, pad=True) + value

    @property
    def text(self) -> str:
        """The text in the field."""
        return self._text if self._input is None else self._input.value

    def value(self) -> Value:
        """Parse the text. Raises BadValue."""
        return self.parameter.parse(self.text)

    def edit(self) -> None:
        """Let the person change the value."""
        self._open().focus()

    def _open(self) -> Input:
        if self._input is None:
            self._input = Input(self._text, compact=True, select_on_focus=True)
            self.mount(self._input)
            self.can_focus = False
        return self._input

    def on_mount(self) -> None:
        """Mark a value that was left wrong."""
        if not _is_good(self.parameter, self._text):
            self._open()

    def on_focus(self) -> None:
        """Let the person change the value, after tab or a click."""
        self.edit()


class Parameters(Vertical):
    """All parameters of a lesson; their values are kept while the app runs."""

    class RunWanted(Message):
        """Enter was pressed in a parameter."""

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Lesson | None = None
        self._texts: dict[tuple[str, str], str] = {}

    async def show_fields(self, lesson: Lesson) -> None:
        """Show the parameters of that lesson."""
        if lesson is self._lesson:
            return
        self._lesson = lesson
        widgets: list[Widget] = []
        if len(lesson.programs) > 1:
            widgets.append(WhichProgram(lesson))
        for parameter in _parameters(lesson):
            default = parameter.argument(parameter.default)
            text = self._texts.get((lesson.id, parameter.name), default)
            widgets.append(Field(parameter, text))
        widgets.append(Static(id="parameter-problem", markup=False))
        async with self.batch():
            await self.remove_children()
            await self.mount_all(widgets)

    def clear(self) -> None:
        """Show no parameters."""
        self._lesson = None
        self.remove_children()

    @property
    def program(self) -> str | None:
        """The program to run alone; None for the lesson's own way."""
        found = self.query(WhichProgram)
        return found.first().program if found else None

    def values(self) -> SetValues:
        """Return the values by program. Raises BadValue, and shows the problem."""
        lesson = self._lesson
        if lesson is None:
            return {}
        values: dict[str, Value] = {}
        for field in self.query(Field):
            try:
                values[field.parameter.name] = field.value()
            except BadValue as error:
                self._show_problem(str(error))
                field.edit()
                raise
        self._show_problem("")
        return {
            program.name: {p.name: values[p.name] for p in program.parameters if p.name in values}
            for program in lesson.programs
        }

    def focus_first(self) -> bool:
        """Focus the first field; return False if there is none."""
        for field in self.query("WhichProgram, Field"):
            field.edit() if isinstance(field, Field) else field.focus()
            return True
        return False

    @on(Input.Changed)
    def _keep(self, event: Input.Changed) -> None:
        event.stop()
        field = event.input.parent
        # The last change may be reported after the fields have gone.
        if isinstance(field, Field) and field.parent is self and self._lesson is not None:
            self._texts[self._lesson.id, field.parameter.name] = event.value
            good = _is_good(field.parameter, event.value)
            event.input.set_class(not good, "-wrong")
            expected = f"{field.parameter.name} must be {field.parameter.expected}"
            self._show_problem("" if good else clean(expected))

    def _show_problem(self, problem: str) -> None:
        for shown in self.query("#parameter-problem").results(Static):
            shown.update(problem)
            shown.display = bool(problem)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.RunWanted())


def _is_good(parameter: Parameter, text: str) -> bool:
    try:
        parameter.parse(text)
    except BadValue:
        return False
    return True


def _parameters(lesson: Lesson) -> list[Parameter]:
    """Return the parameters of all programs, each name once: compared programs share theirs."""
    found: dict[str, Parameter] = {}
    for program in lesson.programs:
        for parameter in program.parameters:
            found.setdefault(parameter.name, parameter)
    return list(found.values())
