"""The fast path of a switch, which only the accelerator has.

Most switches of a fast program resemble an earlier one: both greenlets are known and alive, nobody
wants to pause there, and the location at which the origin was left is known too. The accelerator
writes such a switch at once and passes every other switch on to the reference,
`Recorder.on_greenlet_switch`. Without the accelerator, all switches go there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any, TypeAlias

from coroplay.probe.base import accelerator, originals
from coroplay.probe.files.steps import PythonSteps, Steps

if accelerator.used:
    from coroplay.probe.native import _accelerator

GreenletHook = Callable[[str, tuple[Any, Any]], Any]
"""A function that `greenlet.settrace` takes: called with an event and the pair of greenlets."""


class Track:
    """The fields of a coroutine that the accelerator reads; this class is for use without it."""

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
        "raised",
        "started",
    )
    id: int
    name: str
    """The name of the coroutine; empty while it is not known."""
    left: int
    """The number of the step by which the coroutine was last left, plus 1."""
    line: int
    """The number of the coroutine's last line step, plus 1."""
    location: int
    """The location of the coroutine's last line."""
    started: bool
    """True once the coroutine has run."""
    hub: bool
    """True for a hub of gevent's."""
    generators: list[Any]
    """The tracks of the generators that run on a greenlet, innermost last."""
    caller: Any
    """The track that last resumed a generator; None for any other coroutine."""
    owner: Any
    """The track of the greenlet that a running generator runs on; None for any other coroutine."""
    raised: int
    """The verb by which an exception was raised at a running generator's yield; 0 if none was."""


class Thread:
    """The fields of a thread that the accelerator reads; this class is for use without it."""

    __slots__ = ("greenlet", "thrown")
    greenlet: Any
    """The track of the greenlet that runs; where none does, of the thread itself."""
    thrown: Any
    """A switch by exception that is not written yet; or None."""


if accelerator.used and not TYPE_CHECKING:
    Track, Thread = _accelerator.Track, _accelerator.Thread


class ReferenceHook:
    """The hook of one thread without the accelerator: it passes every switch on."""

    def __init__(self, reference: GreenletHook) -> None:
        # A function in C, which may be called anywhere.
        self.new_call: Callable[[], GreenletHook] = partial(partial, reference)

    def set_thread(self, thread: Any) -> None:
        """Do nothing."""


class NoFastPath:
    """The stand-in for a fast path where there is no accelerator."""

    def __init__(self, gone: list[Any]) -> None:
        self.force_slow = False
        self.gevent_found = False
        # A function in C: one in Python would be reported to a tracer of the program's own.
        self.forget = gone.append

    def bind(self, track: Any, thing: object, /) -> None:
        """Do nothing: the registry has the track."""

    def learn(self, track: Any, frame: FrameType, own: FrameType | None, detail: int, /) -> None:
        """Do nothing."""

    def set_attention(self, attention: memoryview, /) -> None:
        """Do nothing: the reference asks the control channel itself."""


ThreadHook: TypeAlias = "_accelerator.ThreadHook | ReferenceHook"
"""The hook of one thread."""
FastPath: TypeAlias = "_accelerator.FastPath | NoFastPath"
"""The fast path of switches, or its stand-in."""


def make(steps: Steps, gone: list[Any]) -> FastPath:
    """Return the fast path or its stand-in; `gone` receives the ties of greenlets that end."""
    if isinstance(steps, PythonSteps):
        return NoFastPath(gone)
    assert isinstance(steps, _accelerator.Steps)
    return _accelerator.FastPath(steps, gone, originals.Greenlet.__dict__["gr_frame"])


def make_hook(fast_path: FastPath, reference: GreenletHook) -> ThreadHook:
    """Return the hook of one thread, which passes on to `reference` what it can't do."""
    if isinstance(fast_path, NoFastPath):
        return ReferenceHook(reference)
    return _accelerator.ThreadHook(fast_path, reference)
