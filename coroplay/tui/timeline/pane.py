"""The timeline pane: a timeline for each program of the run, below each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import VerticalScroll
from textual.content import Content

from coroplay.sanitizing import clean

if TYPE_CHECKING:
    from coroplay.tui.runs.playhead import Playhead
    from coroplay.tui.runs.program import Running
    from coroplay.tui.runs.session import Session
    from coroplay.tui.timeline.timeline import Timeline

_SHARE: Final = 0.42
"""Part of the screen's height that the timelines may take up where there are many lanes."""
_SHARE_UNDER_TWO: Final = 0.34
"""The same where lessons and output share the rest, one above the other."""
_FRAME: Final = 2
_FEW: Final = 6
"""Lanes that have room in any case."""
_FEWEST: Final = 3
"""Lanes of each program that have room in any case, where there are several programs."""
EMPTY: Final = "When a program has run, you see here who ran when. Press enter to run it."


class TimelinePane(VerticalScroll, can_focus=False, inherit_bindings=False):
    """Time, for all programs that run together."""

    BORDER_TITLE = "Timeline"

    def __init__(self) -> None:
        super().__init__(id="timeline", classes="pane -empty")
        self._session: Session | None = None
        self._rows: dict[int, int] = {}
        self._timelines: list[Timeline] = []

    def render(self) -> Content:
        """Draw the key to press first, until timelines cover it."""
        return Content(EMPTY if self.has_class("-empty") else "")

    @property
    def timelines(self) -> list[Timeline]:
        """The timelines, in the order of the programs."""
        return self._timelines

    async def show_session(self, session: Session) -> None:
        """Have a timeline for each program of a session."""
        from coroplay.tui.timeline.axis import Axis
        from coroplay.tui.timeline.timeline import Timeline

        self.remove_class("-empty")
        self._session = session
        self.set_class(len(session.programs) > 1, "-several")
        missing = len(session.programs) - len(self._timelines)
        new = [Timeline() for _ in range(missing)]
        await self.mount_all(new)
        for extra in self._timelines[len(session.programs) :]:
            await extra.remove()
        self._timelines = [*self._timelines[: len(session.programs)], *new]
        axis = Axis()
        for timeline in self._timelines:
            timeline.share_axis(axis)

    def show_cursor(self, playhead: Playhead) -> None:
        """Draw all timelines at the cursor."""
        session = playhead.session
        several = len(session.programs) > 1
        for index, timeline in enumerate(self.timelines[: len(session.programs)]):
            program = session.programs[index]
            leads = index == session.current
            timeline.show_recording(program.recording, playhead.cursor_of(index), leads=leads)
            timeline.set_class(several and leads, "-current")
            timeline.explain(index == len(session.programs) - 1)
            if several:
                timeline.border_title = Content(clean(program.planned.name))
        self._give_room(session.programs)
        self._follow_axis()

    def refresh_live(self) -> None:
        """Draw the steps that have come: recordings have grown, or ended."""
        for timeline in self.timelines:
            timeline.refresh_live()
        self._follow_axis()

    def on_timeline_axis_changed(self) -> None:
        """Have all timelines follow one that was zoomed or panned."""
        self._follow_axis()

    def _follow_axis(self) -> None:
        for timeline in self.timelines:
            timeline.follow_axis()

    def _give_room(self, programs: list[Running]) -> None:
        """Give each timeline rows for its lanes, axis and legend, as far as there is room."""
        if any(not program.recording and program.alive for program in programs):
            return  # The timelines keep their room until there is something to see.
        most_at_least = _FEWEST if len(programs) > 1 else _FEW
        lanes = [_lanes(program) for program in programs]
        around = _around(len(programs))
        least = [n + min(count, most_at_least) for n, count in zip(around, lanes, strict=True)]
        wanted = [n + count for n, count in zip(around, lanes, strict=True)]
        rows = share_rows(self._room(), wanted, least)
        for index, timeline in enumerate(self.timelines[: len(rows)]):
            if self._rows.get(index) != rows[index]:
                self._rows[index] = rows[index]
                timeline.styles.height = rows[index]

    def _room(self) -> int:
        """Return the number of rows for all timelines together."""
        if self.screen.has_class("-zoomed") or self.screen.has_class("-narrow"):
            return self.size.height
        share = _SHARE_UNDER_TWO if self.screen.has_class("-medium") else _SHARE
        return int(self.screen.size.height * share) - _FRAME

    def focus_current(self) -> None:
        """Focus the timeline of the program that is looked at."""
        index = self._session.current if self._session else 0
        if self._timelines:
            self._timelines[min(index, len(self._timelines) - 1)].focus()


def _around(count: int) -> list[int]:
    """Return rows besides the lanes: axis, a title if there are several, a legend for the last."""
    axis = [2] * count if count > 1 else [1]
    return [*axis[:-1], axis[-1] + 1]


def share_rows(room: int, wanted: list[int], least: list[int]) -> list[int]:
    """Return rows for each: its least, and then as much of the rest as it wants."""
    rows = list(least)
    while sum(rows) < room and rows != wanted:
        neediest = max(range(len(rows)), key=lambda index: wanted[index] - rows[index])
        rows[neediest] += 1
    return rows


def _lanes(program: Running) -> int:
    recording = program.recording
    return recording.count_spawned(len(recording) - 1) if recording and len(recording) else 1
