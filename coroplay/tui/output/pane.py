"""The output pane: a view for each program, the search, the totals, and the input line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from coroplay.sanitizing import clean

if TYPE_CHECKING:
    from coroplay.tui.output.input_line import InputLine
    from coroplay.tui.output.search_row import SearchRow
    from coroplay.tui.output.view import OutputView
    from coroplay.tui.runs.program import Running
    from coroplay.tui.runs.session import Session


_KEY: Final = "bold $primary"
_EMPTY: Final = (
    "Nothing has run yet.\n",
    *(("enter", _KEY), " runs the chosen lesson, ", ("s", _KEY), " starts it in step mode."),
)
_PLACEHOLDER: Final = "enter sends, esc leaves"
"""Short enough for every width: the bar of keys says the rest."""


class OutputPane(Vertical):
    """The second pane."""

    BORDER_TITLE = "Output"

    def __init__(self, *, wrapped: bool) -> None:
        super().__init__(id="output", classes="pane -empty")
        self._wrapped = wrapped
        self._session: Session | None = None
        self._views: list[OutputView] = []
        self._lines: list[str] = []
        """Lines below the views: times that are compared, and problems."""
        self._awaited = False
        """True if a program was waiting for input when it was looked at last."""

    def render(self) -> Content:
        """Draw the keys to press first, until there are views to cover them."""
        return Content.assemble(*(_EMPTY if self.has_class("-empty") else ()))

    async def prepare(self) -> None:
        """Mount everything but the views, which come with a run."""
        if self.query("#views"):
            return
        from coroplay.tui.output.input_line import InputLine
        from coroplay.tui.output.search_row import SearchRow
        from coroplay.tui.output.views import Views

        line = InputLine(id="input-line", compact=True, placeholder=_PLACEHOLDER)
        await self.mount(
            Views(),
            Static(id="totals", markup=False),
            SearchRow(),
            Horizontal(Static("input ▸", classes="label"), line, id="input-row"),
        )

    @property
    def views(self) -> list[OutputView]:
        """The views, one for each program."""
        return self._views

    @property
    def view(self) -> OutputView | None:
        """The view of the program that is looked at; None before a run."""
        session = self._session
        found = [v for v in self.views if session is not None and v.program is session.program]
        return found[0] if found else None

    async def show_session(self, session: Session) -> None:
        """Show the output of another session."""
        self._session = session
        self.close_search()
        self.remove_class("-empty")
        from coroplay.tui.output.view import OutputView

        # Views are used again: a screen that is laid out anew makes a person wait.
        for view, program in zip(self._views, session.programs, strict=False):
            view.show_program(program)
        further = session.programs[len(self._views) :]
        new = [OutputView(program, wrapped=self._wrapped) for program in further]
        extra = self._views[len(session.programs) :]
        self._views = [*self._views[: len(session.programs)], *new]
        if new or extra:
            async with self.batch():
                await self.query_one("#views", Vertical).mount_all(new)
                for view in extra:
                    await view.remove()
        self.set_class(len(session.programs) > 1, "-several")
        self.refresh_titles()

    def wrap(self, wrapped: bool) -> None:
        """Wrap long lines from now on, or cut them off."""
        self._wrapped = wrapped
        for view in self._views:
            view.wrap(wrapped)

    def paint(self, cursors: dict[int, int | None]) -> None:
        """Draw new output; `cursors` has the step after which to dim, by index of the program."""
        session = self._session
        if session is None:
            return
        for index, view in enumerate(self.views):
            view.cursor = cursors.get(index)
            view.paint()
        if self.has_class("-searching"):
            self._search_row.go_on()
        self.refresh_titles()
        self._show_input(session)

    def _show_input(self, session: Session) -> None:
        """Show the line for input while there can be some, and go there once it is waited for."""
        line = self.query_one("#input-line", Input)
        wants = any(program.wants_input for program in session.programs)
        awaits = any(program.awaits_input for program in session.programs)
        if wants != self.has_class("-input"):
            if not wants and line.has_focus and self.view is not None:
                self.view.focus()
            self.set_class(wants, "-input")
        if awaits and not self._awaited:
            line.focus()
        self._awaited = awaits

    def leave_input(self) -> bool:
        """Leave the line for input; return False if the person was not in there."""
        if self.view is None or not self.query_one("#input-line", Input).has_focus:
            return False
        self.view.focus()
        return True

    def refresh_titles(self) -> None:
        """Update the titles, the state of each program, and the lines below the views."""
        session = self._session
        if session is None:
            return
        view = self.view
        self.border_subtitle = _subtitle(view)
        if len(session.programs) > 1:
            for index, one in enumerate(self.views):
                one.border_title = Content(_title(one.program, index == session.current))
                one.set_class(index == session.current, "-current")
                one.border_subtitle = _subtitle(one) if one is not view else ""
        from coroplay.tui.output.totals import totals

        room = self.content_size.width - 2
        problems = _problems(session)
        over = [program for program in session.programs if program.ending is not None]
        stretches = [f"{clean(p.last_stretch)}." for p in over if p.last_stretch]
        remarks = [*stretches, *([clean(session.remark)] if session.remark else [])]
        lines = [*totals(session, room), *problems, *remarks]
        if lines != self._lines:
            shown = self.query_one("#totals", Static)
            shown.display = bool(lines)
            shown.set_class(bool(problems), "-failed")
            shown.update(Content("\n".join(lines)), layout=len(lines) != len(self._lines))
            self._lines = lines

    # Input

    @on(Input.Submitted, "#input-line")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        program = self._reader()
        if program is not None:
            program.type(event.value)

    def on_input_line_ended(self, event: InputLine.Ended) -> None:
        """Tell the program that no more input will come."""
        event.stop()
        program = self._reader()
        if program is not None:
            program.end_input()

    def _reader(self) -> Running | None:
        programs = self._session.programs if self._session else []
        return next((program for program in programs if program.wants_input), None)

    # Search

    @property
    def _search_row(self) -> SearchRow:
        from coroplay.tui.output.search_row import SearchRow

        return self.query_one(SearchRow)

    def open_search(self) -> None:
        """Let the person type words to search for."""
        self.add_class("-searching")
        self._search_row.open()

    def close_search(self) -> bool:
        """Close the search; return True if it was open."""
        if not self.has_class("-searching"):
            return False
        had_focus = self._search_row.has_focus_within
        self.remove_class("-searching")
        self._search_row.end()
        if had_focus and self.view is not None:
            self.view.focus()
        return True

    @on(Input.Submitted, "#search")
    def _search_it(self, event: Input.Submitted) -> None:
        event.stop()
        if self.view is not None and event.value:
            self.view.focus()
            self._search_row.begin(self.view, event.value)

    def go_to_match(self, direction: int) -> bool:
        """Go to the next match, or the previous one; return False if nothing is searched."""
        view = self.view
        return view is not None and self._search_row.go_to_match(view, direction)

    def on_resize(self, _event: events.Resize) -> None:
        """Update the lines below the views: they have another width."""
        self.refresh_titles()


def _title(program: Running, current: bool) -> str:
    mark = "▸ " if current else ""
    state = _state(program)
    return f"{mark}{clean(program.planned.name)} · {program.elapsed:.2f} s · {state}"


def _state(program: Running) -> str:
    if program.ending is None:
        return program.state.value
    from coroplay.trace.view.endings import describe_ending

    return describe_ending(program.ending)


def _subtitle(view: OutputView | None) -> str:
    if view is None:
        return ""
    if view.scroll.unseen:
        return f"▼ {view.scroll.unseen:,} new · f follows"
    if view.buffer.first_line:
        return f"{view.buffer.first_line:,} older lines are in the recording only"
    return ""


def _problems(session: Session) -> list[str]:
    """Return sentences on failures, with the keys to press."""
    given = [session.notice, *(program.problem for program in session.programs)]
    sentences = [clean(sentence) for sentence in given if sentence]
    failed = [p for p in session.programs if p.ending is not None and p.ending.status]
    if any(given[1:]) or not failed or not session.failed:
        return sentences
    back = "← goes back to where it failed, " if failed[0].last > 0 else ""
    return [*sentences, f"It has {_state(failed[0])}: {back}r runs it again."]
