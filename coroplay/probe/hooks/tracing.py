"""Lines and generators by `sys.settrace` (Python 3.11).

Tracing slows down every function of the program. So without lines, only programs that have
generators of their own are traced.
"""

from __future__ import annotations

import opcode
import sys
from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType, TracebackType
from typing import Any, Final

from coroplay.probe.base import originals
from coroplay.probe.base.guard import Fault, guarded, losses
from coroplay.probe.base.hidden import untraced, with_room
from coroplay.probe.hooks.failures import Failures, Raised
from coroplay.probe.hooks.generators import Generators
from coroplay.probe.inspect.generators import generator_of, is_generator_code
from coroplay.probe.recorder import Recorder
from coroplay.probe.timeouts import is_start

assert sys.version_info < (3, 12)

_YIELD: Final = opcode.opmap["YIELD_VALUE"]
_RESUME: Final = opcode.opmap["RESUME"]
_RETURN: Final = opcode.opmap["RETURN_VALUE"]
_PART_OF_A_LINE: Final = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>"})
"""Functions that are recorded as part of a line, as from Python 3.12 on they are no functions."""

_STOPPED: Final = "RuntimeError('generator raised StopIteration')"
"""The exception that Python makes of a StopIteration that leaves a generator."""

Tracer = Callable[[FrameType, str, Any], Any]


class Tracing:
    """The hooks on code of Python 3.11."""

    def __init__(self, recorder: Recorder, generators: Generators, fault: Fault) -> None:
        self._recorder = recorder
        self._generators = generators
        self._on_call = guarded(self._trace_call, fault)
        self._on_event = guarded(self._trace_event, fault)
        self._lines = False
        self._wanted = False
        self._over = False
        """True once each thread is to be left at its next event."""
        self._end: Callable[[], Any] = _nothing
        """Function that ends the accelerator's hook."""
        self._instructions: dict[int, tuple[CodeType, bytes]] = {}
        self._failures = Failures(self._is_told, recorder.outcomes.raising, recorder.name)
        self._on_line: Any = self._line_hook(fault)
        """The trace function of frames whose lines are recorded."""
        self._hook: Any = self._on_call
        """The trace function of watched threads."""
        self._enter: Callable[[], Any] = partial(originals.set_trace, self._hook)
        """Function that installs `_hook` in the calling thread."""
        fast = recorder.begin_lines(generators.frames, fault)
        if fast is not None:
            tracer = fast.tracer(
                self._is_watched,
                self._on_call,
                self._on_line,
                self._on_event,
                self._failures.last,
            )
            self._hook = self._on_line = tracer
            self._enter, self._end = tracer.install, tracer.end

    def install(self, lines: bool, has_generators: bool) -> None:
        """Watch the calling thread, and every thread that is entered from now on."""
        self._lines = lines
        self._wanted = lines or has_generators
        self._has_generators = has_generators
        self.enter_thread()
        if self._wanted:
            sys.settrace, sys.gettrace = untraced(self._settrace), untraced(self._gettrace)

    def on_greenlet_start(self) -> None:
        """Do nothing: the start of every function is traced."""

    def sees_failures(self) -> bool:
        """Tell whether exceptions are seen that leave functions of the person's own."""
        return self._lines

    def enter_thread(self) -> None:
        """Watch the calling thread, unless the program has a hook of its own there."""
        if self._wanted and self._gettrace() is None:
            self._enter()

    def keep_watching(self) -> None:
        """Watch the calling thread again if the interpreter has stopped that.

        It takes a trace function away that raises, as one in Python must at the recursion limit.
        """
        if self._wanted and originals.get_trace() is None:
            losses.any = True
            self._enter()

    def uninstall(self) -> None:
        """Stop watching; a hook of the program's own stays in the calling thread."""
        self._leave_threads()
        sys.settrace, sys.gettrace = originals.set_trace, originals.get_trace

    def _leave_threads(self) -> None:
        """Stop watching the calling thread now, and each of the others at its next event."""
        self._wanted = self._lines = False
        self._recorder.store.lines.end()
        self._over = True
        self._end()
        self._leave_thread(originals.getframe())

    def _leave_thread(self, at: FrameType | None) -> None:
        """Stop watching the calling thread, which is slow as long as it is traced at all."""
        if originals.get_trace() is self._hook:
            originals.set_trace(None)
        while at is not None:
            if at.f_trace is self._on_line or at.f_trace is self._on_event:
                at.f_trace, at.f_trace_lines = None, True
            at = at.f_back

    # A thread has one trace function. While the program has set its own, calls are not seen.

    def _settrace(self, hook: Any, /) -> None:
        if hook is None and self._wanted:
            self._enter()
        else:
            if self._wanted:
                self._recorder.store.note_own_trace()
            originals.set_trace(hook)

    def _gettrace(self) -> Any:
        hook = originals.get_trace()
        return None if hook is self._hook else hook

    def end_lines(self) -> None:
        """Stop recording lines, and go on with generators."""
        self._lines = False
        if not self._has_generators:
            self._leave_threads()

    def _is_watched(self, code: CodeType) -> bool:
        """Tell whether the calls of a function are of interest."""
        return self._recorder.scope.owns(code) or is_start(code)

    def _trace_call(self, frame: FrameType, _event: str, _arg: Any) -> Tracer | None:
        if self._over:
            self._leave_thread(frame)
            return None
        code = frame.f_code
        if not self._recorder.scope.owns(code):
            if self._lines and is_start(code):
                self._recorder.timeouts.note_start(frame)
            return None
        if code.co_name in _PART_OF_A_LINE:
            return None
        if not self._lines:
            if not is_generator_code(code):
                return None
            frame.f_trace_lines = False
        self._record_call(frame, code)
        # From Python 3.12 on, a loop within one line makes no new line.
        return self._on_event if code.co_name == "<genexpr>" else self._on_line

    def _record_call(self, frame: FrameType, code: CodeType) -> None:
        instruction, argument = self._bytecode_of(code)[frame.f_lasti : frame.f_lasti + 2]
        if not is_generator_code(code):
            # A coroutine of asyncio's kind goes on after an await with the variables it had.
            if instruction == _RESUME and not argument:
                self._recorder.store.forget_frame(frame)
            return
        if instruction != _RESUME:
            # An exception is thrown in at the yield, which `_on_exception` will record.
            return
        if argument:
            self._generators.on_resume(frame)
        else:
            self._recorder.store.forget_frame(frame)
            self._generators.on_start(frame)

    def _bytecode_of(self, code: CodeType) -> bytes:
        known = self._instructions.get(id(code))
        if known is None:
            known = self._instructions[id(code)] = (code, code.co_code)
        return known[1]

    def _line_hook(self, fault: Fault) -> Tracer:
        """Return the trace function for lines, the busiest, whose guard is written out in it."""
        record, on_event = self._recorder.on_line, self._on_event
        raised, on_handled = self._failures.last, self._failures.on_handled

        def on_line(frame: FrameType, event: str, arg: Any) -> Tracer | None:
            if event != "line" or not self._lines:
                return on_event(frame, event, arg)  # type: ignore[no-any-return]
            try:
                if raised:
                    on_handled(frame)
                record(frame, frame.f_lineno)
            except RecursionError:
                losses.any = True
            except BaseException as error:
                if fault(error):
                    raise
            return None

        return with_room(on_line)

    def _trace_event(self, frame: FrameType, event: str, arg: Any) -> Tracer | None:
        if self._over:
            self._leave_thread(frame)
        elif event == "line":
            self._on_first_line(frame)
        elif event == "return":
            self._on_return(frame, arg)
        elif event == "exception":
            self._on_exception(frame, *arg[1:])
        return None

    def _on_first_line(self, frame: FrameType) -> None:
        self._failures.on_handled(frame)
        if self._lines:
            self._recorder.on_line(frame, frame.f_lineno or 0)
        frame.f_trace_lines = False

    def _is_told(self, frame: FrameType) -> bool:
        """Tell whether an exception that leaves a frame is a step, or may be part of one."""
        return is_generator_code(frame.f_code) or self._recorder.outcomes.ends_with(frame)

    def _on_exception(self, frame: FrameType, error: BaseException, trace: TracebackType) -> None:
        if self._recorder.thread().thrown is not None:
            self._recorder.settle_throw(error, trace)
        if is_generator_code(frame.f_code) and not self._generators.is_running(frame):
            self._generators.on_throw(frame, error)
        self._failures.on_exception(frame, error, trace)

    def _on_return(self, frame: FrameType, value: object) -> None:
        generator = is_generator_code(frame.f_code)
        if generator and _is_suspended(frame):
            self._generators.on_yield(frame, value)
            self._failures.on_handled(frame)
            return
        at = self._bytecode_of(frame.f_code)[frame.f_lasti]
        if at == _YIELD and not generator:
            # A coroutine of asyncio's kind awaits, or yields.
            self._failures.last.pop(id(frame), None)
            return
        self._recorder.store.forget_frame(frame)
        if at == _RETURN:
            self._failures.forget(frame)
            self._on_success(frame, value)
        else:
            self._on_failure(frame, self._failures.leave(frame))

    def _on_success(self, frame: FrameType, value: object) -> None:
        if is_generator_code(frame.f_code):
            self._generators.on_return(frame, value)
        else:
            self._recorder.outcomes.on_return(frame, value)

    def _on_failure(self, frame: FrameType, error: Raised | None) -> None:
        """Record that an exception leaves a frame; it is not known which one if `error` is None."""
        seen, came = (None, None) if error is None else (error.seen, error.came)
        if is_generator_code(frame.f_code):
            shown = None if seen is None else _STOPPED if error and error.stops else seen.text
            exits = error is not None and error.exits
            self._generators.on_failure_shown(frame, shown, exits, came)
        elif self._recorder.outcomes.ends_with(frame):
            self._recorder.outcomes.on_failure(frame, seen, came)


def _is_suspended(frame: FrameType) -> bool:
    """Tell whether the generator of a frame that is left comes to a yield."""
    thing = generator_of(frame)
    return thing is not None and thing.gi_suspended


def _nothing() -> None:
    pass
