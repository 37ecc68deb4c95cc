"""The hooks of the short way in Python, which the interpreter calls."""

from __future__ import annotations

import opcode
from collections.abc import Callable, Mapping
from functools import partial
from types import CodeType, FrameType, MethodType
from typing import TYPE_CHECKING, Any, Final

from coroplay.probe import originals, short_generators, short_lines
from coroplay.probe.frames import Snapshot, is_function
from coroplay.probe.short_lines import NOTHING, Around, Files

if TYPE_CHECKING:
    from coroplay.probe.python_lines import PythonLines

Hook = Callable[..., Any]
_YIELD: Final = opcode.opmap["YIELD_VALUE"]
_RESUME: Final = opcode.opmap["RESUME"]


class PythonWatcher:
    """The short way, see `coroplay.probe.lines.Watcher`."""

    def __init__(self, lines: PythonLines, files: Files, around: Around) -> None:
        self._lines = lines
        self._files = files
        self._around = around
        self._generators = short_generators.make(lines, files, around)
        self._waits = [self._generators.wait_for]
        self.goes_on = self._generators.learn

    def wait_for(self, lines: frozenset[int], stops: bool) -> None:
        """Those lines, of whatever file, go the long way; all of them if it `stops`."""
        for wait_for in self._waits:
            wait_for(lines, stops)

    def _short_way(self, long_way: Hook, raised: Mapping[int, Any]) -> Hook:
        short = short_lines.make(self._lines, self._files, self._around, long_way, raised)
        self._waits.append(short.wait_for)
        return self._lines.goes_short(short)

    # From Python 3.12 on

    def at_line(self, long_way: Hook) -> Hook:
        """What `sys.monitoring` is to call at a line."""
        return self._short_way(long_way, NOTHING)

    def at_start(self, long_way: Hook) -> Hook:
        """What it is to call where a function begins."""
        lines, threads, fault = self._lines, self._around.threads, self._around.fault
        facts_of, snapshots = lines.facts, lines.snapshots
        frame_of, get_ident = originals.getframe, originals.get_ident

        def function_begins(code: CodeType, offset: int) -> Any:
            try:
                facts = facts_of.get(id(code))
                if facts is not None and facts.plain and lines.budget > 0:
                    thread, frame = threads.get(get_ident()), frame_of(1)
                    begins_greenlet = frame.f_back is None
                    if not begins_greenlet and thread is not None and thread.greenlet.name:
                        snapshots[id(frame)] = Snapshot(facts, thread)
                        return None
            except RecursionError:
                return None
            except BaseException as error:
                if fault(error):
                    raise
                return None
            return long_way(code, offset)

        return function_begins

    def at_return(self, long_way: Hook) -> Hook:
        """What it is to call where a function returns."""
        facts_of, snapshots = self._lines.facts, self._lines.snapshots
        frame_of = originals.getframe

        def function_ends(code: CodeType, offset: int, value: object) -> Any:
            facts = facts_of.get(id(code))
            if facts is not None and facts.plain:
                frame = frame_of(1)
                if frame.f_back is not None:
                    snapshots.pop(id(frame), None)
                    return None
            return long_way(code, offset, value)

        return function_ends

    def at_resume(self, long_way: Hook) -> Hook:
        """What it is to call where a generator goes on."""
        lines, goes_on, frame_of = self._lines, self._generators.goes_on, originals.getframe

        def generator_goes_on(code: CodeType, offset: int) -> Any:
            if lines.budget > 0 and goes_on(frame_of(1)):
                return None
            return long_way(code, offset)

        return generator_goes_on

    def at_yield(self, long_way: Hook) -> Hook:
        """What it is to call where a generator hands a value back."""
        lines, yields, frame_of = self._lines, self._generators.yields, originals.getframe

        def generator_yields(code: CodeType, offset: int, value: object) -> Any:
            if lines.budget > 0 and yields(frame_of(1), value):
                return None
            return long_way(code, offset, value)

        return generator_yields

    # On Python 3.11

    def tracer(  # noqa: C901
        self, _owns: Hook, at_call: Hook, at_event: Hook, _other: Hook, raised: dict[int, Any]
    ) -> Any:
        """A trace function, see there."""
        lines, facts_of, snapshots = self._lines, self._lines.facts, self._lines.snapshots
        threads, fault, get_ident = self._around.threads, self._around.fault, originals.get_ident
        _, goes_on, yields, _ = self._generators

        def happens(snapshot: Snapshot, frame: FrameType, event: str, arg: Any) -> Any:
            """Something that does not go the short way of lines in a frame that does."""
            facts = snapshot.facts
            ends = event == "return" and not facts.plain and not raised
            if ends and facts.instructions[frame.f_lasti] == _YIELD and yields(frame, arg):
                return None
            return at_event(frame, event, arg)

        runs = self._short_way(happens, raised)

        def tracer(frame: FrameType, event: str, arg: Any) -> Any:
            try:
                facts = facts_of.get(id(frame.f_code))
                if facts is not None and lines.budget > 0:
                    if facts.plain:
                        thread = threads.get(get_ident())
                        if thread is not None and thread.greenlet.name:
                            snapshots[id(frame)] = snapshot = Snapshot(facts, thread)
                            return MethodType(runs, snapshot)
                    elif (
                        type(known := frame.f_trace) is MethodType
                        and known.__func__ is runs
                        and facts.instructions[at := frame.f_lasti] == _RESUME
                        and facts.instructions[at + 1]
                        and goes_on(frame)
                    ):
                        return None
                chosen = at_call(frame, event, arg)
                if chosen is not tracer:
                    return chosen
                if lines.budget <= 0 or not is_function(frame.f_code):
                    return at_event
                return MethodType(runs, lines.snapshot(frame))
            except RecursionError:
                return None
            except BaseException as error:
                if fault(error):
                    raise
                return None

        hook: Any = tracer
        hook.install = partial(originals.set_trace, tracer)
        return hook
