"""The recording as it is written: steps with their details, coroutines, and marks."""

from __future__ import annotations

import fcntl
from contextlib import ExitStack
from types import FrameType
from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.base.locks import make_lock
from coroplay.probe.coroutines import Track
from coroplay.probe.files.locations import Locations
from coroplay.probe.files.marks import StepReplay
from coroplay.probe.files.steps import StepTable
from coroplay.probe.files.tables import RowFile
from coroplay.probe.files.texts import TextFile
from coroplay.probe.inspect.raising import Raising
from coroplay.probe.lines import make_lines
from coroplay.probe.standings import standings
from coroplay.probe.thread_states import ThreadState
from coroplay.trace import layout
from coroplay.trace.layout import Kind, Verb, Way

_MOST_INTERNED: Final = 1 << 16
_LINE: Final = int(Verb.LINE)
_NAME_FIELD, _PARENT_FIELD, _SPAWN_FIELD, _FINISH_FIELD = 0, 1, 3, 4


class Store:
    """The recording as the probe writes it."""

    def __init__(self, directory: str, line_budget: int) -> None:
        """Make the files of a recording in an empty folder. Raises OSError.

        At most `line_budget` lines are recorded.
        """
        with ExitStack() as made:
            self._steps = StepTable(directory)
            made.callback(self._steps.abandon)
            fcntl.flock(self._steps.windows.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._details = RowFile(directory, layout.DETAILS, layout.DETAIL)
            made.callback(self._details.abandon)
            self._coroutines = RowFile(directory, layout.COROUTINES, layout.COROUTINE)
            made.callback(self._coroutines.abandon)
            self._location_rows = RowFile(directory, layout.LOCATIONS, layout.LOCATION)
            made.callback(self._location_rows.abandon)
            self._marks = RowFile(directory, layout.MARKS, layout.MARK)
            made.callback(self._marks.abandon)
            self.texts = TextFile(directory)
            made.pop_all()
        self._files = (
            self._details,
            self._coroutines,
            self._location_rows,
            self._marks,
            self.texts,
            self._steps,
        )
        self.locations = Locations(self._location_rows, self.texts)
        self.lines = make_lines(self._details, self.texts, self.locations, line_budget)
        self._line_detail = self.lines.detail
        self.has_lines = line_budget > 0  # At its beginning: they may have ended since.
        self.forget_frame = self.lines.forget
        """Function to call with every frame that begins or ends."""
        self.threads: dict[int, ThreadState] = {}
        """The state of each thread of the program, by the thread's number."""
        self.end = self._steps.end
        """The end of the table of steps, where rows are appended."""
        self.time = self.end.time
        """Function that returns the program's own time in nanoseconds."""
        self._step = self.end.append
        self._known_texts: dict[str, int] = {}
        self._interned: dict[tuple[int, int, int, int], int] = {}
        self._unfinished: dict[int, Track] = {}
        self._doubtful = False
        self._noted: set[int] = set()
        """Offsets of the notes that are made once."""
        self._last_mark = (0, b"")
        self._replay: StepReplay | None = None
        self._marking = make_lock()
        self.end.begin()
        self.end.mark_at = layout.MARK_EVERY

    @property
    def count(self) -> int:
        """Number of steps written so far."""
        return self.end.count

    # Steps

    def _detail(self, first: int, location: int, text: int, last: int = 0) -> int:
        key = (first, location, text, last)
        reference = self._interned.get(key)
        if reference is None:
            reference = self._details.append(*key)
            if len(self._interned) >= _MOST_INTERNED:
                self._interned.clear()
            self._interned[key] = reference
        return reference

    def _text(self, text: str | None) -> int:
        if text is None:
            return 0
        reference = self._known_texts.get(text)
        if reference is None:
            reference = self.texts.add(text.encode("utf-8", "replace"))
            if len(self._known_texts) >= _MOST_INTERNED:
                self._known_texts.clear()
            self._known_texts[text] = reference
        return reference

    def add_coroutine(
        self, kind: Kind, name: str, creator: int, location: int, at_once: bool
    ) -> Track:
        """Write that a coroutine was met for the first time; return its track."""
        reference = self._text(name) if name else 0
        expected = self.count
        number = self._coroutines.append(reference, 0, location, expected, 0, creator, 0, kind)
        track = Track(number, kind, name)
        detail = self._detail(creator, location, 0, int(at_once))
        step = self._step(Verb.SPAWN, self.time(), number, detail) - 1
        if step != expected:
            # Another thread wrote a step in between.
            self._coroutines.put(number, _SPAWN_FIELD, step)
        self._unfinished[number] = track
        return track

    def rename(self, track: Track, name: str) -> None:
        """Give a coroutine the name that was not known when it was met."""
        track.name = track.label = name
        self._coroutines.put(track.id, _NAME_FIELD, self._text(name))

    def write_switch(
        self,
        verb: Verb,
        t: int,
        origin: Track,
        target: Track,
        location: int,
        value: str | None,
        address: int = 0,
    ) -> None:
        """Write that control passed from one coroutine to another."""
        detail = self.switch_detail(origin, location, value, address)
        self.write_switch_at(verb, t, origin, target, detail)

    def switch_detail(
        self, origin: Track, location: int, value: str | None, address: int = 0
    ) -> int:
        """Return the detail of a switch; `coroplay.trace.layout` says what an address is."""
        return self._detail(origin.id, location, self._text(value), address)

    def beginning(self, creator: int, location: int) -> int:
        """Return the reference to what is known of the beginning of a Timeout."""
        return self._detail(creator, location, 0)

    def wait_detail(self, origin: Track, location: int, wait: str | None) -> int:
        """Return the detail of a switch that is a wait."""
        return self._detail(origin.id, location, 0, self._text(wait))

    def write_switch_at(self, verb: int, t: int, origin: Track, target: Track, detail: int) -> None:
        """Write that control passed from one coroutine to another, with a detail made before."""
        target.started = True
        origin.left = count = self._step(verb, t, target.id, detail)
        if count >= self.end.mark_at:
            self._mark(count)

    def write_parent(self, track: Track, parent: Track) -> None:
        """Write to which greenlet another one returns."""
        self._coroutines.put(track.id, _PARENT_FIELD, parent.id)

    def write_end(
        self,
        verb: Verb,
        track: Track,
        text: str | None,
        t: int | None = None,
        way: Way = Way.USUAL,
    ) -> None:
        """Write that a coroutine came to its end, with a value or an exception as its text."""
        location = track.ended_at or track.location
        detail = self._detail(way, location, self._text(text), int(not track.started))
        count = self._step(verb, self.time() if t is None else t, track.id, detail)
        self._coroutines.put(track.id, _FINISH_FIELD, count)
        track.finished = True
        self._unfinished.pop(track.id, None)

    def leave_function(self, track: Track, frame: FrameType) -> None:
        """Take the line at which a coroutine's own function is left for the place of its end.

        The line that ran last may be one of a function that it called.
        """
        if track.line:
            track.location = self.locations.line(frame.f_code, frame.f_lineno or 0)

    def fail_at(self, track: Track, raising: Raising | None) -> None:
        """Take the line from which an exception comes for the place of a coroutine's end.

        The line that ran last may be one that handled the exception.
        """
        if not track.line or raising is None:
            return
        if not any(self.locations.is_line(track.location, *one) for one in raising.perhaps):
            track.location = self.locations.line(*raising.surely)

    def write_line(self, track: Track, frame: FrameType, line: int) -> bool:
        """Write that a line is about to run; return False if lines are no longer recorded."""
        lines = self.lines
        if lines.budget <= 0:
            return False
        t = self.time()
        location, detail = self._line_detail(frame, line)
        track.location = location
        track.line = count = self._step(_LINE, t, track.id, detail)
        if count >= self.end.mark_at:
            self._mark(count)
        lines.budget -= 1
        return True

    def end_lines(self) -> None:
        """Record no more lines, and note that there are none from here on."""
        self._note(layout.LINES_UNTIL_OFFSET)
        self.lines.end()

    def write_output(self, track: Track, verb: int, data: bytes, location: int) -> int:
        """Write a step of output; return the reference of its bytes in `texts`."""
        reference = self.texts.add(data)
        detail = self._details.append(0, location, reference, 0)
        count = self._step(verb, self.time(), track.id, detail)
        if count >= self.end.mark_at:
            self._mark(count)
        return reference

    # Marks

    def doubt(self) -> None:
        """Make marks from the steps from now on, since tracks may differ from them.

        They may when several threads write at once, or an exception of the program's has cut a
        hook short.
        """
        self._doubtful = True

    def _running(self) -> list[Track]:
        return [state.running for state in list(self.threads.values())]

    def _mark(self, upto: int) -> None:
        """Write a mark: the states of all unfinished coroutines before the step `upto`."""
        summary = b"" if self._doubtful else standings(self._unfinished, self._running())
        if self._doubtful:  # Perhaps only since the line above.
            self._mark_by_steps()
        else:
            self._write_mark(upto, summary)

    def _mark_by_steps(self) -> None:
        """Write a mark as a reader would make it: slower, and right whatever the tracks say."""
        if not self._marking.acquire(blocking=False):
            return  # Another thread, or an interrupted hook of this one, is at it.
        try:
            if self._replay is None:
                self._replay = StepReplay(
                    self._steps.windows, self._details.windows, *self._last_mark
                )
            self._write_mark(*self._replay.advance(self.count))
        finally:
            self._marking.release()

    def _write_mark(self, upto: int, summary: bytes) -> None:
        entries = len(summary) // layout.SUMMARY_ENTRY.size
        self._marks.append(upto, self.texts.add(summary), entries, 1)
        self._last_mark = (upto, summary)
        self.end.mark_at = upto + max(layout.MARK_EVERY, 4 * entries)

    # The program's own time, for others to read

    def write_clock(self, *, held: bool = False, ended: bool = False) -> None:
        """Write the readings from which a host tells the program's own time."""
        now = originals.monotonic_ns()
        clock = layout.CLOCK.pack(now - self.time(), now * held, now * ended)
        self._steps.put_header(layout.CLOCK_OFFSET, clock)

    def note_own_trace(self) -> None:
        """Note that from here on a trace function of the program's hides lines and generators."""
        self._note_once(layout.OWN_TRACE_OFFSET)

    # Ends

    def _note(self, offset: int) -> None:
        """Note in the recording that something holds from here on."""
        self._steps.put_header(offset, layout.NOTED_STEP.pack(self.count + 1))

    def _note_once(self, offset: int) -> None:
        if offset not in self._noted:
            self._note(offset)
            self._noted.add(offset)

    def lose(self) -> None:
        """Note that a step is missing about here, if it is the first that is."""
        self.doubt()
        self._note_once(layout.LOST_OFFSET)

    def silence(self, why: str) -> None:
        """Note in the recording that it ends here, and why."""
        reason = why.encode("utf-8", "replace")[: layout.NOTES_REASON_SIZE]
        note = layout.LENGTH.pack(len(reason)) + reason
        self._steps.put_header(layout.REASON_OFFSET, note)
        self._note(layout.SILENT_OFFSET)

    def close(self) -> None:
        """Close the recording at its last step."""
        self.lines.end()
        for file in self._files:
            file.cut()

    def abandon(self) -> None:
        """Close the recording in a forked process and leave it to the parent."""
        self.lines.end()
        for file in self._files:
            file.abandon()
