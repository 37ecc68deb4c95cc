"""The threads of the program: each is met at the first event in it."""

from __future__ import annotations

from collections.abc import Callable

from coroplay.probe.base import originals
from coroplay.probe.inspect import functions
from coroplay.probe.newcomers import Newcomers
from coroplay.probe.outcomes import Outcomes
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState, thread_name
from coroplay.trace.layout import Kind


class Threads:
    """Meets threads, and records their ends."""

    def __init__(
        self,
        store: Store,
        newcomers: Newcomers,
        outcomes: Outcomes,
        main_name: str,
        enter: Callable[[], None],
    ) -> None:
        """`enter` watches the calling thread, which is new."""
        self._store = store
        self._states = store.threads
        self._newcomers = newcomers
        self._outcomes = outcomes
        self._main_name = main_name
        self._enter = enter
        self._functions: dict[int, object] = {}
        """What threads that have not been met run, by their numbers."""

    def on_start(self, function: object) -> None:
        """Note what the calling thread is about to run."""
        self._functions[originals.get_ident()] = function

    def meet(self) -> ThreadState:
        """Return the state of the calling thread, which is met for the first time."""
        first = not self._states
        if not first:
            self._store.doubt()
        root = originals.getcurrent()
        while root.parent is not None:
            root = root.parent
        kind = Kind.MAIN if first else Kind.THREAD
        function = self._functions.pop(originals.get_ident(), None)
        name = self._main_name if first else thread_name() or functions.thread_name(function)
        track = self._newcomers.meet(kind, name, 0, 0, root, at_once=True)
        if function is not None:
            track.runs = functions.code_run_by(root, function)
        state = ThreadState(track)
        self._states[originals.get_ident()] = state
        self._enter()
        return state

    def on_end(self) -> None:
        """Record the end of the calling thread's function."""
        ident = originals.get_ident()
        self._functions.pop(ident, None)
        state = self._states.pop(ident, None)
        if state is not None and not state.main.finished:
            outcome = self._outcomes.of_thread(state.main)
            self._store.write_end(outcome.ending, state.main, outcome.text)
