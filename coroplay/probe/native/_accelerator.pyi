"""The interface of the accelerator, which is written in C: see `probe.base.accelerator`."""

import sys
from collections.abc import Callable
from types import (
    FrameType,
    GeneratorType,
    GetSetDescriptorType,
    MethodDescriptorType,
    WrapperDescriptorType,
)
from typing import Any, final

VERSION: int
"""The version of this interface, raised with every change of it."""

def variables(frame: FrameType, /) -> dict[str, Any]:
    """Return the variables of a function's frame; the frame keeps nothing of the result."""

def standings(unfinished: dict[int, Any], running: list[Any], /) -> bytes:
    """Return a summary of unfinished tracks, of which some run: see `coroplay.probe.standings`."""

def generator_of(frame: FrameType, /) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator that a frame belongs to; None for any other frame."""

def sent_value(frame: FrameType, /) -> tuple[Any, ...]:
    """Return the value that was sent into a generator that has just been resumed; () if unknown."""

def map_shared(fd: int, offset: int, size: int, /) -> memoryview:
    """Map a part of a file: see `coroplay.probe.files.mapping`. Raises OSError."""

def call_clean(body: Callable[[], Any], /) -> Any:
    """Call `body` with an empty stack below it."""

def run_file(path: bytes, /) -> int:
    """Run a file as ``__main__`` with an empty stack; return 0 if no exception was reported."""

def untraced(function: Callable[..., Any], /) -> Callable[..., Any]:
    """Return a function that calls `function`, hidden from tracers with everything it calls."""

def with_room(function: Callable[..., Any], /) -> Callable[..., Any]:
    """Return a function that calls `function` with room at the program's recursion limit."""

def raising_later(function: Callable[..., Any], /) -> Callable[..., Any]:
    """Return a function that calls `function`, and raises nothing.

    It returns None where `function` raises an exception. That is raised where Python next looks for
    signals.
    """

def hide(thing: object, /) -> None:
    """Take an object from those that the collector of garbage goes through, and lists."""

def watch_creations(
    kind: type, method: WrapperDescriptorType, hook: Callable[[Any], Any] | None, /
) -> None:
    """Call `hook` with every object of a type that is created; `method` is its `__init__`.

    The calls are hidden from tracers. None ends that.
    """

def watch_requests(switch: MethodDescriptorType, throw: MethodDescriptorType, /) -> None:
    """Take notice of all calls of these two methods of greenlet's from now on."""

def take_request() -> tuple[Any, bool, tuple[Any, ...], dict[str, Any] | None] | None:
    """Return and forget the call by which control is passed to a greenlet; None if not known.

    That is the greenlet whose method was called, whether that was `throw`, and the arguments.
    """

@final
class WriteMethod:
    """A method `write` of a stream that has no frame: see `coroplay.probe.base.hidden`."""

    __name__: str

def write_method(
    before: Callable[[Any, Any], tuple[bytes, bytearray | None] | None],
    write: Callable[[Any, Any], int],
    after: Callable[[Any, Any, int | None], None],
    /,
) -> WriteMethod:
    """Return such a method."""

@final
class Steps:
    """The end of the table of steps, where rows are appended."""

    count: int
    """Number of steps written so far."""
    mark_at: int
    """Number of steps at which the next mark is due."""

    def __init__(self, window: Callable[[int], memoryview], /) -> None:
        """Begin in the first window; `window` maps the n-th of the file. Raises OSError."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; return the number of steps so far. Raises OSError without room."""

    def stop(self) -> None:
        """Write no more."""

    def time(self) -> int:
        """Return the program's own time in nanoseconds."""

    def begin(self) -> None:
        """Set the program's own time to zero."""

    def hold(self) -> None:
        """Make the program's own time stand still."""

    def resume(self) -> int:
        """Make the program's time go on; return the nanoseconds that it stood still."""

class Track:
    """The base of `coroplay.probe.coroutines.Track`: see `coroplay.probe.fast_path.Track`."""

    id: int
    name: str
    left: int
    line: int
    location: int
    caller: Any
    owner: Any
    raised: int
    started: bool
    hub: bool
    generators: list[Any]

class Thread:
    """The base of `thread_states.ThreadState`: see `coroplay.probe.fast_path.Thread`."""

    greenlet: Any
    thrown: Any

@final
class FastPath:
    """The state of the fast path of switches, shared by all threads."""

    force_slow: bool
    """True while every switch goes to the reference."""
    gevent_found: bool
    """True once gevent is imported and its spawns are recorded."""

    def __init__(self, steps: Steps, gone: list[Any], frame_of: GetSetDescriptorType, /) -> None:
        """Use `frame_of` to get the frame of a greenlet: see `coroplay.probe.fast_path.make`."""

    def bind(self, track: Any, thing: object, /) -> None:
        """Note that a track belongs to a greenlet."""

    def forget(self, tie: Any, /) -> None:
        """Note that a greenlet is gone. Called by the weak reference to it; runs no Python code."""

    def learn(self, track: Any, frame: FrameType, own: FrameType | None, detail: int, /) -> None:
        """Remember the detail of switches that leave a coroutine in a frame.

        `own` is the nearest frame of the person's own code: the detail is valid for as long as
        that frame is at the same instruction.
        """

    def set_attention(self, attention: memoryview, /) -> None:
        """Pass every switch on while the first byte of `attention` is set."""

@final
class ThreadHook:
    """The hook for the switches of one thread."""

    def __init__(
        self, fast_path: FastPath, reference: Callable[[str, tuple[Any, Any]], Any], /
    ) -> None:
        """Pass on to `reference` what the fast path can't do."""

    def new_call(self) -> Callable[[str, tuple[Any, Any]], Any]:
        """Return a new function for greenlet to call; runs no Python code."""

    def set_thread(self, thread: Any, /) -> None:
        """Take the thread's state, or None before and after it is known."""

@final
class Lines:
    """The details of lines in functions: see `coroplay.probe.lines.PythonLines`."""

    name: Callable[[object], str | None]
    budget: int

    def __init__(self, in_python: Any, texts: Any, details: Any, locations: Any, /) -> None:
        """Use `in_python` for the frames of modules and classes."""

    def detail(self, frame: FrameType, line: int, /) -> tuple[int, int]: ...
    def forget(self, frame: FrameType, /) -> None: ...
    def end(self) -> None: ...

_Callback = Callable[..., Any]

@final
class LineHooks:
    """The fast path of lines and generators.

    The methods `at_…` return callbacks for `sys.monitoring`. Each callback passes on to the given
    reference what it can't do.
    """

    def __init__(
        self,
        fast_path: FastPath,
        lines: Lines,
        threads: dict[int, Any],
        frames: dict[int, Any],
        no_generators: list[Any],
        fault: Callable[[BaseException], bool],
        /,
    ) -> None:
        """Work together with the rest of the probe: see `coroplay.probe.lines.LineContext`."""

    def set_stops(self, lines: frozenset[int], everywhere: bool, /) -> None:
        """Pass these lines, of whatever file, on to the reference; every line if `everywhere`."""

    def learn_call(self, frame: FrameType, /) -> None:
        """Remember the location of the call under way in a frame, which resumes generators."""

    if sys.version_info >= (3, 12):
        def at_line(self, reference: _Callback, /) -> _Callback: ...
        def at_jump(
            self, reference: _Callback, passes: dict[int, dict[int, int]], /
        ) -> _Callback: ...
        def at_start(self, reference: _Callback, /) -> _Callback: ...
        def at_return(self, reference: _Callback, /) -> _Callback: ...
        def at_resume(self, reference: _Callback, /) -> _Callback: ...
        def at_yield(self, reference: _Callback, /) -> _Callback: ...

    else:
        def tracer(
            self,
            owns: _Callback,
            on_call: _Callback,
            on_line: _Callback,
            on_event: _Callback,
            raised: dict[int, Any],
            /,
        ) -> Any:
            """Return a trace function, whose `install` has it watch the calling thread.

            Its `end` has it leave each thread at the next event there.

            `owns` tells whether code is the person's own. The other three are the reference:
            `on_call` for calls, `on_line` for the events of frames whose lines are recorded, and
            `on_event`, which is itself the trace function of some frames. While there is anything
            in `raised`, the reference takes every event.
            """
