"""The short way of a switch in Python, for where there is no accelerator.

It runs at every switch of a fast program: what it needs lies within one reach, and nothing is
called that need not be.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import CodeType, FrameType, FunctionType
from typing import Any, Final, NamedTuple

from coroplay.probe import originals
from coroplay.probe.steps import PythonSteps
from coroplay.trace.layout import TIME_BITS, Verb

Call = Callable[[str, tuple[Any, Any]], None]
_SWITCH, _WAIT, _WAKE = (verb << TIME_BITS for verb in (Verb.SWITCH, Verb.WAIT, Verb.WAKE))
_MOST_SITES: Final = 1 << 16


class Track:
    """What a switch needs to know of a coroutine."""

    __slots__ = (
        "at",
        "caller",
        "code",
        "generators",
        "hub",
        "id",
        "left",
        "line",
        "name",
        "owner",
        "place",
        "site",
        "started",
    )
    id: int
    name: str
    """Empty while it is not known."""
    left: int
    """The step by which it was last left, plus 1."""
    line: int
    """Its last line step, plus 1."""
    place: int
    """The location of its last line."""
    started: bool
    """Whether it has run."""
    hub: bool
    """Whether it is a hub of gevent's."""
    generators: list[Any]
    """Of a greenlet: the tracks of the generators that run on it, innermost last."""
    caller: Any
    """Of a generator that runs: who it hands control back to; or None."""
    owner: Any
    """And the greenlet that it runs on."""
    code: CodeType | None
    """Where it was left before: an instruction of the person's own code."""
    at: int
    site: int
    """The reference of the detail that says so, where a row of `steps` has it."""

    def __init__(self) -> None:
        self.code = None


class Thread:
    """What a switch needs to know of a thread."""

    __slots__ = ("greenlet", "thrown")
    greenlet: Any
    """The greenlet that runs, or the thread itself."""
    thrown: Any
    """A switch by exception that is held back."""


class Shortcut:
    """What the short way needs to know, for all threads."""

    __slots__ = (
        "_foreign",
        "_sites",
        "_tracks",
        "attention",
        "closely",
        "forget",
        "gevent_found",
        "gone",
        "steps",
    )

    def __init__(self, steps: PythonSteps, tracks: dict[int, Track], gone: list[Any]) -> None:
        self.steps = steps
        self._tracks = tracks
        self.gone = gone
        # A function in C: a tracer of the program's own would be told of one in Python.
        self.forget = gone.append
        self.attention: memoryview | None = None
        """Its first byte is set when the host, if there is one, has something to say."""
        self.closely = False
        """Whether all switches go the long way."""
        self.gevent_found = False
        """Whether gevent is there, and somebody listens to what it spawns."""
        self._sites: dict[tuple[int, int, int], tuple[CodeType, int]] = {}
        """By coroutine, code and instruction: the code, to hold it, and the site."""
        self._foreign: dict[int, CodeType] = {}

    def attend(self, attention: memoryview) -> None:
        """All switches go the long way while its first byte is set."""
        self.attention = attention

    def bind(self, track: Track, thing: object) -> None:
        """A track is that of a greenlet: the registry's dict has it."""

    def learn(self, track: Track, frame: FrameType, own: FrameType | None, detail: int) -> None:
        """A coroutine was left in a frame; what that means stands in a detail."""
        further: FrameType | None = frame
        while further is not None and further is not own:
            self._foreign[id(further.f_code)] = further.f_code
            further = further.f_back
        if len(self._sites) + len(self._foreign) >= _MOST_SITES:
            self._sites.clear()
            self._foreign.clear()
        counts = own or frame
        site = detail << 32
        self._sites[track.id, id(counts.f_code), counts.f_lasti] = (counts.f_code, site)
        if own is frame:
            track.code, track.at, track.site = frame.f_code, frame.f_lasti, site

    def site(self, track: Any, origin: Any) -> int:
        """The site of the greenlet that is left; 0 if it is not known, or not that track's."""
        if track.ref() is not origin:
            return 0
        frame: FrameType = origin.gr_frame
        counts, foreign = frame, self._foreign
        further: FrameType | None = frame
        while further is not None and id(further.f_code) in foreign:
            further = further.f_back
        if further is not None:
            counts = further
        found = self._sites.get((track.id, id(counts.f_code), counts.f_lasti))
        if found is None:
            return 0
        if counts is frame and further is frame:
            track.code, track.at, track.site = frame.f_code, frame.f_lasti, found[1]
        return found[1]

    def hook(self, long_way: Call) -> Hook:
        """What is to watch one thread; what it can't do goes the long way."""
        call, know = _make_call(self, self.steps, self._tracks, self.gone, long_way)
        parts = (call.__code__, call.__globals__, call.__name__, None, call.__closure__)
        return Hook(partial(FunctionType, *parts), know)


class Hook(NamedTuple):
    """What watches one thread."""

    new_call: Callable[[], Call]
    """Makes a new function for greenlet to call; runs no Python code."""
    know: Callable[[Any], None]
    """Tells what is known of the thread; None: nothing yet, or nothing any more."""


def _make_call(
    shared: Shortcut,
    steps: PythonSteps,
    tracks: dict[int, Any],
    gone: list[Any],
    long_way: Call,
) -> tuple[FunctionType, Callable[[Any], None]]:
    clock = originals.perf_counter_ns
    thread: Any = None

    def know(known: Any) -> None:
        nonlocal thread
        thread = known

    def call(event: str, args: tuple[Any, Any]) -> None:
        if event == "switch" and thread is not None and not gone and thread.thrown is None:
            origin, target = args
            leaving = thread.greenlet
            attention = shared.attention
            try:
                frame = origin.gr_frame
                if (
                    frame.f_code is leaving.code
                    and frame.f_lasti == leaving.at
                    and leaving.ref() is origin
                ):
                    site = leaving.site
                else:
                    site = shared.site(leaving, origin)
                entered = tracks[id(target)]
            except (KeyError, AttributeError, TypeError) as error:
                # One of the greenlets is new or dead, unless it comes from a signal handler.
                if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                    raise
                site = 0
            if (
                site
                and entered.started
                and not (entered.generators or leaving.generators)
                and not (shared.closely or (attention is not None and attention[0]))
            ):
                verb = _WAIT if entered.hub else _WAKE if leaving.hub else _SWITCH
                time = clock() - steps.base
                # From here on nothing is called, so that no other thread comes in between.
                row = steps.row
                if row < steps.short_end:
                    if time < steps.latest:
                        time = steps.latest
                    steps.latest = time
                    steps.rows[row] = site | entered.id
                    steps.stamps[row] = verb | time
                    steps.row = row = row + 1
                    leaving.left = steps.first + row
                    thread.greenlet = entered
                    return
        long_way(event, args)

    assert isinstance(call, FunctionType)
    return call, know
