"""The status of a run in the header: its state, the step, the time, the switches, and notes."""

from __future__ import annotations

from typing import Final

from coroplay.sanitizing import clean
from coroplay.trace import RecordedLevel
from coroplay.trace.view.endings import describe_ending
from coroplay.tui.runs.playhead import Playhead
from coroplay.tui.runs.program import Running
from coroplay.tui.runs.session import BY_HOST
from coroplay.tui.runs.steering import ProgramState

_BEFORE_THE_END: Final = {
    ProgramState.READY: ("   ○ waiting for its turn", "bold $text-muted"),
    ProgramState.STARTING: ("   … starting", "bold $text-muted"),
    ProgramState.RUNNING: ("   ▶ running", "bold $text-success"),
    ProgramState.PAUSED: ("   ‖ paused", "bold $text-warning"),
    ProgramState.CANCELLED: ("   ○ did not run", "bold $text-muted"),
}

StyledText = tuple[str, str]


def status(playhead: Playhead) -> list[list[StyledText]]:
    """Return groups of styled texts, the most important group first."""
    program = playhead.session.program
    groups = [[_state(playhead, program)]]
    groups.append([("   elapsed ", "$text-muted"), (f"{program.elapsed:.2f} s", "$text")])
    if program.last >= 0:
        more = "" if program.state is ProgramState.ENDED else "+"
        count = f"   step {playhead.cursor + 1:,} of {program.last + 1:,}{more}"
        groups.insert(1, [(count, "$text")])
    if program.survey is not None and program.survey.switches:
        at, total = program.survey.switches_until(playhead.cursor), program.survey.switches
        count = f"{total:,}" if at == total else f"{at:,} of {total:,}"
        groups.append([("   switches ", "$text-muted"), (count, "$text")])
    return [*groups, _notes(program)]


def _state(playhead: Playhead, program: Running) -> StyledText:
    if playhead.playing:
        return (f"   » playing at {playhead.steps_a_second:g}/s", "bold $text-accent")
    if program.state is not ProgramState.ENDED:
        return _BEFORE_THE_END[program.state]
    if program.ending is None:
        return ("   ■ its end is unknown", "$text-muted")
    end = describe_ending(program.ending)
    if program.ending.kind in BY_HOST:
        return (f"   ■ {end}", "$text-muted")
    if program.ending.status == 0:
        return (f"   ■ {end}", "$text-success")
    return (f"   ✗ {end}", "bold $text-error")


def _notes(program: Running) -> list[StyledText]:
    recording = program.recording
    if recording is None:
        return []
    notes = recording.notes
    if notes.silent_at is not None:
        return [(f"   not recorded from here on: {clean(notes.silent_why)}", "$text-error")]
    if notes.lines_until is not None:
        note = f"   lines recorded up to step {notes.lines_until:,}, then only switches"
        return [(note, "$text-warning")]
    if notes.own_trace_at is not None:
        return [("   incomplete: the program has a trace function", "$text-warning")]
    if recording.meta.level is RecordedLevel.LINES:
        return [("   recording lines" if program.alive else "", "$text-muted")]
    return []
