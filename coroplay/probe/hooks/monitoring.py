"""Lines and generators by `sys.monitoring` (Python 3.12 and newer).

A new code object is looked at once, when it first runs. Afterwards starts, lines and generators
have events only in the person's own code; without lines, plain functions have none.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FrameType, GeneratorType, MethodDescriptorType
from typing import Any, Final

from coroplay.probe.base import accelerator, originals
from coroplay.probe.base.guard import Fault, guarded, losses
from coroplay.probe.base.hidden import raising_later, with_room
from coroplay.probe.hooks.generators import Generators
from coroplay.probe.inspect import throws
from coroplay.probe.inspect.frames import is_outermost
from coroplay.probe.inspect.generators import is_generator_code
from coroplay.probe.inspect.passes import passes
from coroplay.probe.recorder import Recorder
from coroplay.probe.timeouts import is_start

assert sys.version_info >= (3, 12)

_HOOKED: Final = 2
"""Distance of a guarded hook's method from the frame that the event is about."""
_NAME: Final = "coroplay"
_PREFERRED_TOOLS: Final = (4, 3, 5, 2, 1, 0)
_CLOSER: Final = "closing.__exit__"
"""The name of the function of contextlib's that closes things."""
_JUMPS_LOSE_HANDLERS: Final = sys.version_info < (3, 14)
"""True where no `try` around a jump catches what its hook raises, such as a KeyboardInterrupt."""
_JUMPS_ARE_SAFE: Final = accelerator.used or not _JUMPS_LOSE_HANDLERS
"""True where the hook of a jump can be kept from raising the exceptions of signal handlers."""
_PATIENCE: Final = 50
"""Number of functions that start after a greenlet before such events are disabled.

To restart the events, at the next greenlet's start, costs about as much as so many of them.
"""


class Monitoring:
    """The hooks on code of Python 3.12 and newer."""

    def __init__(self, recorder: Recorder, generators: Generators, fault: Fault) -> None:
        self._recorder = recorder
        self._generators = generators
        self._fault = fault
        self._lines = False
        self._tool = -1
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._owned: dict[int, CodeType] = {}
        self._closers: list[CodeType] = []
        """Code of others that closes generators, and is watched for that."""
        self._outermost: set[int] = set()
        """Ids of code that a greenlet was seen to start with."""
        self._passes: dict[int, dict[int, int]] = {}
        """The jumps of loops within one line, by the id of their code: see `passes`."""
        self._has_disabled = False
        """True while there are functions whose starts are disabled."""
        self._patience = 0

    def install(self, lines: bool, _has_generators: bool) -> None:
        """Watch all threads. Raises RuntimeError when every tool of `sys.monitoring` is in use."""
        self._lines = lines
        api = sys.monitoring
        free = [tool for tool in _PREFERRED_TOOLS if api.get_tool(tool) is None]
        if not free:
            raise RuntimeError("every tool id of sys.monitoring is in use")
        self._tool = free[0]
        api.use_tool_id(self._tool, _NAME)
        events = api.events
        hooks: dict[int, Callable[..., Any]] = {
            events.PY_START: self._on_start,
            events.PY_RESUME: self._on_resume,
            events.PY_YIELD: self._on_yield,
            events.PY_RETURN: self._on_return,
            events.PY_UNWIND: self._on_unwind,
            events.PY_THROW: self._on_throw,
            events.RAISE: self._on_raise,
            events.CALL: self._on_call,
            events.C_RETURN: self._on_c_return,
            events.JUMP: self._on_jump,
        }
        called = {event: guarded(hook, self._fault) for event, hook in hooks.items()}
        called[events.LINE] = self._line_hook()
        fast = self._recorder.begin_lines(self._generators.frames, self._fault)
        if fast is not None:
            for event, fast_path in (
                (events.LINE, fast.at_line),
                (events.PY_START, fast.at_start),
                (events.PY_RETURN, fast.at_return),
                (events.PY_RESUME, fast.at_resume),
                (events.PY_YIELD, fast.at_yield),
            ):
                called[event] = fast_path(called[event])
            called[events.JUMP] = fast.at_jump(called[events.JUMP], self._passes)
        if _JUMPS_LOSE_HANDLERS:
            called[events.JUMP] = raising_later(called[events.JUMP])
        for event, hook in called.items():
            api.register_callback(self._tool, event, hook)
        # Held to the end: the interpreter does not hold a callback while it calls it, and another
        # thread may stop watching meanwhile.
        self._callbacks = called
        everywhere = events.PY_START | events.PY_UNWIND | events.PY_THROW | events.RAISE
        api.set_events(self._tool, everywhere)

    def uninstall(self) -> None:
        """Stop watching.

        Everything is undone by hand: a tool that is freed keeps its callbacks, and its events on
        each code object.
        """
        tool, self._tool = self._tool, -1
        api = sys.monitoring
        # The program can free the tool, and use its number for one of its own.
        if tool >= 0 and api.get_tool(tool) == _NAME:
            for event in self._callbacks:
                api.register_callback(tool, event, None)
            for code in (*list(self._owned.values()), *self._closers):
                api.set_local_events(tool, code, 0)
            api.set_events(tool, 0)
            api.free_tool_id(tool)

    def end_lines(self) -> None:
        """Stop recording lines, and go on with generators."""
        self._lines = False
        if self._tool < 0 or sys.monitoring.get_tool(self._tool) != _NAME:
            return
        for code in list(self._owned.values()):  # Other threads run new code meanwhile.
            sys.monitoring.set_local_events(self._tool, code, self._local_events(code))

    def keep_watching(self) -> None:
        """Do nothing: callbacks stay, whatever they raise."""

    def enter_thread(self) -> None:
        """Do nothing: events are those of all threads."""

    def _local_events(self, code: CodeType) -> int:
        events = sys.monitoring.events
        chosen = 0
        if is_generator_code(code):
            chosen = events.PY_RESUME | events.PY_YIELD | events.PY_RETURN
        elif self._lines or id(code) in self._outermost:
            chosen = events.PY_RETURN
        # A profiler that is set within a call with this event sees the return from it. So the event
        # is only set where it is needed.
        if "close" in code.co_names:
            chosen |= events.CALL
        if self._lines:
            chosen |= events.LINE | (events.JUMP if id(code) in self._passes else 0)
        return chosen

    def _on_start(self, code: CodeType, _offset: int) -> Any:
        if not self._recorder.scope.owns(code):
            if self._lines and is_start(code):
                self._recorder.timeouts.note_start(originals.getframe(_HOOKED))
                return None
            if code.co_qualname == _CLOSER:
                self._closers.append(code)
                sys.monitoring.set_local_events(self._tool, code, sys.monitoring.events.CALL)
            return sys.monitoring.DISABLE
        if id(code) not in self._owned:
            self._owned[id(code)] = code
            if self._lines and _JUMPS_ARE_SAFE and (found := passes(code)):
                self._passes[id(code)] = found
            sys.monitoring.set_local_events(self._tool, code, self._local_events(code))
        frame = originals.getframe(_HOOKED)
        self._recorder.store.forget_frame(frame)
        if is_generator_code(code):
            self._generators.on_start(frame)
        elif is_outermost(frame):
            self._watch_outermost(code, frame)
        elif not self._lines:
            self._recorder.on_own_start(frame)
            return self._disable_start()
        return None

    # Without lines, the only plain functions that matter are those that greenlets start with: their
    # names and results are the greenlets'. All other functions run unwatched.

    def _watch_outermost(self, code: CodeType, frame: FrameType) -> None:
        """Watch a function that a greenlet starts with, to see its result."""
        self._recorder.on_own_start(frame)
        if id(code) not in self._outermost:
            self._outermost.add(id(code))
            sys.monitoring.set_local_events(self._tool, code, self._local_events(code))

    def _disable_start(self) -> Any:
        """Return the answer to the start of an inner function: DISABLE once patience is used up."""
        if self._patience or not self._is_alone():
            self._patience = max(0, self._patience - 1)
            return None
        self._has_disabled = True
        return sys.monitoring.DISABLE

    def on_greenlet_start(self) -> None:
        """Enable the starts of all functions: a greenlet may start with any."""
        self._patience = _PATIENCE
        if self._has_disabled and self._is_alone():
            self._has_disabled = False
            sys.monitoring.restart_events()

    def sees_failures(self) -> bool:
        """Tell that exceptions are seen that leave functions of the person's own."""
        return True

    def _is_alone(self) -> bool:
        """Tell whether the program has no tool of its own, whose events would be restarted too."""
        get = sys.monitoring.get_tool
        return all(get(tool) is None for tool in _PREFERRED_TOOLS if tool != self._tool)

    def _on_resume(self, _code: CodeType, _offset: int) -> None:
        self._generators.on_resume(originals.getframe(_HOOKED))

    def _on_yield(self, _code: CodeType, _offset: int, value: object) -> None:
        self._generators.on_yield(originals.getframe(_HOOKED), value)

    def _on_return(self, code: CodeType, _offset: int, value: object) -> None:
        frame = originals.getframe(_HOOKED)
        self._recorder.store.forget_frame(frame)
        if is_generator_code(code):
            self._generators.on_return(frame, value)
        else:
            self._recorder.outcomes.on_return(frame, value)

    def _on_unwind(self, code: CodeType, _offset: int, exception: BaseException) -> None:
        if not self._recorder.scope.owns(code):
            return
        frame = originals.getframe(_HOOKED)
        self._recorder.store.forget_frame(frame)
        if is_generator_code(code):
            self._generators.on_failure(frame, exception)
        elif self._recorder.outcomes.ends_with(frame):
            seen = throws.seen(exception, self._recorder.name)
            came = self._recorder.outcomes.raising(frame, exception)
            self._recorder.outcomes.on_failure(frame, seen, came)

    def _on_throw(self, code: CodeType, _offset: int, exception: BaseException) -> None:
        if is_generator_code(code) and self._recorder.scope.owns(code):
            self._generators.on_throw(originals.getframe(_HOOKED), exception)

    def _on_raise(self, _code: CodeType, _offset: int, exception: BaseException) -> None:
        if self._recorder.thread().thrown is not None:
            self._recorder.settle_throw(exception)

    def _line_hook(self) -> Callable[[CodeType, int], None]:
        """Return the callback for lines, the busiest one, whose guard is written out in it."""
        record, fault, frame_of = self._recorder.on_line, self._fault, originals.getframe

        def on_line(_code: CodeType, line: int) -> None:
            try:
                record(frame_of(1), line)
            except RecursionError:
                losses.any = True
            except BaseException as error:
                if fault(error):
                    raise

        return with_room(on_line)

    def _on_jump(self, code: CodeType, offset: int, _target: int) -> Any:
        """Record a pass of a loop within one line, which runs that line again."""
        line = self._passes.get(id(code), {}).get(offset)
        if line is None:
            return sys.monitoring.DISABLE
        self._recorder.on_line(originals.getframe(_HOOKED), line)
        return None

    def _on_call(self, _code: CodeType, _offset: int, called: object, _first: object) -> Any:
        # Only calls of a generator's own `close` are of interest, see `_on_c_return`.
        return None if _is_close(called) else sys.monitoring.DISABLE

    def _on_c_return(self, _code: CodeType, _offset: int, called: Any, first: object) -> None:
        if _is_close(called):
            thing = first if type(called) is MethodDescriptorType else called.__self__
            self._generators.on_silent_close(thing, originals.getframe(_HOOKED))


def _is_close(called: Any) -> bool:
    if type(called) is BuiltinFunctionType and type(called.__self__) is GeneratorType:
        return bool(called.__name__ == "close")
    return called is GeneratorType.close
