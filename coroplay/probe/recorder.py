"""Turns the events that hooks see into steps: who runs, and who hands which value to whom.

Every method that a hook calls may be called from any thread. The order of a step's parts matters:
texts and details first, then the step, then what the probe itself remembers of it.
"""

from __future__ import annotations

from collections import deque
from types import FrameType, GeneratorType, TracebackType
from typing import TYPE_CHECKING, Any, Final, Protocol

from coroplay.probe import coroutines
from coroplay.probe.awaited import AwaitedCoroutines
from coroplay.probe.base import accelerator, originals
from coroplay.probe.base.guard import Fault, losses
from coroplay.probe.coroutines import Outcome, Registry, Track
from coroplay.probe.inspect import throws, values
from coroplay.probe.inspect.calls import Calls, carried_value
from coroplay.probe.inspect.frames import is_outermost, release_variables
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.inspect.throws import Seen
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
_MOST_LOOKED_AT: Final = 16
"""Greenlets that have not started that are looked at with one switch."""


def _verb_of(leaving: Track, entered: Track) -> int:
    """Return the verb of a switch that is no end and no throw."""
    if entered.kind is _HUB:
        return _WAIT
    if not entered.started:
        return _START
    return _WAKE if leaving.kind is _HUB else _SWITCH


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

    def sees_failures(self) -> bool:
        """Tell whether exceptions that leave functions of the person's own are seen."""

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
        self._unstarted: deque[Track] = deque()
        """Greenlets of gevent that had not started when last looked at."""
        self._orphans: dict[int, list[Track]] = {}
        """Greenlets whose parents have not been met, by the ids of these."""
        self._thread_functions: dict[int, object] = {}
        """What threads that have not been met run, by their numbers."""
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

    def _thread_after_imports(self) -> ThreadState:
        """Return the state of the calling thread, which may have imported gevent."""
        if not self.fast_path.gevent_found:
            self.fast_path.gevent_found = self._hooks.find_gevent()
        return self.thread()

    def _meet_thread(self) -> ThreadState:
        first = not self.threads
        if not first:
            self.store.doubt()
        root = originals.getcurrent()
        while root.parent is not None:
            root = root.parent
        kind = Kind.MAIN if first else Kind.THREAD
        function = self._thread_functions.pop(originals.get_ident(), None)
        name = self._main_name if first else thread_name() or coroutines.thread_name(function)
        track = self._meet(kind, name, 0, 0, root, at_once=True)
        if function is not None:
            track.runs = coroutines.code_run_by(root, function)
        state = ThreadState(track)
        self.threads[originals.get_ident()] = state
        self._hooks.enter_thread()
        return state

    def on_thread_start(self, function: object) -> None:
        """Note what the calling thread is about to run."""
        self._thread_functions[originals.get_ident()] = function

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
            track = self.registry.tracks.get(id(thing))
            if track is None and not self._may_be_unborn(thing):
                track = self.meet_greenlet(thing)
            return None if track is None else track.label
        return None

    def _may_be_unborn(self, thing: Any) -> bool:
        """Tell whether the constructor of a greenlet, which is new, may not have run yet.

        Its creator will be known then.
        """
        kind = coroutines.greenlet_kind(thing)
        if kind is Kind.GEVENT:
            return coroutines.gevent_creation(thing, self.scope.owns) is None
        return kind is Kind.GREENLET and accelerator.used

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

    def on_creation(self, thing: Any) -> None:
        """Record that a greenlet has been created, by the code that runs."""
        kind = coroutines.greenlet_kind(thing)
        state = self._thread_after_imports()
        if kind is not Kind.GREENLET:
            return  # What gevent itself notes is known once its constructor has returned.
        if state.thrown is not None:
            self.settle_throw()
        if id(thing) not in self.registry.tracks:
            own = self._constructing(thing)
            location = 0 if own is None else self.store.locations.call(own)
            self._meet_greenlet(thing, kind, state.running.id, location)

    def meet_greenlet(self, thing: Any) -> Track:
        """Return a new track for a greenlet, whose creation was not seen."""
        kind = coroutines.greenlet_kind(thing)
        creator, location = self._creation(thing) if kind is Kind.GEVENT else (0, 0)
        return self._meet_greenlet(thing, kind, creator, location)

    def _creation(self, thing: Any) -> tuple[int, int]:
        """Return the creator of a Greenlet of gevent, and the location, 0 where not known."""
        made = coroutines.gevent_creation(thing, self.scope.owns)
        if made is None:
            return 0, 0
        state = self.thread()
        creator = self.registry.tracks.get(id(made.creator))
        certain = made.is_certain
        location = 0
        if made.code is not None:
            location = self.store.locations.line(made.code, made.line)
            own = self._constructing(thing)
            if own is not None and own.f_code is made.code and own.f_lineno == made.line:
                location = self.store.locations.call(own)
                if creator is state.greenlet:
                    creator, certain = state.running, True
        return creator.id if creator is not None and certain else 0, location

    def _constructing(self, thing: Any) -> FrameType | None:
        """Return the frame that has called the constructor of a greenlet."""
        own = self.scope.nearest(originals.getframe())
        if type(thing) is originals.Greenlet:
            return own
        inside = coroutines.constructors(thing)
        while own is not None and own.f_code in inside:
            own = self.scope.nearest(own.f_back)
        return own

    def _meet_greenlet(self, thing: Any, kind: Kind, creator: int, location: int) -> Track:
        run = coroutines.greenlet_run(thing, kind)
        self._being_named.add(id(thing))
        try:
            label = coroutines.greenlet_name(thing, kind, run, self.name)
        finally:
            self._being_named.discard(id(thing))
        track = self._meet(kind, label, creator, location, thing)
        track.is_thread = coroutines.thread_of(run) is not None
        track.runs = coroutines.code_run_by(thing, run)
        if kind is Kind.GEVENT:
            self._unstarted.append(track)
        if kind is not Kind.HUB and not track.is_thread and self._is_foreign(thing, run):
            track.name = ""
        self._adopt(track, thing)
        return track

    def _is_foreign(self, thing: Any, run: Any) -> bool:
        """Tell whether no name of the person's own is known for what a greenlet runs."""
        if run is None:
            return type(thing) is originals.Greenlet
        code = coroutines.code_of(run)
        return coroutines.is_builtin(run) if code is None else not self.scope.owns(code)

    def _adopt(self, track: Track, thing: Any) -> None:
        """Write the parent of a greenlet, and the greenlet as the parent of those met before."""
        for child in self._orphans.pop(id(thing), ()):
            known = child.ref and child.ref()
            if known is not None and coroutines.parent_of(known) is thing:
                self.store.write_parent(child, track)
        above = coroutines.parent_of(thing)
        parent = self.registry.tracks.get(id(above))
        if parent is not None:
            self.store.write_parent(track, parent)
        elif above is not None:
            self._orphans.setdefault(id(above), []).append(track)

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
        track.is_thread = kind is Kind.THREAD
        if thing is not None:
            self.registry.bind(track, thing)
        return track

    def _forget(self) -> None:
        """Record that coroutines are gone, except those whose own end will still be seen."""
        held = [one.thrown for one in list(self.threads.values()) if one.thrown is not None]
        ending = [one.origin for one in held if one.ends]
        for track in self.registry.forget():
            runs = track.raised == Verb.DROPPING
            ends_itself = (
                track.kind is Kind.GENERATOR
                and track.started
                and (runs or not coroutines.ENDS_SILENTLY)
            )
            ends_itself = ends_itself or track in ending
            if not (track.finished or ends_itself or track.kind is Kind.THREAD):
                self.store.write_end(Verb.DROP, track, None)

    def on_thread_end(self) -> None:
        """Record the end of the calling thread's function."""
        ident = originals.get_ident()
        self._thread_functions.pop(ident, None)
        state = self.threads.pop(ident, None)
        if state is not None and not state.main.finished:
            outcome = self._outcome_of_thread(state.main)
            self.store.write_end(outcome.ending, state.main, outcome.text)

    # Switches between greenlets

    def on_greenlet_switch(self, event: str, origin: Any, target: Any) -> None:
        """Record that control has passed between two greenlets. Called in the target."""
        t = self.store.time()
        self._hooks.keep_watching()
        state = self._thread_after_imports()
        tracks = self.registry.tracks
        leaving = tracks.get(id(origin)) or self.meet_greenlet(origin)
        frame = throws.program_frame() if origin is target else origin.gr_frame
        ended = frame is None and origin.dead
        if state.thrown is not None:
            self._settle_before(state.thrown, event, leaving, ended)
        entered = tracks.get(id(target)) or self.meet_greenlet(target)
        if not entered.started:
            self._before_start(entered, target)
        one = leaving.generators[-1] if leaving.generators else leaving
        other = entered.generators[-1] if entered.generators else entered
        state.greenlet = entered
        if ended:
            self._greenlet_ended(event, t, origin, leaving, other)
        elif event == "throw":
            location = 0 if frame is None else self._location_left(frame, leaving)
            seen = None if frame is None else self._thrown_by(frame)
            self._hold_back(Thrown(t, one, other, location, seen))
        else:
            detail = self._switch_detail(frame, leaving, entered, one)
            self.store.write_switch_at(_verb_of(leaving, entered), t, one, other, detail)
        if self._unstarted:
            self._find_killed(_MOST_LOOKED_AT)
        if self.control is not None and state.thrown is None:
            self.control.at_switch(other.id)

    def _before_start(self, entered: Track, target: Any) -> None:
        if entered.kind is _GREENLET:
            self._hooks.on_greenlet_start()
        parent = self.registry.tracks.get(id(coroutines.parent_of(target)))
        if parent is not None:
            # The program may have set another one.
            self.store.write_parent(entered, parent)

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
        own = self.scope.nearest(frame)
        near = frame if own is None else own
        location = self._location_left(frame, leaving)
        value = wait = None
        if entered.kind is _HUB and self.shows_values:
            wait = self._waits.by_objects(own, frame, leaving)
        elif entered.kind is _HUB:
            wait = self._waits.by_source(own, frame)
        elif self.shows_values and near is frame:
            call = self.calls.under_way(near)
            if call is not None and call.verb == "switch":
                value = carried_value(call, near, self.name)
        if near is frame and self.shows_values:
            release_variables(frame)
        return location, value, wait

    def _location_left(self, frame: FrameType, leaving: Track) -> int:
        """Return the location of a suspended frame."""
        if not leaving.name:
            self._name_by_frame(leaving, frame)
        return self.store.locations.call(self.scope.nearest(frame) or frame)

    def _name_by_frame(self, track: Track, frame: FrameType) -> None:
        """Name a greenlet after its first function of the person's own, or at least its first."""
        own = None
        while True:
            if self.scope.owns(frame.f_code):
                own = frame
            if is_outermost(frame) or frame.f_back is None:
                break
            frame = frame.f_back
        if track.runs is coroutines.ANY_CODE:
            track.runs = frame.f_code
        if own is not None:
            self.store.rename(track, coroutines.code_name(own.f_code))
        elif track.label == coroutines.UNNAMED:
            self.store.rename(track, coroutines.code_name(frame.f_code))
            track.name = ""

    def _find_killed(self, most: int) -> None:
        """Record that greenlets of gevent were killed before they started, looking at so many."""
        for _ in range(min(most, len(self._unstarted))):
            track = self._unstarted.popleft()
            thing = track.ref and track.ref()
            if thing is None or track.started or track.finished:
                continue
            if not coroutines.is_dead_unstarted(thing):
                self._unstarted.append(track)
            elif outcome := coroutines.gevent_outcome(thing, self.name):
                self.store.write_end(outcome.ending, track, outcome.text)

    def _greenlet_ended(
        self, event: str, t: int, origin: Any, leaving: Track, other: Track
    ) -> None:
        ending, text = self._outcome(event, origin, leaving)
        if event == "throw" and text is None:
            # The exception goes on to the other, where it may be seen.
            self._hold_back(Thrown(t, leaving, other, 0, None, ends=True))
            return
        if not leaving.finished:
            self.store.write_end(ending, leaving, text, t)
        if event == "throw":
            self.store.write_switch(Verb.THROW, t, leaving, other, 0, text)
        else:
            carried = None if text == "None" or other.kind is Kind.HUB else text
            self.store.write_switch(Verb.RETURN, t, leaving, other, 0, carried)

    def _outcome(self, event: str, origin: Any, ended: Track) -> Outcome:
        """Return the outcome of a greenlet that has come to its end, as far as it was seen."""
        failed = event == "throw"
        if not ended.started:
            # Only GreenletExit ends a greenlet without being raised again in its parent.
            return ended.outcome or Outcome(Verb.FAIL if failed else Verb.KILLED)
        of_gevent = coroutines.gevent_outcome(origin, self.name)
        if ended.is_thread:
            return self._outcome_of_thread(ended)
        outcome = of_gevent or ended.outcome or Outcome(Verb.FAIL if failed else Verb.UNSEEN)
        if outcome.ending is Verb.FAIL and not failed and of_gevent is None:
            # As above: it was a GreenletExit that was not seen.
            return Outcome(Verb.KILLED, outcome.text)
        return outcome

    def _outcome_of_thread(self, ended: Track) -> Outcome:
        """Return the outcome of a thread: `threading` catches what its function raises."""
        if ended.outcome is not None:
            return ended.outcome
        return Outcome(Verb.FINISH if self._hooks.sees_failures() else Verb.UNSEEN)

    # Switches by exception, which are written once the exception may have been seen

    def _thrown_by(self, frame: FrameType) -> Seen | None:
        """Return the exception that the frame of a greenlet throws into another, if it tells."""
        seen = throws.thrown_by_timeout(frame, self.name)
        if seen is None and self.shows_values and self.scope.owns(frame.f_code):
            seen = throws.thrown_by_call(self.calls.under_way(frame), frame, self.name)
            release_variables(frame)
        return seen

    def _hold_back(self, thrown: Thrown) -> None:
        place = throws.place_of(throws.program_frame())
        self.thread().thrown = thrown._replace(place=place)

    def _settle_before(self, thrown: Thrown, event: str, leaving: Track, ended: bool) -> None:
        """Settle the switch by exception before another switch."""
        if ended and not leaving.started and thrown.target is leaving:
            killed = event == "switch"
            seen = thrown.seen or (Seen("GreenletExit()", kills=True) if killed else None)
            ending = Verb.KILLED if killed else Verb.FAIL
            leaving.outcome = Outcome(ending, seen and seen.text)
            self.thread().thrown = thrown._replace(seen=seen)
        self.settle_throw()

    def settle_throw(
        self, error: BaseException | None = None, trace: TracebackType | None = None
    ) -> None:
        """Write the switch that was held back; its exception may be the one that is raised now.

        It is where it came to the target at the very place at which the target had been left.
        """
        state = self.thread()
        thrown, state.thrown = state.thrown, None
        if thrown is None:
            return
        seen = thrown.seen
        if seen is None and error is not None and throws.has_come(error, trace, thrown.place):
            seen = throws.seen(error, self.name)
        text = seen and seen.text
        if thrown.ends and not thrown.origin.finished:
            self.store.write_end(Verb.FAIL, thrown.origin, text, thrown.t)
        verb = Verb.KILL if seen is not None and seen.kills else Verb.THROW
        ran = thrown.target.started
        self.store.write_switch(verb, thrown.t, thrown.origin, thrown.target, thrown.location, text)
        # A greenlet that has not started never will.
        thrown.target.started = ran
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
            self.settle_throw()
        self._find_killed(len(self._unstarted))
        ended = state.main.outcome
        if outcome is None and ended is not None and ended.ending is not Verb.FINISH:
            # A SystemExit ends the process before anything else reports it.
            outcome = ended.text
        if not state.main.finished:
            self.store.write_end(Verb.FAIL if failed else Verb.FINISH, state.main, outcome)

    def on_own_start(self, frame: FrameType) -> None:
        """Name the running greenlet, a function of the person's own of which starts."""
        greenlet = self.thread().greenlet
        if not greenlet.name:
            self._name_by_frame(greenlet, frame)

    # Python calls other functions with nothing below them, too: callbacks, the keys of a sort.

    def on_outermost_return(self, frame: FrameType, value: object) -> None:
        """Note the result of the running greenlet, if it runs the function that returns."""
        greenlet = self.thread().greenlet
        if greenlet.runs in (frame.f_code, coroutines.ANY_CODE):
            greenlet.outcome = Outcome(Verb.FINISH, values.short(value, self.name))

    def ends_with(self, frame: FrameType) -> bool:
        """Tell whether a function is the last one out: no other of the person's own called it."""
        if is_outermost(frame):
            return True
        return self.thread().greenlet.is_thread and self.scope.nearest(frame.f_back) is None

    def on_failure(self, frame: FrameType, error: throws.Seen | None) -> None:
        """Note that an exception, None if it is not known, leaves the last function out."""
        greenlet = self.thread().greenlet
        text = None if error is None else error.text
        if is_outermost(frame):
            if greenlet.runs in (frame.f_code, coroutines.ANY_CODE):
                kills = error is not None and error.kills
                greenlet.outcome = Outcome(Verb.KILLED if kills else Verb.FAIL, text)
        elif coroutines.is_part_of_thread(frame.f_back):
            # A SystemExit is the one exception that `threading` does not report.
            quits = error is not None and error.quits
            greenlet.outcome = Outcome(Verb.FINISH) if quits else Outcome(Verb.FAIL, text)

    # Lines

    def _end_lines(self) -> None:
        self.store.end_lines()
        self.shows_values = False
        self.choose_path()
        self._hooks.end_lines()

    def on_line(self, frame: FrameType, line: int) -> None:
        """Record that a line of the person's own code is about to run."""
        state = self._thread_after_imports()
        if state.thrown is not None:
            self.settle_throw()
        greenlet = state.greenlet
        if not greenlet.name:
            self._name_by_frame(greenlet, frame)
        track = greenlet.generators[-1] if greenlet.generators else greenlet
        if not self.store.write_line(track, frame, line):
            return
        if self.store.lines.budget <= 0:
            self._end_lines()
        if self.control is not None:
            self.control.at_line(track.id, frame.f_code.co_filename, line)
