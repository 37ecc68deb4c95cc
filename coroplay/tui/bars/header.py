"""The line at the top: what is looked at, how it stands, and how long it took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from coroplay.tui.harmless import harmless

if TYPE_CHECKING:
    from coroplay.tui.runs.playhead import Playhead
    from coroplay.tui.runs.program import Running

_SIGNS = {
    "READY": ("○", "$text-muted"),
    "STARTING": ("…", "$text-muted"),
    "RUNNING": ("▶", "$text-success"),
    "PAUSED": ("‖", "$text-warning"),
}
Part = tuple[str, str]
Group = list[Part]
_NAME: Part = (" coroplay ", "bold $background on $primary")
_SHORTEST_TITLE = 12


class Header(Widget):
    """Drawn again without touching the layout, many times a second."""

    def __init__(self) -> None:
        super().__init__(id="header")
        self._title = ""
        self._status: list[Group] = []

    def show(self, title: str, playhead: Playhead | None) -> None:
        """Say how things stand, if that has changed."""
        status = [] if playhead is None else _status(playhead)
        if (title, status) != (self._title, self._status):
            self._title, self._status = title, status
            self.refresh()

    def render(self) -> Content:
        """What there is room for."""
        return Content.assemble(*_line(self._title, self._status, self.size.width))


def _line(title: str, status: list[Group], width: int) -> list[Part]:
    """What there is room for: the title gives way first, then what is said last."""
    title = harmless(title)
    room = width - sum(map(_width, status)) - _width([_NAME]) - 4
    if room >= min(len(title), _SHORTEST_TITLE):
        cut = title if len(title) <= room else f"{title[: room - 1]}…"
        return [_NAME, (f"  {cut}  ", "bold"), *(part for group in status for part in group)]
    line: Group = [(f" {title.partition(' ')[0]} ", _NAME[1])]
    for group in status:
        if _width(line) + _width(group) > width:
            break
        line = [*line, *group]
    return line


def _width(parts: Group) -> int:
    return sum(cell_len(text) for text, _ in parts)


def _status(playhead: Playhead) -> list[Group]:
    """What is to be said, the most important first."""
    program = playhead.session.program
    stopped = playhead.session.stopped and program.ending is not None
    groups = [[_state(playhead, program), (" (stopped)" if stopped else "", "$text-muted")]]
    groups.append([("   elapsed ", "$text-muted"), (f"{program.elapsed:.2f} s", "$text")])
    if program.last >= 0:
        more = "" if program.state.name == "ENDED" else "+"
        count = f"   step {playhead.cursor + 1:,} of {program.last + 1:,}{more}"
        groups.insert(1, [(count, "$text")])
    if program.survey is not None and program.survey.switches:
        at, total = program.survey.switches_until(playhead.cursor), program.survey.switches
        count = f"{total:,}" if at == total else f"{at:,} of {total:,}"
        groups.append([("   switches ", "$text-muted"), (count, "$text")])
    return [*groups, _notes(program)]


def _state(playhead: Playhead, program: Running) -> Part:
    if playhead.playing:
        return (f"   » playing at {playhead.steps_a_second:g}/s", "bold $text-accent")
    if program.state.name != "ENDED":
        sign, style = _SIGNS[program.state.name]
        word = "waiting for its turn" if program.state.name == "READY" else program.state.value
        return (f"   {sign} {word}", f"bold {style}")
    if program.ending is None:
        return ("   ■ not ended properly", "$text-muted")
    status = program.ending.status
    if status == 0:
        return ("   ■ done, exit status 0", "$text-success")
    if status > 128 and program.ending.kind.value != "exit":
        return (f"   ✗ ended by signal {status - 128}", "bold $text-error")
    return (f"   ✗ exit status {status}", "bold $text-error")


def _notes(program: Running) -> list[Part]:
    recording = program.recording
    if recording is None:
        return []
    parts: list[Part] = []
    notes = recording.notes
    if notes.silent_at is not None:
        parts.append((f"   not recorded from here on: {harmless(notes.silent_why)}", "$text-error"))
    elif notes.lines_until is not None:
        what = f"   lines recorded up to step {notes.lines_until:,}, then only switches"
        parts.append((what, "$text-warning"))
    elif recording.meta.level == "lines":
        parts.append(("   recording lines" if program.alive else "", "$text-muted"))
    return parts
