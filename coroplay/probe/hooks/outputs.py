"""Turns what the program writes to its streams into steps: one a line, or a piece of one.

Called for every piece: `print("a", n)` writes four. The first of a line looks for who writes it and
where; the others, as long as nothing else happens in between, only make its text longer.
"""

from __future__ import annotations

from types import FrameType
from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.base.own import is_own
from coroplay.probe.recorder import Recorder
from coroplay.probe.thread_states import ThreadState

_PIECE: Final = 1 << 20
"""Bytes of output in one step; more is written as several."""
_MOST_LOCATIONS: Final = 1 << 16

_Open = tuple[int, ThreadState | None, int, int]
_NONE: Final[_Open] = (0, None, 0, 0)


def _writer(frame: FrameType | None) -> FrameType | None:
    """Return the frame that called a stream's method, from one within the stream outwards."""
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
        """The line that is not complete: the number of steps with it, whose it is, its verb, and
        the reference to its bytes. Nothing has happened since if there are as many steps yet."""

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
        state = recorder.thread()
        if state.thrown is not None:
            recorder.settle_throw(None)
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
        """The location of the person's own line that wrote, from the frame that called for it."""
        own = self._recorder.scope.nearest(frame)
        if own is None:
            return 0
        location = self._store.locations.line(own.f_code, own.f_lineno or 0)
        if len(self._locations) >= _MOST_LOCATIONS:
            self._locations.clear()
        self._locations[id(own.f_code), own.f_lasti] = location
        return location
