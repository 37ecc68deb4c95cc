"""Switches into and out of the person's generators, by the events of their frames."""

from __future__ import annotations

import sys
from types import FrameType, GeneratorType
from typing import Final, TypeGuard

from coroplay.probe import coroutines
from coroplay.probe.base.guard import losses
from coroplay.probe.coroutines import Track
from coroplay.probe.inspect import generators, values
from coroplay.probe.inspect.exits import is_thrown
from coroplay.probe.inspect.handlers import is_handled
from coroplay.probe.inspect.raising import Raising
from coroplay.probe.inspect.sent import Sent, SentValues
from coroplay.probe.recorder import Recorder
from coroplay.probe.thread_states import ThreadState
from coroplay.trace.layout import Kind, Verb, Way

_IGNORED_EXIT: Final = "RuntimeError('generator ignored GeneratorExit')"
"""The exception that Python raises in the caller when a closed generator yields."""
_CLOSE_RETURNS: Final = sys.version_info >= (3, 13)
"""True where `close` returns the value that the generator returned."""
_arguments_of = BaseException.__dict__["args"].__get__
_NEXT: Final = Sent(Verb.NEXT, None)


class Generators:
    """Records what happens to generators of the person's own code, from start to end."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._sent = SentValues(recorder.name)
        self._find_ends = recorder.newcomers.find_ends
        self.frames: dict[int, Track] = {}
        """The track of each generator that has started, by the id of the generator's frame."""

    def on_start(self, frame: FrameType) -> None:
        """Record that a generator runs for the first time."""
        state = self._settle_thread()
        self._find_ends()
        track = self._begin(frame)
        self._enter(state, track, Verb.START, self._location_of(frame.f_back), None)

    def on_resume(self, frame: FrameType) -> None:
        """Record that a generator is resumed after its yield."""
        state = self._settle_thread()
        self._find_ends()
        track = self._track(frame)
        if track.owner is not None:
            self._leave(track)  # The step by which it was left is lost.
        thing = generators.generator_of(frame)
        sent = self._sent.into(frame, thing, self._handed_on(frame))
        track.passes = sent
        self._enter(state, track, sent.verb, self._location_of(frame.f_back), sent.value)
        caller = frame.f_back
        if caller is not None and self._recorder.scope.nearest(caller) is caller:
            self._recorder.learn_resume(caller)

    def on_throw(self, frame: FrameType, error: BaseException) -> None:
        """Record that a generator is resumed by an exception raised at its yield."""
        known = self._known(frame)
        if known is not None and known.owner is not None:
            return  # It was, when the exception went to the generator that it had asked.
        # What `close` raises has no arguments: any other GeneratorExit was thrown.
        exits = type(error) is GeneratorExit and not _arguments_of(error)
        if known is None and exits:
            self._close_unstarted(frame)
            return
        asking = [] if known is None else _asking(known)
        dropped = [one for one in (known, *asking) if exits and _is_dropped(one)]
        self._mark_dropped(dropped)
        state = self._settle_thread()
        self._mark_dropped(dropped)  # Where steps were lost, such marks are too.
        # A reference must not be made anew here: Python clears those to an object that is being
        # freed once only, before this.
        track = known or self._begin(frame)
        if track.finished:
            # Another thread has told that it is gone, before this one came here.
            losses.any = True
            return
        if track.raised == Verb.DROPPING and not asking and not is_handled(frame):
            return  # Nothing of it runs: only its end is a step.
        text = values.exception(error, self._recorder.name)
        caller = self._resumer(frame, asking)
        location = self._location_of(caller)
        throws = not exits or (
            track.raised != Verb.DROPPING and is_thrown(self._recorder.calls, caller)
        )
        for one in (*reversed(asking), track):
            verb = Verb.THROW if throws else _verb_of_exit(one)
            throws = (
                not exits
            )  # Before a GeneratorExit is raised in one, those it asked are closed.
            one.raised = verb
            one.delegates = one is not track
            started = one.started
            self._enter(state, one, verb, location, text if verb is Verb.THROW else None)
            one.started = started
            location = self._location_in(one)

    def is_running(self, frame: FrameType) -> bool:
        """Tell whether the generator of a frame is known to be running."""
        track = self._known(frame)
        return track is not None and track.owner is not None

    def on_yield(self, frame: FrameType, value: object) -> None:
        """Record that a generator yields a value."""
        self._settle_thread()
        self._find_ends()
        track = self._known(frame)
        if track is None or track.owner is None:
            return
        recorder = self._recorder
        location = recorder.store.locations.call(frame)
        raised, track.raised = track.raised, 0
        if raised == Verb.DROPPING:
            track.raised = raised
            self._end(frame, Verb.FAIL, _IGNORED_EXIT, Verb.RETURN, None)
        elif raised == Verb.CLOSE:
            recorder.record_switch(Verb.THROW, track, self._leave(track), location, _IGNORED_EXIT)
        else:
            self._hand_out(track, location, values.short(value, recorder.name))

    def on_return(self, frame: FrameType, value: object) -> None:
        """Record that a generator returns."""
        self._settle_thread()
        track = self._known(frame)
        shown = values.short(value, self._recorder.name)
        carried = None if value is None else shown
        if track is None or track.raised != Verb.CLOSE:
            self._end(frame, Verb.FINISH, shown, Verb.RETURN, carried)
        elif value is None:
            self._end(frame, Verb.CLOSED, None, Verb.RETURN, None)
        else:
            # A generator that hands its own close on drops what the one that it asked returns.
            passes_on = _CLOSE_RETURNS and not (track.caller and track.caller.delegates)
            way, carried = (Way.CLOSE, shown) if passes_on else (Way.NOWHERE, None)
            self._end(frame, Verb.FINISH, shown, Verb.RETURN, carried, way=way)

    def on_failure(self, frame: FrameType, error: BaseException) -> None:
        """Record that an exception leaves a generator."""
        shown = values.exception(error, self._recorder.name)
        came = self._recorder.outcomes.raising(frame, error)
        self.on_failure_shown(frame, shown, issubclass(type(error), GeneratorExit), came)

    def on_failure_shown(
        self, frame: FrameType, shown: str | None, exits: bool, came: Raising | None
    ) -> None:
        """Record that an exception, given as text, leaves a generator: a failure, or its close.

        `came` is where the exception comes from; None where that is not known.
        """
        self._settle_thread()
        track = self._known(frame)
        if exits and track is not None and track.raised in (Verb.CLOSE, Verb.DROPPING):
            ending = Verb.CLOSED if track.raised == Verb.CLOSE else Verb.DROP
            self._end(frame, ending, None, Verb.RETURN, None, came)
        else:
            self._end(frame, Verb.FAIL, shown, Verb.THROW, shown, came)

    def on_silent_close(self, thing: object, caller: FrameType) -> None:
        """Record the end of a generator whose `close` was called, unless an event has."""
        if not isinstance(thing, GeneratorType) or thing.gi_frame is not None:
            return
        recorder = self._recorder
        running = self._settle_thread().running
        track = self._track_of(thing)
        if track is None or track.owner is not None:
            return
        if not track.started:
            recorder.store.write_end(Verb.CLOSED, track, None)
            return
        recorder.record_switch(Verb.CLOSE, running, track, self._location_of(caller), None)
        recorder.store.write_end(Verb.CLOSED, track, None)
        recorder.record_switch(Verb.RETURN, track, running, 0, None)

    def _close_unstarted(self, frame: FrameType) -> None:
        """Record that a generator is closed before it ran; one that is dropped ends as such."""
        self._settle_thread()
        track = self._track_of(generators.generator_of(frame))
        if track is not None:
            self._recorder.store.write_end(Verb.CLOSED, track, None)

    def _track_of(self, thing: object) -> Track | None:
        """Return the track of a generator that is known and has not ended."""
        track = self._recorder.registry.tracks.get(id(thing))
        if track is None or track.ref is None or track.ref() is not thing or track.finished:
            return None
        return track

    def _settle_thread(self) -> ThreadState:
        """Return the state of the calling thread, with no switch held back."""
        state = self._recorder.thread()
        if state.thrown is not None:
            self._recorder.settle_throw()
        return state

    def _known(self, frame: FrameType | None) -> Track | None:
        """Return the track of a frame's generator; None if it has not started, or is none."""
        track = self.frames.get(id(frame))
        return None if track is None or track.finished else track

    def _track(self, frame: FrameType) -> Track:
        """Return the track of a resumed generator: a new one if its start was not seen."""
        return self._known(frame) or self._begin(frame)

    def _begin(self, frame: FrameType) -> Track:
        """Return the track of a generator whose frame is new."""
        recorder, thing = self._recorder, generators.generator_of(frame)
        known = recorder.registry.tracks.get(id(thing)) if thing is not None else None
        track = known or recorder.newcomers.meet_generator(frame, thing)
        self.frames[id(frame)] = track
        return track

    def _mark_dropped(self, dropped: list[Track]) -> None:
        """Note that generators run only because they are dropped."""
        for one in dropped:
            self._recorder.registry.begin_dropping(one)

    def _resumer(self, frame: FrameType, asking: list[Track]) -> FrameType | None:
        """Return the frame that resumed a generator, by way of those that ask it."""
        outer = frame.f_back
        while asking and outer is not None and self.frames.get(id(outer)) in asking:
            outer = outer.f_back
        return outer

    def _location_of(self, caller: FrameType | None) -> int:
        """Return the location in the person's own code at which a frame calls; 0 if it is none."""
        own = self._recorder.scope.nearest(caller)
        return 0 if own is None else self._recorder.store.locations.call(own)

    def _location_in(self, track: Track) -> int:
        """Return the location at which a generator stands."""
        thing = track.ref() if track.ref is not None else None
        frame = None if thing is None else thing.gi_frame
        return track.location if frame is None else self._recorder.store.locations.call(frame)

    def _handed_on(self, frame: FrameType) -> Sent:
        """Return the value that the generator in which a frame is resumed has to hand on to it."""
        track = self._known(frame.f_back)
        if track is None or track.owner is None:
            return _NEXT
        passes, track.passes = track.passes, None
        return passes or _NEXT

    def _enter(
        self, state: ThreadState, track: Track, verb: Verb, location: int, value: str | None
    ) -> None:
        """Put a generator on the greenlet that runs, on top of the coroutine that resumes it."""
        while _is_suspended(state.running):
            self._leave(state.running)  # The step by which it was left is lost.
        caller = state.running
        track.caller, track.owner = caller, state.greenlet
        state.greenlet.generators = [*state.greenlet.generators, track]
        self._recorder.record_switch(verb, caller, track, location, value)

    def _hand_out(self, track: Track, location: int, value: str) -> None:
        """Record a yield: of those too that only hand an exception on, and what it answers."""
        while True:
            caller = self._leave(track)
            self._recorder.record_switch(Verb.YIELD, track, caller, location, value)
            if not caller.delegates:
                return
            track, location = caller, self._location_in(caller)

    def _leave(self, track: Track) -> Track:
        """Take a generator off its greenlet; return the coroutine that it hands control to."""
        caller, owner = track.caller, track.owner
        assert caller is not None
        assert owner is not None
        if track in owner.generators:
            outer = owner.generators[: owner.generators.index(track)]
            owner.generators = outer or coroutines.NO_GENERATORS
        track.owner = None
        track.delegates = False
        self._recorder.registry.end_dropping(track)
        return caller

    def _end(
        self,
        frame: FrameType,
        ending: Verb,
        outcome: str | None,
        verb: Verb,
        value: str | None,
        came: Raising | None = None,
        way: Way = Way.USUAL,
    ) -> None:
        track = self.frames.pop(id(frame), None)
        if track is None or track.finished:
            return
        dropped = track.raised == Verb.DROPPING
        if dropped:
            self._recorder.registry.end_dropping(track)
            ending = Verb.IGNORED if ending is Verb.FAIL else Verb.DROP
            outcome = outcome if ending is Verb.IGNORED else None
            verb, value = Verb.RETURN, None
        if track.owner is None and not dropped:
            return
        if came is not None:
            self._recorder.store.fail_at(track, came)
        elif ending is not Verb.FAIL:  # which began further in
            self._recorder.store.leave_function(track, frame)
        self._recorder.store.write_end(ending, track, outcome, way=way)
        if track.owner is not None:
            caller = self._leave(track)
            caller.delegates = False
            self._recorder.record_switch(verb, track, caller, 0, value)
        track.caller = None


def _verb_of_exit(track: Track) -> Verb:
    """Return the verb by which a GeneratorExit that nobody threw is raised in a generator."""
    return Verb.DROPPING if track.raised == Verb.DROPPING else Verb.CLOSE


def _is_dropped(track: Track | None) -> TypeGuard[Track]:
    """Tell whether the object of a generator that is known is gone, or about to be."""
    return track is not None and track.ref is not None and track.ref() is None


def _is_suspended(track: Track) -> bool:
    """Tell whether a coroutine that is taken to run is a generator that does not."""
    thing = track.ref() if track.kind is Kind.GENERATOR and track.ref is not None else None
    return thing is not None and not thing.gi_running


def _asking(track: Track) -> list[Track]:
    """Return the generators that hand an exception on to one they asked, innermost first.

    Python does not run them for that, but says that they run.
    """
    found: list[Track] = []
    while track.ref is not None and track.ref() is not None:
        one = track.caller
        if one is None or one.kind is not Kind.GENERATOR or one.ref is None or one in found:
            break
        thing = one.ref()
        if one.finished or one.owner is not None or not (thing is None or thing.gi_running):
            break
        found.append(one)
        track = one
    return found
