"""The interface of the accelerator, which is written in C: see `probe.base.accelerator`."""

import sys
from collections.abc import Callable
from types import FrameType, GeneratorType, GetSetDescriptorType
from typing import Any, Protocol, final

VERSION: int
"""The version of this interface, raised with every change of it."""

def variables(frame: FrameType, /) -> dict[str, Any]:
    """Return the variables of a function's frame; the frame keeps nothing of the result."""

def standings(unfinished: dict[int, Any], running: list[Any], /) -> bytes:
    """Return a summary of unfinished tracks, of which some run: see `coroplay.probe.standings`."""

def generator_of(frame: FrameType, /) -> GeneratorType[Any, Any, Any] | None:
    """Return the generator that a frame belongs to; None for any other frame."""

def map_shared(fd: int, offset: int, size: int, /) -> memoryview:
    """Map a part of a file: see `coroplay.probe.files.mapping`. Raises OSError."""

def call_clean(body: Callable[[], Any], /) -> Any:
    """Call `body` with an empty stack below it."""

def run_file(path: bytes, /) -> int:
    """Run a file as ``__main__`` with an empty stack; return 0 if no exception was reported."""

def untraced(function: Callable[..., Any], /) -> Callable[..., Any]:
    """Return a function that calls `function`, hidden from tracers with everything it calls."""

def write_method(
    before: Callable[[Any, Any], Any],
    write: Callable[[Any, Any], int],
    after: Callable[[Any, Any, int], None],
    /,
) -> Any:
    """Return a method `write` of a stream that has no frame: see `coroplay.probe.base.hidden`."""

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
    started: bool
    hub: bool
    generators: list[Any]

class Thread:
    """The base of `thread_states.ThreadState`: see `coroplay.probe.fast_path.Thread`."""

    greenlet: Any
    thrown: Any

class _ThreadHook(Protocol):
    @property
    def new_call(self) -> Callable[[], Callable[[str, tuple[Any, Any]], Any]]: ...
    @property
    def set_thread(self) -> Callable[[Any], None]: ...

@final
class FastPath:
    """The fast path of a switch: see `coroplay.probe.fast_path.FastPath`."""

    force_slow: bool
    gevent_found: bool

    def __init__(
        self, steps: Steps, gone: list[Any], frame_of: GetSetDescriptorType, /
    ) -> None: ...
    def hook(self, reference: Callable[[str, tuple[Any, Any]], Any], /) -> _ThreadHook: ...
    def bind(self, track: Any, thing: object, /) -> None: ...
    def forget(self, tie: Any, /) -> None: ...
    def learn(
        self, track: Any, frame: FrameType, own: FrameType | None, detail: int, /
    ) -> None: ...
    def set_attention(self, attention: memoryview, /) -> None: ...

@final
class Lines:
    """The details of lines in functions: see `coroplay.probe.lines.Lines`."""

    name: Callable[[object], str | None]
    budget: int

    def __init__(self, in_python: Any, texts: Any, details: Any, locations: Any, /) -> None:
        """Use `in_python` for the frames of modules and classes."""

    def detail(self, frame: FrameType, line: int, /) -> tuple[int, int]: ...
    def forget(self, frame: FrameType, /) -> None: ...
    def end(self) -> None: ...

@final
class LineHooks:
    """The fast path of lines: see `coroplay.probe.lines.LineHooks`."""

    def __init__(
        self,
        fast_path: FastPath,
        lines: Lines,
        threads: dict[int, Any],
        frames: dict[int, Any],
        no_generators: list[Any],
        fault: Callable[[BaseException], bool],
        /,
    ) -> None: ...
    def set_stops(self, lines: frozenset[int], everywhere: bool, /) -> None: ...
    def learn_resume(self, frame: FrameType, verb: int, /) -> None: ...
    if sys.version_info >= (3, 12):
        def at_line(self, reference: Callable[..., Any], /) -> Callable[..., Any]: ...
        def at_start(self, reference: Callable[..., Any], /) -> Callable[..., Any]: ...
        def at_return(self, reference: Callable[..., Any], /) -> Callable[..., Any]: ...
        def at_resume(self, reference: Callable[..., Any], /) -> Callable[..., Any]: ...
        def at_yield(self, reference: Callable[..., Any], /) -> Callable[..., Any]: ...
    else:
        def tracer(
            self,
            owns: Callable[..., Any],
            on_call: Callable[..., Any],
            on_line: Callable[..., Any],
            on_event: Callable[..., Any],
            raised: dict[int, Any],
            /,
        ) -> Any: ...
