"""The step-through: a sentence and, under it, source, exchange and source at one cursor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from coroplay.sanitizing import clean
from coroplay.trace import Recording, RecordingError
from coroplay.trace.view import (
    Moment,
    Pair,
    Pane,
    Sentence,
    Source,
    Switches,
    exchange,
    explain_moment,
    further,
    name_of,
    pair,
    pane,
    say,
)
from coroplay.tui.bindings import STEPPING, bindings
from coroplay.tui.stepping import arrangement
from coroplay.tui.stepping.arrangement import FURTHER, arrange, most_others, room_for_more
from coroplay.tui.stepping.exchange_pane import ExchangePane
from coroplay.tui.stepping.highlighting import Listing, Listings, coloured
from coroplay.tui.stepping.line_picker import NEED_A_LINE, LinePicker
from coroplay.tui.stepping.source_pane import SourcePane
from coroplay.tui.stepping.text_rows import OthersView, SentenceView

_ALONE: Final = "No other coroutine yet."
_ALONE_TO_THE_END: Final = "There was no other coroutine."
_NOTHING: Final = say(
    "Nothing has run yet. Press enter to run the program, or s to step through it from its "
    "first line."
)
_STARTING: Final = say(
    "You stand before the first step. Press → to take it, or enter to run the program from "
    "the start."
)


class StepThrough(Widget, can_focus=True):
    """One step of a recording: a sentence, and the coroutines between which it happens."""

    BORDER_TITLE = "Step through"
    BINDINGS: ClassVar[list[BindingType]] = bindings(STEPPING)
    DEFAULT_CSS = arrangement.CSS

    @dataclass
    class CursorMoved(Message):
        """The person wants to stand on another step."""

        step_through: StepThrough
        step: int

        @property
        def control(self) -> StepThrough:
            """The step-through in which they asked for it."""
            return self.step_through

        def can_replace(self, message: Message) -> bool:
            """Return True for an earlier wish: only the latest counts."""
            return isinstance(message, StepThrough.CursorMoved)

    @dataclass
    class RunToHere(Message):
        """The person wants the program to run up to that line."""

        step_through: StepThrough
        file: str
        line: int

        @property
        def control(self) -> StepThrough:
            """The step-through in which they asked for it."""
            return self.step_through

    @dataclass
    class BreakpointToggled(Message):
        """The person wants a breakpoint at that line, or none any more."""

        step_through: StepThrough
        file: str
        line: int

        @property
        def control(self) -> StepThrough:
            """The step-through in which they asked for it."""
            return self.step_through

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, classes=classes)
        self._recording: Recording | None = None
        self._cursor = -1
        self._switches: Switches | None = None
        self._pair: Pair | None = None
        self._further: list[int] = []
        self._panes: dict[str, Pane | None] = {}
        self._listings = Listings(self._highlight)
        self._breakpoints: dict[str, set[int]] = {}
        self._length = 0
        """Number of steps when the exchange was shown last."""
        self.picker = LinePicker(lambda: list(self.query(SourcePane)))

    def compose(self) -> ComposeResult:
        """Lay out the sentence, the panes, and the other coroutines."""
        yield SentenceView(id="step-sentence")
        with Container(id="step-panes"):
            yield SourcePane(id="step-left")
            yield ExchangePane(id="step-exchange")
            yield SourcePane(id="step-right")
            for name in FURTHER:
                yield SourcePane(id=f"step-{name}", classes="further")
        yield OthersView(id="step-others")

    # The recording and the cursor

    def show_step(self, recording: Recording | None, cursor: int) -> None:
        """Show that step; without one, or before the first, show the keys to press."""
        if recording is not self._recording:
            self._begin(recording)
        self._cursor = cursor
        if self.is_mounted:
            self._show_all()

    def refresh_live(self) -> None:
        """Show the switches that have come after the cursor, if the recording has grown."""
        if self._recording is not None and len(self._recording) != self._length:
            self._show_exchange()

    def set_breakpoints(self, places: Iterable[tuple[str, int]]) -> None:
        """Mark breakpoints at these files and lines, and at no others."""
        self._breakpoints = {}
        for file, line in places:
            self._breakpoints.setdefault(file, set()).add(line)
        if self.is_mounted:
            self._show_sources()

    # Showing

    def _begin(self, recording: Recording | None) -> None:
        self._recording = recording
        self._switches = Switches(recording) if recording is not None else None
        self._pair = None
        self._further = []
        self.remove_class("-more")
        self._listings = Listings(self._highlight)
        for source in self.query(SourcePane):
            source.forget()
        for drawn in self.query(ExchangePane):
            drawn.forget_strips()

    def on_mount(self) -> None:
        """Show the step: now there are panes for it."""
        self._show_all()

    def on_resize(self, event: Resize) -> None:
        """Choose the arrangement that fits."""
        arrange(self, event.size)
        self.call_after_refresh(self._show_all)

    def _show_all(self) -> None:
        recording, cursor = self._recording, self._cursor
        if recording is None or self._switches is None or not 0 <= cursor < len(recording):
            self._show_nothing(_NOTHING if recording is None else _STARTING)
            return
        try:
            self._show_moment(Moment(recording, cursor), self._switches)
        except RecordingError as error:
            self._show_nothing(say(f"This step can't be shown: {clean(str(error))}."))

    def _show_moment(self, moment: Moment, switches: Switches) -> None:
        self._pair = pair(moment, switches, self._pair)
        self.query_one(SentenceView).show_sentence(explain_moment(moment))
        self._choose_further(moment, self._pair)
        sides = {"left": self._pair.left, "right": self._pair.right}
        sides |= dict(zip(FURTHER, self._further, strict=False))
        self._panes = {
            side: None if one is None else pane(moment, one) for side, one in sides.items()
        }
        self.query_one("#step-right", SourcePane).instead = (
            _ALONE_TO_THE_END if moment.is_over else _ALONE
        )
        self._show_sources()
        self._show_exchange()
        self._show_others(moment)

    def _choose_further(self, moment: Moment, shown: Pair) -> None:
        room = room_for_more(self.size)
        self._further = further(moment, shown, self._further, len(FURTHER) if room else 0)
        # Once there, the second row stays: the rows above it would jump otherwise.
        self.set_class(room and (bool(self._further) or self.has_class("-more")), "-more")

    def _show_nothing(self, why: Sentence) -> None:
        self.query_one(SentenceView).show_sentence(why)
        self._pair = None
        self._panes = {}
        self.query_one("#step-right", SourcePane).instead = ""
        self._show_sources()
        self.query_one(ExchangePane).show_arrows((), None, str)
        self.query_one(OthersView).show_others((), 0)

    def _show_sources(self) -> None:
        for side in ("left", "right", *FURTHER):
            shown = self._panes.get(side)
            file = shown.place.file if shown and shown.place else None
            listing = self._listings.of(file) if file else None
            breaks = self._breakpoints.get(file, ()) if file else ()
            self.query_one(f"#step-{side}", SourcePane).show_coroutine(shown, listing, breaks)

    def _show_exchange(self) -> None:
        recording, drawn = self._recording, self.query_one(ExchangePane)
        if recording is None or self._switches is None or self._pair is None:
            return
        self._length = len(recording)
        arrows = exchange(self._switches, self._cursor, drawn.room, self._pair)
        drawn.show_arrows(arrows, self._pair, lambda one: _name(recording, one))

    def _show_others(self, moment: Moment) -> None:
        shown = self._pair
        assert shown is not None
        view = self.query_one(OthersView)
        others = [one for one in shown.others if one not in self._further]
        view.show_others([pane(moment, one) for one in others], shown.unshown, _note(moment))
        wanted = min(view.rows_for(max(1, self.size.width - 2)), most_others(self.size))
        if wanted > view.size.height:
            view.styles.height = wanted

    # Sources

    def _highlight(self, source: Source) -> None:
        """Leave it to a thread; a fault in there ends the app, as it would anywhere else."""
        self.run_worker(
            lambda: coloured(source),
            name="highlight",
            group="highlight",
            thread=True,
            exit_on_error=True,
        )

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show a file in colour: a thread has highlighted it."""
        listing = event.worker.result
        if event.state is WorkerState.SUCCESS and isinstance(listing, Listing):
            self._listings.put(listing)
            self._show_sources()

    # Wishes

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys for a picked line to others while none is picked."""
        if action in NEED_A_LINE:
            return self.picker.picked is not None
        return super().check_action(action, parameters)

    def action_pick(self, by: int) -> None:
        """Pick a line further down, or up."""
        self.picker.pick(by)

    def action_unpick(self) -> None:
        """Pick no line any more."""
        self.picker.unpick()

    def action_run_to_picked(self) -> None:
        """Ask for a run to the picked line."""
        place = self.picker.picked
        if place is not None:
            self.picker.unpick()
            self.post_message(self.RunToHere(self, *place))

    def action_break_at_picked(self) -> None:
        """Ask for a breakpoint at the picked line, or for none any more."""
        place = self.picker.picked
        if place is not None:
            self.post_message(self.BreakpointToggled(self, *place))

    def on_source_pane_line_chosen(self, message: SourcePane.LineChosen) -> None:
        """Ask for a breakpoint at a line whose gutter was clicked, or for a run to a line."""
        message.stop()
        wish = self.BreakpointToggled if message.in_gutter else self.RunToHere
        self.post_message(wish(self, message.file, message.line))

    def on_exchange_pane_arrow_chosen(self, message: ExchangePane.ArrowChosen) -> None:
        """Ask for the step of the arrow that was clicked."""
        message.stop()
        self.post_message(self.CursorMoved(self, message.step))


def _name(recording: Recording, coroutine: int) -> str:
    """Return a coroutine's name, or its number where a damaged recording has none."""
    try:
        return name_of(recording, coroutine)
    except RecordingError:
        return f"coroutine {coroutine}"


def _note(moment: Moment) -> str:
    """Return the probe's remark on this part of the recording, if there is one."""
    notes = moment.recording.notes
    if notes.silent_at is not None and moment.index >= notes.silent_at:
        return f"The recording ends here: {clean(notes.silent_why, 200)}"
    if notes.lines_until is not None and moment.index >= notes.lines_until:
        return "Too fast for lines: from here on only switches and output are recorded."
    return ""
