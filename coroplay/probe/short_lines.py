"""The short way of a line in Python: one function that is called at every line, and does it all.

Most lines are like those before: the thread and what runs on it are known, nobody wants to stand
still, and of the variables only those have changed that the frame's last line sets. They are
written at once; all else goes the long way, through `Recorder.line`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coroplay.probe import originals
from coroplay.probe.details import PythonDetails
from coroplay.probe.frames import CLEARS_LOCALS, NEW
from coroplay.probe.guard import Fault
from coroplay.probe.locations import Locations
from coroplay.probe.looks import is_as_before
from coroplay.probe.short_way import Shortcut
from coroplay.probe.tables import TextFile
from coroplay.trace.layout import DETAIL, RECORD_SEPARATOR, SNAPSHOT_EVERY, STEP, TIME_BITS, Verb

if TYPE_CHECKING:
    from coroplay.probe.coroutines import Track
    from coroplay.probe.python_lines import PythonLines
    from coroplay.probe.thread_states import ThreadState

FIND: Final = "find"
"""In place of an event: only the location and the detail of a line are wanted."""
_LINE: Final = Verb.LINE << TIME_BITS
GEVENT: Final = "gevent.greenlet"
"""The module by which it is known that gevent is there."""
_SEPARATOR: Final = RECORD_SEPARATOR.encode()
LARGE: Final = (1 << 30) - 1
LOW: Final = -LARGE
"""Whole numbers between them are compared and shown in no time."""
NOTHING: Final[Mapping[int, Any]] = {}
_PIECE: Final = 1 << 13
_LONGEST: Final = 100
"""Bytes of a text that goes into a piece of the file of texts."""


class Files(NamedTuple):
    """Where lines are written, but for their steps."""

    details: PythonDetails
    texts: TextFile
    locations: Locations


class Around(NamedTuple):
    """What is around a line: what runs there, and what may want to know of it."""

    shortcut: Shortcut
    threads: dict[int, ThreadState]
    frames: dict[int, Track]
    """Those of generators, by their ids."""
    fault: Fault


class Short(NamedTuple):
    """The short way."""

    runs: Callable[..., Any]
    """The hook of a line, see there."""
    wait_for: Callable[[frozenset[int], bool], None]
    """See `coroplay.probe.lines.Watcher`."""
    let_go: Callable[[], None]
    """No more lines: what is mapped may not be there any longer."""


def make(  # noqa: C901, PLR0915
    lines: PythonLines,
    files: Files,
    around: Around | None = None,
    long_way: Any = None,
    raised: Mapping[int, Any] = NOTHING,
) -> Short:
    """The short way; with nothing around them, it only finds the details of lines.

    While there is anything in `raised`, all goes the long way.
    """
    details, texts, locations = files
    snapshots = lines.snapshots
    steps: Any = around and around.shortcut.steps
    unused: Any = (None, {}, {}, None)
    shortcut, threads, _, fault = around or unused
    gone, modules = around and around.shortcut.gone, sys.modules
    clock, get_ident, frame_of = originals.perf_counter_ns, originals.get_ident, originals.getframe
    put_step, put_detail = STEP.pack_into, DETAIL.pack_into
    traced = sys.version_info < (3, 12)
    view, at, room, first = memoryview(b""), 0, 0, 0
    entries = [(length + 11 & ~7, Struct(f"<I{length}s").pack_into) for length in range(_LONGEST)]
    awaited: frozenset[int] | None = None
    stops = False
    attention: Any = None

    def runs(  # noqa: C901, PLR0912, PLR0915
        snapshot: Any, frame: Any, event: str = "line", arg: Any = None
    ) -> Any:
        """A line is about to run in a frame; on Python 3.12 and newer, of a code and a number.

        It is one function, and long, since nothing else costs a fast program as much as this:
        another call would be a tenth of it.
        """
        nonlocal at
        track: Any = None
        try:
            if event == "line":
                if traced:
                    line = frame.f_lineno
                else:
                    code, line = snapshot, frame
                    frame = frame_of(1)
                    snapshot = snapshots.get(id(frame))
                thread = snapshot and (snapshot.thread or threads.get(get_ident()))
                if (
                    thread is None
                    or gone
                    or raised
                    or thread.thrown is not None
                    or (GEVENT in modules and not shortcut.gevent_found)
                    or lines.budget <= 1
                    or steps.row >= steps.short_end
                    or (awaited is not None and (stops or attention[0] or line in awaited))
                    or not (track := thread.greenlet).name
                ):
                    return long_way(snapshot, frame, event, arg) if traced else long_way(code, line)
                if track.generators:
                    track = track.generators[-1]
                time = clock() - steps.base
            elif event is FIND:
                line = arg
            else:
                ends = event == "return" and snapshot.facts.plain and not raised
                if ends and frame.f_back is not None:
                    snapshots.pop(id(frame), None)
                    return None
                return long_way(snapshot, frame, event, arg)

            # Which variables have changed?
            facts, known, watched = snapshot.facts, snapshot.known, snapshot.watched
            prefixes = facts.prefixes
            if watched is None:
                found = names = facts.read(frame)
            else:
                # Until this is done, nothing is certain.
                snapshot.watched = None
                found, names = frame.f_locals, watched
            told = None
            missing = False
            for key in names:
                try:
                    value = found[key]
                    old = known[key]
                except KeyError:
                    if key in found:
                        old = known[key] = NEW
                    else:
                        missing = missing or known.get(key, NEW) is not NEW
                        continue
                if old is value:
                    continue
                if (
                    type(value) is int
                    and LOW < value < LARGE
                    and (type(old) is int or (old is NEW and key in prefixes))
                ):
                    if old is NEW:
                        snapshot.size += 1
                    elif value == old:
                        continue
                    known[key] = value
                    entry = snapshot.shown[key] = b"%b%d" % (prefixes[key], value)
                elif type(old) is tuple and is_as_before(old, value):
                    continue
                else:
                    entry = snapshot.look(key, value, old, lines.name)
                    if entry is None:
                        continue
                told = entry if told is None else told + _SEPARATOR + entry
            if watched is None:
                missing = len(found) != snapshot.size
            else:
                if CLEARS_LOCALS:
                    found.clear()
                if missing:
                    found = facts.read(frame)
            if missing:
                for entry in snapshot.gone(found):
                    told = entry if told is None else told + _SEPARATOR + entry

            # What is written of that?
            try:
                location, stores = facts.places[line]
            except KeyError:
                location = locations.line(facts.code, line)
                stores = facts.stores.get(line)
                facts.places[line] = (location, stores)
            if told is None:
                unchanged = snapshot.unchanged
                if unchanged is None:
                    unchanged = snapshot.unchanged = {}
                if line in unchanged:
                    detail = unchanged[line]
                else:
                    detail = details.append(snapshot.detail, location, 0, 0)
                    unchanged[line] = detail
            else:
                length = len(told)
                if length < _LONGEST:
                    size, put = entries[length]
                    while (end := at + size) > room:
                        go_on()
                    # Nothing comes between taking a place and writing to it: only once that is
                    # called may the interpreter let another thread run, or a signal handler.
                    start, at = at, end
                    put(view, start, length, told)
                    text = first + (start >> 3)
                else:
                    text = texts.add(told)
                snapshot.links = links = snapshot.links + 1
                whole = 0
                if not links % SNAPSHOT_EVERY:
                    whole = texts.add(_SEPARATOR.join(snapshot.shown.values()))
                row = details.row
                if row < details.short_end:
                    details.row = row + 1
                    put_detail(details.view, row << 4, snapshot.detail, location, text, whole)
                    detail = details.first + row + 1
                else:
                    detail = details.append(snapshot.detail, location, text, whole)
                snapshot.detail = detail
                snapshot.unchanged = None
                if stores:
                    # Others may change a frame's variables too, as a debugger does: they are found
                    # at the latest after a line that sets none.
                    snapshot.watched = (*stores, *snapshot.others) if snapshot.others else stores
            if track is None:
                return location, detail

            # The step, as above.
            row = steps.row
            if row < steps.short_end:
                if time < steps.latest:
                    time = steps.latest
                steps.latest = time
                steps.row = row + 1
                put_step(steps.view, row << 4, track.id, detail, _LINE | time)
                track.line = steps.first + row + 1
            else:
                track.line = steps.append(Verb.LINE, time, track.id, detail)
            track.place = location
            lines.budget -= 1
        except RecursionError:
            if event is FIND:
                raise
        except BaseException as error:
            if event is FIND or fault(error):
                raise
        return None

    def go_on() -> None:
        nonlocal view, at, room, first
        piece, reference = texts.reserve(_PIECE)
        view, at, room, first = piece, 0, len(piece), reference

    def let_go() -> None:
        nonlocal view, at, room
        view, at, room = memoryview(b""), 0, 0

    def wait_for(wanted: frozenset[int], may_stop: bool) -> None:
        nonlocal awaited, stops, attention
        awaited, stops, attention = wanted, may_stop, shortcut.attention

    return Short(runs, wait_for, let_go)
