"""Switches by exception, which are written once the exception may have been seen."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

from coroplay.probe.coroutines import Track
from coroplay.probe.inspect import throws
from coroplay.probe.inspect.greenlets import Outcome
from coroplay.probe.inspect.throws import Seen
from coroplay.probe.inspect.values import Namer
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState, Thrown
from coroplay.trace.layout import Verb


class HeldThrows:
    """Holds one switch by exception a thread back until the next event."""

    def __init__(
        self,
        store: Store,
        name: Namer,
        thread: Callable[[], ThreadState],
        at_switch: Callable[[Track], None],
        go_on: Callable[[], None],
    ) -> None:
        """`thread` returns the state of the calling thread; `at_switch` is told of the target.

        `go_on` records what has happened while a switch was held back.
        """
        self._store = store
        self._name = name
        self._thread = thread
        self._at_switch = at_switch
        self._go_on = go_on

    def hold_back(self, thrown: Thrown) -> None:
        """Hold a switch back until its exception may have been seen."""
        place = throws.place_of(throws.program_frame())
        state = self._thread()
        state.thrown = thrown._replace(place=place)
        if not thrown.ends and (thrown.seen is None or thrown.seen.kills):
            state.greenlet.note_throw(place)

    def settle_before(self, thrown: Thrown, event: str, leaving: Track, ended: bool) -> None:
        """Settle the switch by exception before another switch."""
        if ended and not leaving.started and thrown.target is leaving:
            killed = event == "switch"
            seen = thrown.seen or (Seen(None, kills=True) if killed else None)
            ending = Verb.KILLED if killed else Verb.FAIL
            leaving.outcome = Outcome(ending, seen and seen.text)
            self._thread().thrown = thrown._replace(seen=seen)
        self.settle()

    def settle(
        self, error: BaseException | None = None, trace: TracebackType | None = None
    ) -> None:
        """Write the switch that was held back; its exception may be the one that is raised now.

        It is where it came to the target at the very place at which the target had been left.
        """
        state = self._thread()
        thrown, state.thrown = state.thrown, None
        if thrown is None:
            return
        seen = thrown.seen
        if seen is None and error is not None and throws.has_come(error, trace, thrown.place):
            seen = throws.seen(error, self._name)
        text = seen and seen.text
        if thrown.ends and not thrown.origin.finished:
            self._store.write_end(Verb.FAIL, thrown.origin, text, thrown.t)
        dropped = seen is not None and seen.drops and not thrown.ends
        thrown.target.raised = Verb.DROPPING if dropped else 0
        if dropped:
            verb, text = Verb.DROPPING, None
        else:
            verb = Verb.KILL if seen is not None and seen.kills else Verb.THROW
        ran = thrown.target.started
        self._store.write_switch(
            verb, thrown.t, thrown.origin, thrown.target, thrown.location, text, thrown.address
        )
        # A greenlet that has not started never will.
        thrown.target.started = ran
        self._go_on()
        self._at_switch(thrown.target)
