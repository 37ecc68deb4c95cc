"""The fourth pane: a timeline for each program of the run, below each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import VerticalScroll
from textual.content import Content

from coroplay.tui.harmless import harmless

if TYPE_CHECKING:
    from coroplay.tui.playhead import Playhead
    from coroplay.tui.running.program import Running
    from coroplay.tui.running.session import Session
    from coroplay.tui.stepping import Timeline

EMPTY: Final = "When a program has run, you see here who ran when. Press enter to run it."


class TimelinePane(VerticalScroll, can_focus=False):
    """Time, for all programs that run together."""

    BORDER_TITLE = "Timeline"

    def __init__(self) -> None:
        super().__init__(id="timeline", classes="pane -empty")
        self._session: Session | None = None
        self._rows: dict[int, int] = {}
        self._timelines: list[Timeline] = []

    def render(self) -> Content:
        """What to press, until timelines cover it."""
        return Content(EMPTY if self.has_class("-empty") else "")

    @property
    def timelines(self) -> list[Timeline]:
        """The timelines, in the order of the programs."""
        return self._timelines

    async def show_session(self, session: Session) -> None:
        """Have a timeline for each of its programs."""
        from coroplay.tui.stepping import Timeline

        self.remove_class("-empty")
        self._session = session
        self.set_class(len(session.programs) > 1, "-several")
        missing = len(session.programs) - len(self._timelines)
        new = [Timeline() for _ in range(missing)]
        await self.mount_all(new)
        for extra in self._timelines[len(session.programs) :]:
            await extra.remove()
        self._timelines = [*self._timelines[: len(session.programs)], *new]

    def show(self, playhead: Playhead) -> None:
        """Draw all of them at the cursor."""
        session = playhead.session
        several = len(session.programs) > 1
        for index, timeline in enumerate(self.timelines[: len(session.programs)]):
            program = session.programs[index]
            timeline.show(program.recording, playhead.cursor_of(index))
            timeline.set_class(several and index == session.current, "-current")
            if several:
                timeline.border_title = Content(harmless(program.part.name))
            self._give_room(index, timeline, program, several=several)

    def refresh_live(self) -> None:
        """The recordings have grown, or ended."""
        for timeline in self.timelines:
            timeline.refresh_live()

    def _give_room(
        self, index: int, timeline: Timeline, program: Running, *, several: bool
    ) -> None:
        """As many rows as there are lanes, an axis and a legend: up to a limit."""
        recording = program.recording
        if not recording and program.alive:
            return  # It has as much room as the one before had, until there is something to see.
        lanes = recording.spawned_by(len(recording) - 1) if recording and len(recording) else 1
        rows = min(lanes, 3 if several else 6) + (3 if several else 2)
        if self._rows.get(index) != rows:
            self._rows[index] = rows
            timeline.styles.height = rows

    def focus_first(self) -> None:
        """Give the keys to the timeline of the program that is looked at."""
        index = self._session.current if self._session else 0
        if self._timelines:
            self._timelines[min(index, len(self._timelines) - 1)].focus()
