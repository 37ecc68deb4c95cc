"""The outcomes of greenlets and threads, as far as they were seen."""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Final

from coroplay.probe.coroutines import Track
from coroplay.probe.inspect import functions, greenlets, throws, values
from coroplay.probe.inspect.frames import is_outermost
from coroplay.probe.inspect.greenlets import Outcome
from coroplay.probe.inspect.raising import Raising, raising
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.throws import Seen
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState
from coroplay.trace.layout import Kind, Verb

_BOTTOMS: Final = (Kind.MAIN, Kind.THREAD)
"""Coroutines that have no parent, so that GreenletExit is like any other exception there."""

_OVER: Final = Outcome(Verb.FINISH)


def _exit_of_gevent(thing: Any, ended: Track) -> Verb:
    """Return how a Greenlet of gevent has ended, whose value is a GreenletExit."""
    if ended.outcome is not None and ended.outcome.ending is not Verb.FAIL:
        return ended.outcome.ending
    error = greenlets.gevent_exit(thing)
    if error is None:
        return Verb.UNSEEN
    if ended.runs is not None and throws.was_returned(error):
        return Verb.FINISH
    return ended.ends_by_exit(throws.places_on_way(error))


class Outcomes:
    """Notes how the functions that coroutines run end, and tells it once the coroutine has."""

    def __init__(
        self,
        store: Store,
        scope: Scope,
        name: values.Namer,
        thread: Callable[[], ThreadState],
        sees_failures: Callable[[], bool],
    ) -> None:
        """`thread` returns the state of the calling thread.

        `sees_failures` tells whether exceptions that leave functions of the person's own are seen.
        """
        self._store = store
        self._scope = scope
        self._name = name
        self._thread = thread
        self._sees_failures = sees_failures

    def of_greenlet(self, event: str, origin: Any, ended: Track) -> Outcome:
        """Return the outcome of a greenlet that has come to its end, as far as it was seen."""
        failed = event == "throw"
        if not ended.started:
            # Only GreenletExit ends a greenlet without being raised again in its parent.
            return ended.outcome or Outcome(Verb.FAIL if failed else Verb.KILLED)
        of_gevent = greenlets.gevent_outcome(origin, self._name)
        if ended.is_thread:
            return self.of_thread(ended)
        if of_gevent is not None and of_gevent.ending is Verb.KILLED:
            return Outcome(_exit_of_gevent(origin, ended), of_gevent.text)
        outcome = of_gevent or ended.outcome or Outcome(Verb.FAIL if failed else Verb.UNSEEN)
        if outcome.ending is Verb.FAIL and not failed and of_gevent is None:
            # As above: it was a GreenletExit that was not seen.
            return Outcome(ended.ends_by_exit(None), outcome.text)
        return outcome

    def of_thread(self, ended: Track) -> Outcome:
        """Return the outcome of a thread: `threading` catches what its function raises."""
        if ended.outcome is not None:
            return ended.outcome
        return Outcome(Verb.FINISH if self._sees_failures() else Verb.UNSEEN)

    def of_main(self, main: Track, raised: str | None, failed: bool, returned: bool) -> Outcome:
        """Return the outcome of the main coroutine.

        `raised` is the exception that ended the program, None if none did or that is not known: a
        SystemExit ends the process before anything else reports it, so that it has not `returned`.
        """
        if failed or raised is not None:
            return Outcome(Verb.FAIL if failed else Verb.QUIT, raised)
        seen = main.outcome
        if seen is not None and seen.ending is not Verb.FINISH and seen.text:
            return seen
        return _OVER if returned else Outcome(Verb.UNSEEN)

    # Python calls other functions with nothing below them, too: callbacks, the keys of a sort.

    def ends_with(self, frame: FrameType) -> bool:
        """Tell whether a function is the last one out: no other of the person's own called it."""
        return is_outermost(frame) or self._scope.nearest(frame.f_back) is None

    def on_return(self, frame: FrameType, value: object) -> None:
        """Note that a function returns, if it is the last one out of the running greenlet."""
        if not self.ends_with(frame):
            return
        greenlet = self._thread().greenlet
        self._store.leave_function(greenlet, frame)
        if not _ends(greenlet, frame):
            return
        greenlet.ended_at = greenlet.location
        if is_outermost(frame):
            greenlet.outcome = Outcome(Verb.FINISH, values.short(value, self._name))

    def raising(
        self, frame: FrameType, error: BaseException, trace: TracebackType | None = None
    ) -> Raising | None:
        """Return where an exception comes from that leaves a frame; None without lines.

        `trace` is the traceback where the exception does not have it yet.
        """
        return raising(frame, error, trace, self._scope.owns) if self._store.has_lines else None

    def on_failure(self, frame: FrameType, error: Seen | None, came: Raising | None) -> None:
        """Note that an exception leaves the last function out; None stands for what is not known.

        `came` is where the exception comes from.
        """
        greenlet = self._thread().greenlet
        self._store.fail_at(greenlet, came)
        if not _ends(greenlet, frame):
            return
        greenlet.ended_at = greenlet.location
        if error is None:
            greenlet.outcome = Outcome(Verb.FAIL)
        else:
            greenlet.outcome = Outcome(_ending_by(error, greenlet, frame), error.text)


def _ending_by(error: Seen, greenlet: Track, frame: FrameType) -> Verb:
    """Return how a greenlet ends by an exception that leaves its last function."""
    if greenlet.kind in _BOTTOMS or not is_outermost(frame):
        # A SystemExit is the one exception that neither Python nor `threading` reports.
        return Verb.QUIT if error.quits else Verb.FAIL
    return greenlet.ends_by_exit(error.way) if error.kills else Verb.FAIL


def _ends(greenlet: Track, frame: FrameType) -> bool:
    """Tell whether a greenlet is over once that function is, which is the last one out."""
    if greenlet.kind is Kind.MAIN:
        # Exit functions come later.
        return frame.f_code.co_name == "<module>"
    if is_outermost(frame):
        return greenlet.runs in (frame.f_code, functions.ANY_CODE)
    return functions.is_part_of_thread(frame.f_back)
