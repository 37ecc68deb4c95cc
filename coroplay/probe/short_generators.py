"""The short way of a generator in Python: one that goes on after its yield, or hands a value back.

As `Generators` does it, for generators that are known. Starts and ends go the long way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from coroplay.probe import originals
from coroplay.probe.coroutines import NO_GENERATORS
from coroplay.probe.frames import encoded
from coroplay.probe.short_lines import GEVENT, LARGE, LOW, Around, Files
from coroplay.probe.values import short
from coroplay.trace.layout import TIME_BITS, Verb

if TYPE_CHECKING:
    from coroplay.probe.python_lines import PythonLines

_YIELD: Final = Verb.YIELD << TIME_BITS
_MOST_SITES: Final = 1 << 16


class ShortGenerators(NamedTuple):
    """Each of its ways says whether it was taken; nothing has happened if not."""

    learn: Callable[[FrameType, int], None]
    """What a frame has under way makes generators go on, by that verb and with no value."""
    goes_on: Callable[[FrameType], bool]
    """A generator goes on after its yield."""
    yields: Callable[[FrameType, object], bool]
    """A generator hands a value back."""
    wait_for: Callable[[frozenset[int], bool], None]
    """See `coroplay.probe.lines.Watcher`."""


def make(lines: PythonLines, files: Files, around: Around) -> ShortGenerators:  # noqa: C901, PLR0915
    """The short way; what it needs lies within one reach."""
    shortcut, threads, frames, fault = around.shortcut, around.threads, around.frames, around.fault
    steps, gone, modules = shortcut.steps, shortcut.gone, sys.modules
    details, texts, locations = files
    clock, get_ident = originals.perf_counter_ns, originals.get_ident
    verbs: dict[tuple[int, int], tuple[CodeType, int, int]] = {}
    """By code and instruction: the code, to hold it, the location, and the verb of a step."""
    sites: dict[tuple[int, int], int] = {}
    """By coroutine and location: what a row of steps has of the detail that says so."""
    attention: Any = None
    stops = False

    def wait_for(_lines: frozenset[int], may_stop: bool) -> None:
        nonlocal attention, stops
        attention, stops = shortcut.attention, may_stop

    def learn(frame: FrameType, verb: int) -> None:
        if len(verbs) >= _MOST_SITES:
            verbs.clear()
        found = (frame.f_code, locations.call(frame), verb << TIME_BITS)
        verbs[id(frame.f_code), frame.f_lasti] = found

    def running() -> Any:
        """The greenlet that runs; None if there is something to be dealt with before a step."""
        thread = threads.get(get_ident())
        if (
            thread is None
            or gone
            or thread.thrown is not None
            or (GEVENT in modules and not shortcut.gevent_found)
            or stops
            or (attention is not None and attention[0])
            or lines.budget <= 0
            or not thread.greenlet.name
        ):
            return None
        return thread.greenlet

    def is_the_programs(error: BaseException) -> bool:
        try:
            return bool(fault(error))
        except RecursionError:
            return False

    def goes_on(frame: FrameType) -> bool:
        try:
            track: Any = frames.get(id(frame))
            greenlet, outer = running(), frame.f_back
            if track is None or greenlet is None or outer is None:
                return False
            code, at = outer.f_code, outer.f_lasti
            known = verbs.get((id(code), at))
            if known is None or steps.row >= steps.short_end:
                return False
            caller = greenlet.generators[-1] if greenlet.generators else greenlet
            _, location, verb = known
            site = sites.get((caller.id, location))
            if site is None:
                if len(sites) >= _MOST_SITES:
                    sites.clear()
                site = details.append(caller.id, location, 0, 0) << 32
                sites[caller.id, location] = site
            generators = [*greenlet.generators, track]
            time = clock() - steps.base
            # From here on nothing is called, so that all of it happens or nothing.
            row = steps.row
            if row >= steps.short_end:
                return False
            if time < steps.latest:
                time = steps.latest
            steps.latest = time
            steps.rows[row] = site | track.id
            steps.stamps[row] = verb | time
            steps.row = row + 1
            caller.left = steps.first + row + 1
            track.started = True
            track.caller, track.owner = caller, greenlet
            greenlet.generators = generators
        except BaseException as error:
            if is_the_programs(error):
                raise
        return True

    def yields(frame: FrameType, value: object) -> bool:
        try:
            track: Any = frames.get(id(frame))
            greenlet = running()
            if track is None or greenlet is None or track.owner is not greenlet:
                return False
            generators, caller = greenlet.generators, track.caller
            if not generators or generators[-1] is not track or caller is None:
                return False
            if steps.row >= steps.short_end:
                return False
            if type(value) is int and LOW < value < LARGE:
                shown = b"%d" % value
            else:
                shown = encoded(short(value, lines.name))
            text = texts.add(shown)
            detail = details.append(track.id, locations.call(frame), text, 0)
            outer = generators[:-1] or NO_GENERATORS
            time = clock() - steps.base
            # From here on nothing is called, so that all of it happens or nothing.
            row = steps.row
            if row >= steps.short_end:
                return False
            if time < steps.latest:
                time = steps.latest
            steps.latest = time
            steps.rows[row] = caller.id | detail << 32
            steps.stamps[row] = _YIELD | time
            steps.row = row + 1
            track.left = steps.first + row + 1
            caller.started = True
            track.caller = track.owner = None
            greenlet.generators = outer
        except BaseException as error:
            if is_the_programs(error):
                raise
        return True

    return ShortGenerators(learn, goes_on, yields, wait_for)
