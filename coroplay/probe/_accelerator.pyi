"""What the accelerator offers, written in C (`native/`): see `coroplay.probe.accelerator`."""

from collections.abc import Callable
from types import FrameType, GetSetDescriptorType
from typing import Any, final

def variables(frame: FrameType, /) -> dict[str, Any]:
    """The variables of a function's frame with their values; the frame keeps nothing of it."""

@final
class Steps:
    """The end of the table of steps, where rows are appended."""

    count: int
    """How many steps there are."""
    mark_at: int
    """How many steps there are when the next mark is due."""

    def __init__(self, window: Callable[[int], memoryview], /) -> None:
        """`window` maps the file's n-th window. Raises OSError when there is no room for it."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; the number of steps there are then. Raises OSError: there is no room."""

    def stop(self) -> None:
        """Write no more."""

    def time(self) -> int:
        """The program's own time in nanoseconds."""

    def begin(self) -> None:
        """The program's own time is zero now."""

    def hold(self) -> None:
        """The program's own time stands still now."""

    def go_on(self) -> int:
        """It goes on as if none had passed; how much has, in nanoseconds."""

class Track:
    """What a switch needs to know of a coroutine: the base of `coroutines.Track`."""

    id: int
    name: str
    left: int
    line: int
    place: int
    caller: Any
    owner: Any
    started: bool
    hub: bool
    generators: list[Any]

class Thread:
    """What a switch needs to know of a thread: the base of `recorder.ThreadState`."""

    greenlet: Any
    thrown: Any

@final
class Hook:
    """What greenlet calls in one thread: it is its own `call`."""

    @property
    def call(self) -> Hook: ...
    def __call__(self, event: str, args: tuple[Any, Any], /) -> None: ...
    def know(self, thread: Thread | None, /) -> None:
        """Tells what is known of its thread, or None."""

@final
class Shortcut:
    """The short way of a switch; see `coroplay.probe.shortcut.Shortcut`."""

    closely: bool
    gevent_found: bool

    def __init__(
        self, steps: Steps, gone: list[Any], frame_of: GetSetDescriptorType, /
    ) -> None: ...
    def hook(self, long_way: Callable[..., None], /) -> Hook: ...
    def bind(self, track: Track, thing: object, /) -> None: ...
    def forget(self, tie: Any, /) -> None: ...
    def learn(
        self, track: Track, frame: FrameType, own: FrameType | None, detail: int, /
    ) -> None: ...
    def attend(self, attention: memoryview, /) -> None: ...

@final
class Lines:
    """The details of lines in functions; see `coroplay.probe.lines.Lines`."""

    name: Callable[[object], str | None]
    budget: int

    def __init__(self, in_python: Any, texts: Any, details: Any, locations: Any, /) -> None:
        """`in_python` does the same for the frames of modules and classes."""

    def detail(self, frame: FrameType, line: int, /) -> tuple[int, int]: ...
    def forget(self, frame: FrameType, /) -> None: ...
    def end(self) -> None: ...

@final
class Watcher:
    """The short way of lines; see `coroplay.probe.lines.Watcher`, which has its hooks."""

    def __init__(
        self,
        shortcut: Shortcut,
        lines: Lines,
        threads: dict[int, Any],
        frames: dict[int, Any],
        none: list[Any],
        fault: Callable[[BaseException], bool],
        /,
    ) -> None: ...
    def wait_for(self, lines: frozenset[int], stops: bool, /) -> None: ...
