"""The short way of a switch, in C where that can be had and in Python otherwise.

Most switches of a fast program are like one before: both greenlets are known and alive, nobody
wants to stand still, and where the origin was left is known too. Such a one is written at once;
every other goes the long way, through `Recorder.greenlet_switch`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any, Protocol

from coroplay.probe import accelerator, originals, short_way
from coroplay.probe.short_way import Call
from coroplay.probe.steps import PythonSteps, Steps

__all__ = ["Hook", "Shortcut", "Thread", "Track", "make"]

if TYPE_CHECKING:
    from coroplay.probe.short_way import Thread, Track
elif accelerator.module is None:
    Track, Thread = short_way.Track, short_way.Thread
else:
    Track, Thread = accelerator.module.Track, accelerator.module.Thread


class Hook(Protocol):
    """What watches one thread."""

    @property
    def new_call(self) -> Callable[[], Call]:
        """Makes a new function for greenlet to call; runs no Python code."""

    @property
    def know(self) -> Callable[[Any], None]:
        """Tells what is known of the thread; None: nothing yet, or nothing any more."""


class Shortcut(Protocol):
    """What the short way needs to know, for all threads."""

    closely: bool
    """Whether all switches go the long way."""
    gevent_found: bool
    """Whether gevent is there, and somebody listens to what it spawns."""

    def hook(self, long_way: Call) -> Hook:
        """What is to watch one thread; what it can't do goes the long way."""

    def bind(self, track: Any, thing: object) -> None:
        """A track is that of a greenlet."""

    def forget(self, tie: Any) -> None:
        """A greenlet is gone; this is the end of its weak reference and runs no Python code."""

    def learn(self, track: Any, frame: FrameType, own: FrameType | None, detail: int) -> None:
        """A coroutine was left in a frame; what that means stands in a detail.

        `own` is the nearest frame of the person's own: with the same instruction of its code, it
        will mean the same again.
        """

    def attend(self, attention: memoryview) -> None:
        """All switches go the long way while its first byte is set."""


def make(steps: Steps, tracks: dict[int, Any], gone: list[Any]) -> Shortcut:
    """The quickest there is; `gone` gets the ties of greenlets that have gone."""
    if isinstance(steps, PythonSteps):
        return short_way.Shortcut(steps, tracks, gone)
    native = accelerator.module
    assert native is not None
    made: Shortcut = native.Shortcut(steps, gone, originals.Greenlet.__dict__["gr_frame"])
    return made
