"""The fast path of a switch, which the accelerator has and the reference does without.

Most switches of a fast program resemble one before: both greenlets are known and alive, nobody
wants to pause there, and the place at which the origin was left is known too. The accelerator
writes such a switch at once and passes every other one on to the reference,
`Recorder.on_greenlet_switch`. Without the accelerator, all switches go there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from coroplay.probe.base import accelerator, originals
from coroplay.probe.files.steps import PythonSteps, Steps

if accelerator.used:
    from coroplay.probe.native import _accelerator

GreenletHook = Callable[[str, tuple[Any, Any]], Any]
"""What `greenlet.settrace` takes: called with an event and the pair of greenlets."""


class Track:
    """The fields of a coroutine that the accelerator reads, here as they are without one."""

    __slots__ = (
        "caller",
        "generators",
        "hub",
        "id",
        "left",
        "line",
        "location",
        "name",
        "owner",
        "started",
    )
    id: int
    name: str
    """Empty while it is not known."""
    left: int
    """The number of the step by which the coroutine was last left, plus 1."""
    line: int
    """The number of its last line step, plus 1."""
    location: int
    """The location of its last line."""
    started: bool
    """Whether the coroutine has run."""
    hub: bool
    """Whether the coroutine is a hub of gevent's."""
    generators: list[Any]
    """Of a greenlet: the tracks of the generators that run on it, innermost last."""
    caller: Any
    """Of a generator that runs: the track that goes on when it yields; or None."""
    owner: Any
    """Of a generator that runs: the track of the greenlet that it runs on; or None."""


class Thread:
    """The fields of a thread that the accelerator reads, here as they are without one."""

    __slots__ = ("greenlet", "thrown")
    greenlet: Any
    """The track of the greenlet that runs, or of the thread itself."""
    thrown: Any
    """A switch by exception that is not written yet; or None."""


if accelerator.used and not TYPE_CHECKING:
    Track, Thread = _accelerator.Track, _accelerator.Thread


class ThreadHook(Protocol):
    """The hook of one thread."""

    @property
    def new_call(self) -> Callable[[], GreenletHook]:
        """Makes a new function for greenlet to call; runs no Python code."""

    @property
    def set_thread(self) -> Callable[[Any], None]:
        """Takes the thread's state; None while nothing is known, or not any more."""


class FastPath(Protocol):
    """The state of the fast path, shared by all threads."""

    force_slow: bool
    """Whether every switch goes to the reference."""
    gevent_found: bool
    """Whether gevent is imported, and its spawns are listened to."""

    def hook(self, reference: GreenletHook, /) -> ThreadHook:
        """Return the hook of one thread; it passes on to `reference` what it can't do."""

    def bind(self, track: Any, thing: object, /) -> None:
        """Note that a track is that of a greenlet."""

    def forget(self, tie: Any, /) -> None:
        """Note that a greenlet is gone: the callback of its weak reference. Runs no Python code."""

    def learn(self, track: Any, frame: FrameType, own: FrameType | None, detail: int, /) -> None:
        """Remember the detail of switches that leave a coroutine in a frame.

        `own` is the nearest frame of the person's own code: the detail is good for as long as that
        one is at the same instruction.
        """

    def set_attention(self, attention: memoryview, /) -> None:
        """Pass every switch on while the first byte of `attention` is set."""


class _ReferenceHook(NamedTuple):
    """The hook of one thread, without the accelerator."""

    new_call: Callable[[], GreenletHook]
    set_thread: Callable[[Any], None]


class NoFastPath:
    """The fast path where there is no accelerator: none."""

    def __init__(self, gone: list[Any]) -> None:
        self.force_slow = False
        self.gevent_found = False
        # A function in C: a tracer of the program's own would be told of one in Python.
        self.forget = gone.append

    def hook(self, reference: GreenletHook, /) -> ThreadHook:
        """Return the hook of one thread."""
        return _ReferenceHook(partial(partial, reference), lambda _thread: None)

    def bind(self, track: Any, thing: object, /) -> None:
        """Do nothing: the registry has the track."""

    def learn(self, track: Any, frame: FrameType, own: FrameType | None, detail: int, /) -> None:
        """Do nothing."""

    def set_attention(self, attention: memoryview, /) -> None:
        """Do nothing: the reference asks the control channel itself."""


def make(steps: Steps, gone: list[Any]) -> FastPath:
    """Return the fast path there is; `gone` receives the ties of greenlets that are gone."""
    if isinstance(steps, PythonSteps):
        return NoFastPath(gone)
    assert isinstance(steps, _accelerator.Steps)
    return _accelerator.FastPath(steps, gone, originals.Greenlet.__dict__["gr_frame"])
