"""The steps of output: one for each line, or piece of a line, that the program writes.

The hook is called for every piece: `print("a", n)` writes four. The first piece of a line makes a
step, with coroutine and location; the others only make the text of that step longer, as long as
nothing else happens in between.
"""

from __future__ import annotations

from types import FrameType
from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.base.own import is_own
from coroplay.probe.recorder import Recorder
from coroplay.probe.thread_states import ThreadState

_PIECE: Final = 1 << 20
"""Most bytes of output in one step; more bytes make several steps."""
_MOST_LOCATIONS: Final = 1 << 16

_Open = tuple[int, ThreadState | None, int, int]
_NONE: Final[_Open] = (0, None, 0, 0)


def _writer(frame: FrameType | None) -> FrameType | None:
    """Return the frame that called a stream, from a frame within the stream outwards."""
    while frame is not None and is_own(frame.f_code):
        frame = frame.f_back
    return frame


class Outputs:
    """Writes the steps of output."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._store = recorder.store
        self._end = recorder.store.end
        self._threads = recorder.threads
        self._texts = recorder.store.texts
        self._locations: dict[tuple[int, int] | None, int] = {}
        """The location of each instruction of the person's own code that wrote something."""
        self._open: _Open = _NONE
        """The incomplete line: number of steps so far, thread, verb, and reference of the bytes.

        If there are still as many steps, nothing has happened since.
        """

    def on_write(self, verb: int, data: bytes) -> None:
        """Record that the program wrote to one of its standard streams."""
        state = self._threads.get(originals.get_ident())
        count, whose, kind, reference = self._open
        if (
            count == self._end.count
            and whose is state
            and kind == verb
            and state is not None
            and state.thrown is None
            and self._texts.extend(reference, data)
        ):
            if data.endswith(b"\n"):
                self._open = _NONE
        elif data:
            self._begin(verb, data, _writer(originals.getframe().f_back))

    def _begin(self, verb: int, data: bytes, frame: FrameType | None) -> None:
        recorder, store = self._recorder, self._store
        recorder.keep_watching()
        state = recorder.thread()
        if state.thrown is not None:
            recorder.settle_throw(None)
        recorder.newcomers.find_ends()
        # The scope holds the person's own code objects, so that their ids stay theirs.
        key = (id(frame.f_code), frame.f_lasti) if frame is not None else None
        location = self._locations.get(key) or self._find_location(frame)
        greenlet = state.greenlet
        track = greenlet.generators[-1] if greenlet.generators else greenlet
        if len(data) > _PIECE:
            for start in range(0, len(data) - _PIECE, _PIECE):
                store.write_output(track, verb, data[start : start + _PIECE], location)
            data = data[start + _PIECE :]
        reference = store.write_output(track, verb, data, location)
        self._open = _NONE if data.endswith(b"\n") else (store.count, state, verb, reference)

    def _find_location(self, frame: FrameType | None) -> int:
        """Return the location of the person's own line that wrote, seen from the writing frame."""
        own = self._recorder.scope.nearest(frame)
        if own is None:
            return 0
        location = self._store.locations.line(own.f_code, own.f_lineno or 0)
        if len(self._locations) >= _MOST_LOCATIONS:
            self._locations.clear()
        self._locations[id(own.f_code), own.f_lasti] = location
        return location
