"""Notes on a recording as a whole, as sentences for the person."""

from __future__ import annotations

from collections.abc import Iterator

from coroplay import pythons
from coroplay.trace import RecordedLevel, Recording, layout, tally
from coroplay.trace.view.last_stretch import explain_last_stretch


def advice(why: str) -> str:
    """Return advice about a recording that is not whole, to follow the reason."""
    if why != layout.NO_ROOM:
        return ""
    return "; make room there, or name another folder for recordings in XDG_STATE_HOME"


def notes(recording: Recording) -> Iterator[str]:
    """Yield sentences about gaps in a recording, with their reasons."""
    if why := recording.meta.untested:
        yield pythons.note(why)
    if recording.meta.level is RecordedLevel.LINES and not tally(recording).lines:
        where = " or ".join(recording.meta.own)
        known = where and f": that is what lies in {where}"
        yield f"no line of your own code was recorded{known} (--own PATH adds a file or folder)"
    said = recording.notes
    if said.lines_until is not None:
        yield (
            f"lines are recorded up to step {said.lines_until} only, where their budget was"
            " used up; switches go on to the end (--budget N sets another)"
        )
    if said.lost_at is not None:
        yield (
            f"steps are missing from step {said.lost_at} on, wherever a hook could not do its work:"
            " at the program's recursion limit, where its trace function was taken away, or where"
            " threads switched while a generator was freed"
        )
    if said.silent_at is not None:
        yield (
            f"the recording stops before step {said.silent_at}, and the program went on"
            f" without: {said.silent_why}{advice(said.silent_why)}"
        )
    if said.own_trace_at is not None:
        yield (
            f"from step {said.own_trace_at} on, lines and generators are missing wherever the"
            " program had a trace function of its own (sys.settrace): Python 3.11 has room for"
            " one only"
        )
    if stretch := explain_last_stretch(recording):
        yield stretch
    ending = recording.ending
    if ending is not None and ending.pipe_closed:
        yield "the reader of the program's output went away before it was done"
