"""Installs and uninstalls the hooks, and keeps their faults away from the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from signal import getsignal, valid_signals
from types import CodeType, FunctionType, MethodType
from typing import Final

from coroplay.probe.base import originals
from coroplay.probe.base.guard import guarded, losses
from coroplay.probe.base.hidden import untraced
from coroplay.probe.files.windows import reason
from coroplay.probe.hooks import streams, threads
from coroplay.probe.hooks.generators import Generators
from coroplay.probe.hooks.gevent_spawns import SpawnHook
from coroplay.probe.hooks.greenlets import GreenletHooks
from coroplay.probe.hooks.outputs import Outputs
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.values import exception
from coroplay.probe.recorder import Recorder
from coroplay.probe.store import Store

if sys.version_info >= (3, 12):
    from coroplay.probe.hooks.monitoring import Monitoring as CodeHooks
else:
    from coroplay.probe.hooks.tracing import Tracing as CodeHooks

_LIBRARY: Final = os.path.join(os.path.dirname(os.__file__), "")


class Hooks:
    """All hooks that watch the program, from its first instruction to its last."""

    def __init__(self, store: Store, scope: Scope, main_name: str, *, lines: bool) -> None:
        self.recorder = Recorder(store, scope, main_name, self, shows_values=lines)
        self._store = store
        self._lines = lines
        self._active = False
        self._spawns = SpawnHook(self.recorder, self.fault)
        self._code = CodeHooks(self.recorder, Generators(self.recorder), self.fault)
        self._greenlets = GreenletHooks(self.recorder, self.fault)
        self._uninstallers: list[Callable[[], None]] = []

    def install(self, *, has_generators: bool, line_buffered: bool) -> None:
        """Watch the program from here on.

        `has_generators` matters only on Python 3.11, and there only if no lines are recorded.
        """
        self._active = True
        os.register_at_fork(after_in_child=self._forked)
        self.recorder.thread()
        self._uninstallers = [
            streams.install(Outputs(self.recorder).on_write, self.fault, line_buffered),
            threads.install(self._start_thread, untraced(guarded(self._leave_thread, self.fault))),
            self._spawns.uninstall,
            self._greenlets.uninstall,
            self._code.uninstall,
        ]
        self._greenlets.install()
        self._code.install(self._lines, has_generators)

    # For the recorder

    def enter_thread(self) -> None:
        """Watch the calling thread."""
        if self._active:
            self._greenlets.enter_thread()
            self._code.enter_thread()

    def keep_watching(self) -> None:
        """Watch the calling thread again if the interpreter has stopped calling the hooks there."""
        if self._active:
            self._code.keep_watching()

    def find_gevent(self) -> bool:
        """Hook gevent's spawns if gevent is imported by now; return whether it is."""
        return self._spawns.install()

    def on_greenlet_start(self) -> None:
        """Prepare for the function that a greenlet is about to start with."""
        self._code.on_greenlet_start()

    def sees_failures(self) -> bool:
        """Tell whether exceptions that leave functions of the person's own are seen."""
        return self._code.sees_failures()

    def end_lines(self) -> None:
        """Stop recording lines, and go on with switches."""
        self._code.end_lines()

    def _start_thread(self, function: object) -> None:
        self.recorder.on_thread_start(function)
        self.enter_thread()

    def _leave_thread(self) -> None:
        self.recorder.on_thread_end()
        self._greenlets.leave_thread()

    def end(self, outcome: str | None, failed: bool, returned: bool) -> None:
        """Uninstall all hooks, write the program's end, and close the recording."""
        if not self._active:
            return
        try:
            self._uninstall_all()
            self.recorder.on_program_end(outcome, failed, returned)
            self._store.write_clock(ended=True)
            self._store.close()
        except OSError as error:
            self._store.silence(_sentence(error))

    def _uninstall_all(self) -> None:
        self._active = False
        # Not held while they run: the streams that they hold are to be freed in time.
        uninstallers, self._uninstallers = self._uninstallers, []
        for uninstall in uninstallers:
            uninstall()

    def fault(self, error: BaseException) -> bool:
        """Return whether an exception in a hook is the program's; if not, end the recording.

        The program's signal handlers run wherever the interpreter happens to be, inside a hook
        too: what they raise belongs to the program. Called while the exception is being handled.
        """
        if isinstance(error, RecursionError):
            # The program is at its limit, which is its own business: the step is lost.
            losses.any = True
            return False
        if self._is_the_programs(error):
            self._store.doubt()
            return True
        if self._active:
            self._uninstall_all()
            self._store.silence(_sentence(error))
        return False

    def _is_the_programs(self, error: BaseException) -> bool:
        if isinstance(error, KeyboardInterrupt | SystemExit | originals.GreenletExit):
            return True
        trace = error.__traceback__
        while trace is not None:
            if self._is_the_programs_code(trace.tb_frame.f_code):
                return True
            trace = trace.tb_next
        return False

    def _is_the_programs_code(self, code: CodeType) -> bool:
        """Tell whether code that ran inside a hook is the program's: a signal handler, or below it.

        A program may lie in the standard library, which hooks use too: there the handlers alone
        are sure to be the program's.
        """
        if not self.recorder.scope.owns(code):
            return False
        return not code.co_filename.startswith(_LIBRARY) or any(
            getattr(handler, "__code__", None) is code
            for handler in map(getsignal, valid_signals())
            if type(handler) in (FunctionType, MethodType)
        )

    def _forked(self) -> None:
        """Stop watching in a forked process, to which the recording does not belong."""
        if self._active:
            self._uninstall_all()
            self._store.abandon()
            if self.recorder.control is not None:
                self.recorder.control.close()


def _sentence(error: BaseException) -> str:
    if isinstance(error, OSError):
        return reason(error)
    return f"a fault of the probe: {exception(error)}"
