"""Switches into and out of the person's generators, by the events of their frames."""

from __future__ import annotations

from types import FrameType, GeneratorType
from typing import Final

from coroplay.probe import coroutines
from coroplay.probe.coroutines import Track
from coroplay.probe.inspect import values
from coroplay.probe.inspect.calls import carried_value
from coroplay.probe.recorder import Recorder
from coroplay.probe.thread_states import ThreadState
from coroplay.trace.layout import Verb

_VERBS: Final = {"send": Verb.SEND, "throw": Verb.THROW, "close": Verb.CLOSE}


class Generators:
    """Records what happens to generators of the person's own code, from start to end."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.frames: dict[int, Track] = {}
        """The track of each generator that has started, by the id of the generator's frame."""

    def on_start(self, frame: FrameType) -> None:
        """Record that a generator runs for the first time."""
        recorder = self._recorder
        state = self._settle_thread()
        thing = coroutines.generator_of(frame)
        known = recorder.registry.tracks.get(id(thing)) if thing is not None else None
        track = known or recorder.meet_generator(frame, thing)
        self.frames[id(frame)] = track
        self._enter(state, frame, track, Verb.START, None)

    def on_resume(self, frame: FrameType) -> None:
        """Record that a generator is resumed after its yield."""
        state = self._settle_thread()
        self._enter(state, frame, self._track(frame), Verb.NEXT, None)

    def on_throw(self, frame: FrameType, error: BaseException) -> None:
        """Record that a generator is resumed by an exception raised at its yield."""
        state = self._settle_thread()
        closed = type(error) is GeneratorExit
        if closed and id(frame) not in self.frames:
            return  # A generator that never ran is closed without running.
        text = None if closed else values.exception(error, self._recorder.name)
        verb = Verb.CLOSE if closed else Verb.THROW
        self._enter(state, frame, self._track(frame), verb, text)

    def is_running(self, frame: FrameType) -> bool:
        """Tell whether the generator of a frame is known to be running."""
        track = self.frames.get(id(frame))
        return track is not None and track.owner is not None

    def on_yield(self, frame: FrameType, value: object) -> None:
        """Record that a generator yields a value."""
        self._settle_thread()
        track = self.frames.get(id(frame))
        if track is None or track.caller is None:
            return
        recorder = self._recorder
        location = recorder.store.locations.call(frame)
        shown = values.short(value, recorder.name)
        caller = self._leave(track)
        recorder.record_switch(Verb.YIELD, track, caller, location, shown)

    def on_return(self, frame: FrameType, value: object) -> None:
        """Record that a generator returns."""
        self._settle_thread()
        shown = values.short(value, self._recorder.name)
        self._end(frame, Verb.RETURN, shown, None if value is None else shown)

    def on_failure(self, frame: FrameType, error: BaseException) -> None:
        """Record that an exception leaves a generator: a failure, unless it was closed."""
        self._settle_thread()
        if type(error) is GeneratorExit:
            self._end(frame, Verb.RETURN, None, None)
            return
        shown = values.exception(error, self._recorder.name)
        self._end(frame, Verb.THROW, shown, shown)

    def on_silent_close(self, thing: object, caller: FrameType) -> None:
        """Record the end of a generator whose `close` was called, unless an event has."""
        track = self._recorder.registry.tracks.get(id(thing))
        if track is None or track.finished or not track.started or track.owner is not None:
            return
        if not isinstance(thing, GeneratorType) or thing.gi_frame is not None:
            return
        recorder = self._recorder
        running = self._settle_thread().running
        location = recorder.store.locations.call(caller)
        recorder.record_switch(Verb.CLOSE, running, track, location, None)
        recorder.store.write_end(Verb.CLOSED, track, None)
        recorder.record_switch(Verb.RETURN, track, running, 0, None)

    def _settle_thread(self) -> ThreadState:
        """Return the state of the calling thread, with no switch held back."""
        state = self._recorder.thread()
        if state.thrown is not None:
            self._recorder.settle_throw()
        return state

    def _track(self, frame: FrameType) -> Track:
        """Return the track of a resumed generator: a new one if its start was not seen."""
        track = self.frames.get(id(frame))
        if track is None:
            thing = coroutines.generator_of(frame)
            known = self._recorder.registry.tracks.get(id(thing)) if thing is not None else None
            track = known or self._recorder.meet_generator(frame, thing)
            track.started = True
            self.frames[id(frame)] = track
        return track

    def _enter(
        self, state: ThreadState, frame: FrameType, track: Track, verb: Verb, value: str | None
    ) -> None:
        recorder = self._recorder
        caller = state.running
        track.caller, track.owner = caller, state.greenlet
        state.greenlet.generators = [*state.greenlet.generators, track]
        location = 0
        outer = recorder.scope.nearest(frame.f_back)
        if outer is not None:
            location = recorder.store.locations.call(outer)
            if verb is Verb.NEXT:
                verb, value = self._sent(outer)
        recorder.record_switch(verb, caller, track, location, value)
        if outer is not None and outer is frame.f_back:
            recorder.learn_resume(outer, verb)

    def _sent(self, outer: FrameType) -> tuple[Verb, str | None]:
        """Return the verb by which a frame resumes a generator, and the value that it sends."""
        call = self._recorder.calls.under_way(outer)
        verb = Verb.NEXT if call is None else _VERBS.get(call.verb, Verb.NEXT)
        if call is None or verb is not Verb.SEND or not self._recorder.shows_values:
            return verb, None
        return verb, carried_value(call, outer, self._recorder.name)

    def _leave(self, track: Track) -> Track:
        """Take a generator off its greenlet; return the coroutine that it hands control to."""
        caller, owner = track.caller, track.owner
        assert caller is not None
        assert owner is not None
        if track in owner.generators:
            outer = owner.generators[: owner.generators.index(track)]
            owner.generators = outer or coroutines.NO_GENERATORS
        track.caller = track.owner = None
        return caller

    def _end(self, frame: FrameType, verb: Verb, outcome: str | None, value: str | None) -> None:
        track = self.frames.pop(id(frame), None)
        if track is None or track.caller is None:
            return
        store = self._recorder.store
        if verb is Verb.THROW:
            ending = Verb.FAIL
        else:
            ending = Verb.CLOSED if outcome is None else Verb.FINISH
        store.write_end(ending, track, outcome)
        caller = self._leave(track)
        self._recorder.record_switch(verb, track, caller, 0, value)
