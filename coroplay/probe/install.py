"""Puts the hooks in place, takes them away, and sees to it that no fault of theirs gets out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from coroplay.probe.base import originals
from coroplay.probe.base.guard import guarded
from coroplay.probe.files.tables import reason
from coroplay.probe.hooks import streams, threads
from coroplay.probe.hooks.generators import Generators
from coroplay.probe.hooks.gevent_spawns import Spawns
from coroplay.probe.hooks.greenlets import Switching
from coroplay.probe.hooks.outputs import Outputs
from coroplay.probe.inspect.values import exception
from coroplay.probe.recorder import Recorder
from coroplay.probe.store import Store

if sys.version_info >= (3, 12):
    from coroplay.probe.hooks.monitoring import Monitoring as LineHook
else:
    from coroplay.probe.hooks.tracing import Tracing as LineHook


class Watch:
    """Everything that watches the program, from its first instruction to its last."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store = store
        self._recorder = recorder
        self._active = False
        self._spawns = Spawns(recorder, self.fault)
        self._lines = LineHook(recorder, Generators(recorder), self.fault)
        self._switching = Switching(recorder, self.fault)
        self._undo: list[Callable[[], None]] = []
        recorder.watch_thread = self._enter_thread
        recorder.look_for_gevent = self._spawns.look
        store.budget_spent = self._lines_end

    def begin(self, lines: bool, has_generators: bool, line_buffered: bool) -> None:
        """Watch the program from here on."""
        self._active = True
        os.register_at_fork(after_in_child=self._forked)
        self._recorder.thread()
        self._undo = [
            streams.watch(Outputs(self._recorder).wrote, self.fault, line_buffered),
            threads.watch(self._enter_thread, guarded(self._leave_thread, self.fault)),
            self._spawns.stop,
            self._switching.uninstall,
            self._lines.uninstall,
        ]
        self._switching.install()
        self._lines.install(lines, has_generators)

    def _lines_end(self) -> None:
        self._recorder.looks_at_values = False
        self._lines.lines_end()

    def _enter_thread(self) -> None:
        if self._active:
            self._switching.enter_thread()
            self._lines.enter_thread()

    def _leave_thread(self) -> None:
        self._recorder.thread_ended()
        self._switching.leave_thread()

    def end(self, outcome: str | None, failed: bool) -> None:
        """The program is done: write its end and close the recording."""
        if not self._active:
            return
        try:
            self._unhook()
            self._recorder.program_ended(outcome, failed)
            self._store.close()
        except OSError as error:
            self._store.silence(_sentence(error))

    def _unhook(self) -> None:
        self._active = False
        # Held no longer: the streams among what they put back are to be freed in time.
        hooks, self._undo = self._undo, []
        for undo in hooks:
            undo()

    def fault(self, error: BaseException) -> bool:
        """A hook failed: fall silent, unless it was the program's own exception that passed by.

        Signal handlers of the program run wherever the interpreter happens to be, inside a hook
        too: what they raise belongs to the program. Called while that exception is handled.
        """
        if isinstance(error, RecursionError):
            # The program is at its limit, which is its own business: the step is lost.
            self._store.doubtful = True
            return False
        if self._is_the_programs(error):
            self._store.doubtful = True
            return True
        if self._active:
            self._unhook()
            self._store.silence(_sentence(error))
        return False

    def _is_the_programs(self, error: BaseException) -> bool:
        if isinstance(error, KeyboardInterrupt | SystemExit | originals.GreenletExit):
            return True
        trace = error.__traceback__
        while trace is not None:
            if self._recorder.scope.owns(trace.tb_frame.f_code):
                return True
            trace = trace.tb_next
        return False

    def _forked(self) -> None:
        """In a forked process: it is not watched, and the recording is not its own."""
        if self._active:
            self._unhook()
            self._store.abandon()
            if self._recorder.control is not None:
                self._recorder.control.close()


def _sentence(error: BaseException) -> str:
    if isinstance(error, OSError):
        return reason(error)
    return f"a fault of the probe: {exception(error)}"
