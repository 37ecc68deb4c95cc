"""Reads all there is in a recording, through every reader of recordings in the project."""

from __future__ import annotations

import contextlib
import io
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from coroplay.cli import info, steps, summary
from coroplay.cli.errors import CommandError
from coroplay.trace import Recording, RecordingError, tally
from coroplay.trace.view import (
    Lanes,
    Moment,
    Order,
    Sources,
    Switches,
    Window,
    exchange,
    explain_moment,
    further,
    name_of,
    pair,
    pane,
)

Reading = Callable[[], object]
_MOST_STEPS: Final = 12
"""Steps of a long recording that are read one by one."""
_MOST_SHOWN: Final = 6


def faults(folder: Path) -> list[str]:
    """Return the sentences in which readers of the recording say what is wrong with it.

    Any other exception than the one with a sentence gets out.
    """
    try:
        with Recording(folder) as recording:
            found = [fault for read in _readings(recording) if (fault := _fault(read))]
    except RecordingError as error:
        return [str(error)]
    return found + [fault for read in _commands(folder) if (fault := _fault(read))]


def _fault(read: Reading) -> str:
    try:
        read()
    except (RecordingError, CommandError) as error:
        return str(error)
    return ""


def _readings(recording: Recording) -> Iterator[Reading]:
    last = len(recording) - 1
    yield lambda: recording.coroutines
    yield lambda: recording.notes
    yield lambda: recording.ending
    yield lambda: recording.growing
    yield lambda: tally(recording)
    yield lambda: recording.at_time(recording.elapsed_ns // 2)
    yield lambda: list(recording.steps(max(0, last - _MOST_STEPS)))
    switches, lanes, sources = Switches(recording), Lanes(recording), Sources()
    for index in _chosen(last):
        yield lambda index=index: _state(recording, index)  # type: ignore[misc]
        yield lambda index=index: _view(recording, index, switches, sources)  # type: ignore[misc]
        yield lambda index=index: switches.next(index)  # type: ignore[misc]
        yield lambda index=index: switches.previous(index)  # type: ignore[misc]
    yield lambda: _lanes(recording, lanes)


def _chosen(last: int) -> list[int]:
    half = _MOST_STEPS // 2
    return sorted({*range(min(last + 1, half)), *range(max(0, last + 1 - half), last + 1)})


def _state(recording: Recording, index: int) -> None:
    state = recording.state(index)
    assert set(state.running) <= set(state.live)
    for number in state.live[:_MOST_SHOWN]:
        state.of(number)
        state.locals(number)
    _ = state.coroutines


def _view(recording: Recording, index: int, switches: Switches, sources: Sources) -> None:
    moment = Moment(recording, index)
    assert "\n" not in explain_moment(moment).text
    chosen = pair(moment, switches)
    exchange(switches, index, 12, chosen)
    further(moment, chosen, [], _MOST_SHOWN)
    for number in moment.live[:_MOST_SHOWN]:
        shown = pane(moment, number)
        name_of(recording, number)
        if shown.place is not None:
            sources.source(shown.place.file).function(shown.function, shown.place.line)


def _lanes(recording: Recording, lanes: Lanes) -> None:
    order = Order(recording)
    order.look(count := min(_MOST_SHOWN, len(recording.coroutines)))
    who = [order.coroutine(lane) for lane in range(count)]
    end = recording.elapsed_ns
    for window in (Window(0, end + 1, 40), Window(end // 2, max(1, end // 4), 40)):
        drawn = lanes.draw(window, who)
        lanes.sample()
        assert all(len(lane.glyphs) == 40 for lane in drawn)


_ALL_STEPS: Final[dict[str, Any]] = {
    "color": "never",
    "coroutine": [],
    "kind": [],
    "own": False,
    "first": 0,
    "last": None,
}


def _commands(folder: Path) -> Iterator[Reading]:
    for command in (info.info, steps.steps):
        for as_json in (False, True):
            yield lambda command=command, as_json=as_json: _printed(  # type: ignore[misc]
                command, Namespace(recording=str(folder), json=as_json, **_ALL_STEPS)
            )
    yield lambda: summary._recorded(folder)


def _printed(command: Callable[[Namespace], int], parsed: Namespace) -> None:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert command(parsed) == 0
    steering = {c for c in out.getvalue() if ord(c) < 32 or 127 <= ord(c) < 160} - {"\n"}
    assert not steering, "nothing that steers a terminal is printed"
