"""Turns the events that hooks see into steps: who runs, and who hands which value to whom.

Every method that a hook calls may be called from any thread. The order of a step's parts matters:
texts and details first, then the step, then what the probe itself remembers of it.
"""

from __future__ import annotations

from types import FrameType, GeneratorType
from typing import TYPE_CHECKING, Any, Final, Protocol

from coroplay.probe import coroutines
from coroplay.probe.awaited import AwaitedCoroutines
from coroplay.probe.base import originals
from coroplay.probe.base.guard import Fault, losses
from coroplay.probe.coroutines import Registry, Track
from coroplay.probe.inspect import values
from coroplay.probe.inspect.calls import Calls, carried_value
from coroplay.probe.inspect.frames import is_outermost, release_variables
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.waits import Waits
from coroplay.probe.lines import LineContext, LineHooks
from coroplay.probe.store import Store
from coroplay.probe.thread_states import ThreadState, Thrown, thread_name
from coroplay.trace.layout import Kind, Verb

if TYPE_CHECKING:
    from coroplay.probe.pausing.control import Control


_SWITCH, _START, _WAIT, _WAKE = map(int, (Verb.SWITCH, Verb.START, Verb.WAIT, Verb.WAKE))
_HUB: Final = Kind.HUB
_GREENLET: Final = Kind.GREENLET


def _ending(failed: bool, text: str | None) -> Verb:
    """Return the verb for the end of a greenlet with that outcome."""
    if failed:
        return Verb.FAIL
    if text is None:
        return Verb.UNSEEN
    return Verb.KILLED if text == "GreenletExit()" else Verb.FINISH


class Hooks(Protocol):
    """The hooks, as far as the recorder needs them."""

    def enter_thread(self) -> None:
        """Watch the calling thread, which is new to the recorder."""

    def find_gevent(self) -> bool:
        """Hook gevent's spawns if gevent is imported by now; return whether it is."""

    def keep_watching(self) -> None:
        """Watch the calling thread again if the interpreter has stopped calling the hooks there."""

    def on_greenlet_start(self) -> None:
        """Prepare for the function that a greenlet, not one of gevent's, is about to start with."""

    def end_lines(self) -> None:
        """Stop recording lines, whose budget is used up, and go on with switches."""


class Recorder:
    """The probe's memory of the program, and the one place from which steps are written."""

    def __init__(
        self, store: Store, scope: Scope, main_name: str, hooks: Hooks, *, shows_values: bool
    ) -> None:
        """`shows_values` says whether carried values and the objects of waits are recorded."""
        self.store = store
        self.scope = scope
        self.shows_values = shows_values
        self._hooks = hooks
        self.control: Control | None = None
        """The channel that is asked at every step whether to pause there."""
        self.threads = store.threads
        self.registry = Registry(store.end)
        self.fast_path = self.registry.fast_path
        self._being_named: set[int] = set()
        """Ids of objects whose arguments are being shown, which may hold these very objects."""
        self._main_name = main_name
        self.calls = Calls()
        self._waits = Waits(self.calls, AwaitedCoroutines(self.registry, self.meet_greenlet))
        self._line_hooks: LineHooks | None = None
        self._generator_frames: dict[int, Track] = {}
        """The track of each generator that has started, by the id of the generator's frame."""
        self.choose_path()

    def connect(self, control: Control) -> None:
        """Let a host pause the program from now on."""
        self.control = control
        self.fast_path.set_attention(control.attention)
        self.choose_path()

    def choose_path(self) -> None:
        """Send every switch to the reference while switches may show values or be stops."""
        stops = self.control is not None and self.control.stops is not None
        self.fast_path.force_slow = self.shows_values or stops
        if self._line_hooks is not None and self.control is not None:
            self._line_hooks.set_stops(self.control.lines, stops)

    def begin_lines(self, frames: dict[int, Track], fault: Fault) -> LineHooks | None:
        """Begin to record lines; return their fast path: see `Lines.begin`."""
        self._generator_frames = frames
        context = LineContext(
            self.name, self.fast_path, self.threads, frames, coroutines.NO_GENERATORS, fault
        )
        self._line_hooks = self.store.lines.begin(context)
        return self._line_hooks

    # Who is who

    def thread(self) -> ThreadState:
        """Return the state of the calling thread."""
        if self.registry.gone:
            self._forget()
        if losses.any:
            self._recover()
        return self.threads.get(originals.get_ident()) or self._meet_thread()

    def _recover(self) -> None:
        """Note that steps were lost, and that generators whose ends were among them do not run."""
        losses.any = False
        self.store.lose()
        for greenlet in list(self.registry.tracks.values()):
            running = [one for one in greenlet.generators if coroutines.is_running(one)]
            if len(running) < len(greenlet.generators):
                left = greenlet.innermost
                for one in greenlet.generators:
                    if one not in running and not one.finished:
                        self.store.write_end(Verb.UNSEEN, one, None)
                greenlet.generators = running or coroutines.NO_GENERATORS
                self.record_switch(Verb.RETURN, left, greenlet.innermost, 0, None)

    def keep_watching(self) -> None:
        """Watch the calling thread again if the interpreter has stopped calling the hooks there."""
        self._hooks.keep_watching()

    def _meet_thread(self) -> ThreadState:
        first = not self.threads
        if not first:
            self.store.doubt()
        root = originals.getcurrent()
        while root.parent is not None:
            root = root.parent
        name = self._main_name if first else thread_name()
        track = self._meet(Kind.MAIN if first else Kind.THREAD, name, 0, 0, root, at_once=True)
        state = ThreadState(track)
        self.threads[originals.get_ident()] = state
        self._hooks.enter_thread()
        return state

    def name(self, thing: object) -> str | None:
        """Return the name of a coroutine object, which may be new; None for any other object."""
        if self.registry.gone:
            self._forget()
        if id(thing) in self._being_named:
            return None
        kind = type(thing)
        if kind is GeneratorType:
            return self._name_generator(thing)
        if issubclass(kind, originals.Greenlet):
            track = self.registry.tracks.get(id(thing)) or self.meet_greenlet(thing)
            return track.name or None
        return None

    def _name_generator(self, thing: Any) -> str | None:
        known = self.registry.name(thing)
        frame = None if known else thing.gi_frame
        if frame is None or not self.scope.owns(frame.f_code):
            return known
        if frame.f_lasti >= 0 and thing.gi_running:
            return known
        track = self._generator_frames.get(id(frame))
        if track is not None and not track.finished:
            # The collector is about to drop it, and has cleared the weak reference.
            return track.name
        return self.meet_generator(frame, thing).name

    def meet_greenlet(self, thing: Any, location: int = 0) -> Track:
        """Return a new track for a greenlet, which was created at a location if that is known."""
        kind = coroutines.greenlet_kind(thing)
        running = self.threads.get(originals.get_ident())
        creator = running.running.id if running else 0
        self._being_named.add(id(thing))
        try:
            label = coroutines.greenlet_name(thing, kind, self.name)
        finally:
            self._being_named.discard(id(thing))
        location = location or (running.running.location if running else 0)
        track = self._meet(kind, label, creator, location, thing)
        parent = self.registry.tracks.get(id(coroutines.parent_of(thing)))
        if parent is not None:
            self.store.write_parent(track, parent)
        return track

    def meet_generator(self, frame: FrameType, thing: object | None) -> Track:
        """Return a new track for a generator."""
        self._being_named.add(id(thing))
        try:
            label = coroutines.generator_name(frame, self.name)
        finally:
            self._being_named.discard(id(thing))
        # Python tells nobody when a generator is made, only when it starts.
        return self._meet(Kind.GENERATOR, label, 0, 0, thing)

    def _meet(
        self,
        kind: Kind,
        name: str,
        creator: int,
        location: int,
        thing: object | None,
        at_once: bool = False,
    ) -> Track:
        track = self.store.add_coroutine(kind, name, creator, location, at_once)
        track.started = at_once
        if thing is not None:
            self.registry.bind(track, thing)
        return track

    def _forget(self) -> None:
        """Record that coroutines are gone, except generators whose own end will still be seen."""
        for track in self.registry.forget():
            runs = track.raised == Verb.DROPPING
            ends_itself = (
                track.kind is Kind.GENERATOR
                and track.started
                and (runs or not coroutines.ENDS_SILENTLY)
            )
            if not (track.finished or ends_itself or track.kind is Kind.THREAD):
                self.store.write_end(Verb.DROP, track, None)

    def on_thread_end(self) -> None:
        """Record the end of the calling thread's function."""
        state = self.threads.pop(originals.get_ident(), None)
        if state is not None and not state.main.finished:
            self.store.write_end(Verb.UNSEEN, state.main, None)

    # Switches between greenlets

    def on_greenlet_switch(self, event: str, origin: Any, target: Any) -> None:
        """Record that control has passed between two greenlets. Called in the target."""
        store = self.store
        t = store.time()
        if not self.fast_path.gevent_found:
            self.fast_path.gevent_found = self._hooks.find_gevent()
        self._hooks.keep_watching()
        state = self.thread()
        if state.thrown is not None:
            self.settle_throw(None)
        tracks = self.registry.tracks
        leaving = tracks.get(id(origin)) or self.meet_greenlet(origin)
        entered = tracks.get(id(target)) or self.meet_greenlet(target)
        if not entered.started and entered.kind is _GREENLET:
            self._hooks.on_greenlet_start()
        one = leaving.generators[-1] if leaving.generators else leaving
        other = entered.generators[-1] if entered.generators else entered
        state.greenlet = entered
        frame = origin.gr_frame
        if frame is None and origin.dead:
            self._greenlet_ended(event, t, origin, leaving, other)
        elif event == "throw":
            location = 0 if frame is None else self._frame_left(frame, leaving, leaving)[0]
            state.thrown = Thrown(t, one, other, location)
            return
        else:
            verb = _SWITCH
            if entered.kind is _HUB:
                verb = _WAIT
            elif not entered.started:
                verb = _START
            elif leaving.kind is _HUB:
                verb = _WAKE
            store.write_switch_at(
                verb, t, one, other, self._switch_detail(frame, leaving, entered, one)
            )
        if self.control is not None:
            self.control.at_switch(other.id)

    def _switch_detail(
        self, frame: FrameType | None, leaving: Track, entered: Track, one: Track
    ) -> int:
        """Return the detail of a switch: the coroutine that was left, the location and the value.

        Without values the detail is the same each time, and the fast path learns it.
        """
        if frame is None:
            return self.store.switch_detail(one, 0, None)
        detail = self.store.switch_detail(one, *self._frame_left(frame, leaving, entered))
        if not self.shows_values:
            self.fast_path.learn(one, frame, self.scope.nearest(frame), detail)
        return detail

    def _frame_left(
        self, frame: FrameType, leaving: Track, entered: Track
    ) -> tuple[int, str | None, str | None]:
        """Return the location of a suspended frame, and the value and the wait of its call."""
        if not leaving.name:
            self._name_by_frame(leaving, frame)
        own = self.scope.nearest(frame)
        near = frame if own is None else own
        location = self.store.locations.call(near)
        value = wait = None
        if entered.kind is _HUB and self.shows_values:
            wait = self._waits.by_objects(own, frame, leaving)
        elif entered.kind is _HUB:
            wait = self._waits.by_source(own, frame)
        elif self.shows_values and near is frame and leaving is not entered:
            call = self.calls.under_way(near)
            if call is not None and call.verb == "switch":
                value = carried_value(call, near, self.name)
        if near is frame and self.shows_values:
            release_variables(frame)
        return location, value, wait

    def _name_by_frame(self, track: Track, frame: FrameType) -> None:
        """Name a greenlet that was met before its function was known."""
        while not is_outermost(frame) and frame.f_back is not None:
            frame = frame.f_back
        self.store.rename(track, frame.f_code.co_name)

    def _greenlet_ended(
        self, event: str, t: int, origin: Any, leaving: Track, other: Track
    ) -> None:
        outcome = coroutines.gevent_outcome(origin, self.name) or leaving.outcome
        if outcome is None:
            outcome = (event == "throw", "")
        failed, text = outcome
        if not leaving.finished:
            self.store.write_end(_ending(failed, text or None), leaving, text or None)
        carried = (
            text if event == "throw" or (text != "None" and other.kind is not Kind.HUB) else ""
        )
        verb = Verb.THROW if event == "throw" else Verb.RETURN
        self.store.write_switch(verb, t, leaving, other, 0, carried or None)

    def settle_throw(self, error: BaseException | None) -> None:
        """Write the switch by exception that was held back, now that the exception is known."""
        state = self.thread()
        thrown, state.thrown = state.thrown, None
        if thrown is None:
            return
        killed = error is not None and issubclass(type(error), originals.GreenletExit)
        text = None if error is None else values.exception(error, self.name)
        verb = Verb.KILL if killed else Verb.THROW
        started = Verb.START if not thrown.target.started else verb
        self.store.write_switch(
            verb if killed else started,
            thrown.t,
            thrown.origin,
            thrown.target,
            thrown.location,
            text,
        )
        if self.control is not None:
            self.control.at_switch(thrown.target.id)

    def record_switch(
        self, verb: Verb, origin: Track, target: Track, location: int, value: str | None
    ) -> None:
        """Record that control has passed between a generator and its caller."""
        self.store.write_switch(verb, self.store.time(), origin, target, location, value)
        if self.control is not None:
            self.control.at_switch(target.id)

    def learn_resume(self, frame: FrameType) -> None:
        """Let the fast path take the generators that this frame's call resumes from now on."""
        if self._line_hooks is not None:
            self._line_hooks.learn_call(frame)

    # Ends

    def on_program_end(self, outcome: str | None, failed: bool) -> None:
        """Record the end of the main coroutine, and with it of the program."""
        state = self.thread()
        if state.thrown is not None:
            self.settle_throw(None)
        if outcome is None and state.main.outcome is not None and state.main.outcome[0]:
            # A SystemExit ends the process before anything else reports it.
            outcome = state.main.outcome[1]
        if not state.main.finished:
            self.store.write_end(Verb.FAIL if failed else Verb.FINISH, state.main, outcome)

    def on_outermost_start(self, frame: FrameType) -> None:
        """Name the running greenlet, whose outermost function starts, if it has no name."""
        greenlet = self.thread().greenlet
        if not greenlet.name:
            self._name_by_frame(greenlet, frame)

    def on_outermost_return(self, value: object) -> None:
        """Note that the outermost function of the running greenlet has returned."""
        self.thread().greenlet.outcome = (False, values.short(value, self.name))

    def on_outermost_failure(self, shown: str) -> None:
        """Note that an exception leaves the outermost function of the running greenlet.

        The exception is given as text, which is empty where it is not known.
        """
        self.thread().greenlet.outcome = (True, shown)

    # Lines

    def _end_lines(self) -> None:
        self.store.end_lines()
        self.shows_values = False
        self.choose_path()
        self._hooks.end_lines()

    def on_line(self, frame: FrameType, line: int) -> None:
        """Record that a line of the person's own code is about to run."""
        if not self.fast_path.gevent_found:
            self.fast_path.gevent_found = self._hooks.find_gevent()
        if self.registry.gone:
            self._forget()
        if losses.any:
            self._recover()
        state = self.threads.get(originals.get_ident()) or self._meet_thread()
        if state.thrown is not None:
            self.settle_throw(None)
        greenlet = state.greenlet
        if not greenlet.name and is_outermost(frame):
            self._name_by_frame(greenlet, frame)
        track = greenlet.generators[-1] if greenlet.generators else greenlet
        if not self.store.write_line(track, frame, line):
            return
        if self.store.lines.budget <= 0:
            self._end_lines()
        if self.control is not None:
            self.control.at_line(track.id, frame.f_code.co_filename, line)
