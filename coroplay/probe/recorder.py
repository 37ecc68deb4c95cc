"""Turns the events that hooks see into steps: who runs, and who hands which value to whom.

Every method that a hook calls may be called from any thread. The order of a step's parts matters:
texts and details first, then the step, then what the probe itself remembers of it.
"""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Protocol

from coroplay.probe import coroutines, handovers
from coroplay.probe.base import originals
from coroplay.probe.base.guard import Fault, losses
from coroplay.probe.coroutines import Registry, Track
from coroplay.probe.departures import Departures
from coroplay.probe.held_throws import HeldThrows
from coroplay.probe.inspect import greenlets, requests, throws
from coroplay.probe.inspect.calls import Calls
from coroplay.probe.inspect.scope import Scope
from coroplay.probe.lines import LineContext, LineHooks
from coroplay.probe.newcomers import Newcomers
from coroplay.probe.outcomes import Outcomes
from coroplay.probe.program_threads import Threads
from coroplay.probe.store import Store
from coroplay.probe.switch_details import SwitchDetails
from coroplay.probe.thread_states import ThreadState, Thrown
from coroplay.probe.timeouts import Timeouts
from coroplay.trace.layout import BY_THROW, TIMEOUT_UP, VALUE_UNSEEN, Kind, Verb

if TYPE_CHECKING:
    from coroplay.probe.pausing.control import Control


_SWITCH, _START, _WAIT, _WAKE = map(int, (Verb.SWITCH, Verb.START, Verb.WAIT, Verb.WAKE))
_HUB: Final = Kind.HUB
_GREENLET: Final = Kind.GREENLET


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
    """Turns the events that the hooks see into the steps of a recording."""

    def __init__(
        self, store: Store, scope: Scope, main_name: str, hooks: Hooks, *, shows_values: bool
    ) -> None:
        """`shows_values` says whether carried values and the objects of waits are recorded."""
        self.store = store
        self.scope = scope
        self._hooks = hooks
        self.control: Control | None = None
        """The channel that is asked at every step whether to pause there."""
        self.threads = store.threads
        self.registry = Registry(store.end)
        self.fast_path = self.registry.fast_path
        self._departures = Departures(store, self.registry)
        self.calls = Calls()
        self.newcomers = Newcomers(store, scope, self.registry, self.thread, self._departures.find)
        self.name = self.newcomers.name
        """Function that returns the name of a coroutine object, None for any other object."""
        self._details = SwitchDetails(store, scope, self.calls, self.newcomers)
        self._details.shows_values = shows_values
        self.outcomes = Outcomes(store, scope, self.name, self.thread, hooks.sees_failures)
        self.timeouts = Timeouts(store, scope, self.thread)
        self._met = Threads(store, self.newcomers, self.outcomes, main_name, hooks.enter_thread)
        self.on_thread_start, self.on_thread_end = self._met.on_start, self._met.on_end
        self._held = HeldThrows(
            store, self.name, self.thread, self._at_switch, self._departures.tell
        )
        self.settle_throw = self._held.settle
        """Function that writes the switch by exception that was held back in this thread."""
        self._line_hooks: LineHooks | None = None
        self.choose_path()

    def connect(self, control: Control) -> None:
        """Let a host pause the program from now on."""
        self.control = control
        self.fast_path.set_attention(control.attention)
        self.choose_path()

    def choose_path(self) -> None:
        """Send every switch to the reference while switches may show values or be stops."""
        stops = self.control is not None and self.control.stops is not None
        self.fast_path.force_slow = self._details.shows_values or stops
        if self._line_hooks is not None and self.control is not None:
            self._line_hooks.set_stops(self.control.lines, stops)

    def begin_lines(self, frames: dict[int, Track], fault: Fault) -> LineHooks | None:
        """Begin to record lines; return their fast path: see `Lines.begin`."""
        self.newcomers.generator_frames = frames
        context = LineContext(
            self.name, self.fast_path, self.threads, frames, coroutines.NO_GENERATORS, fault
        )
        self._line_hooks = self.store.lines.begin(context)
        return self._line_hooks

    # Who is who

    def thread(self) -> ThreadState:
        """Return the state of the calling thread."""
        if self.registry.gone:
            self._departures.find()
        if losses.any:
            self._recover()
        return self.threads.get(originals.get_ident()) or self._met.meet()

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
        self.registry.recover_dropping()

    def keep_watching(self) -> None:
        """Watch the calling thread again if the interpreter has stopped calling the hooks there."""
        self._hooks.keep_watching()

    def _thread_after_imports(self) -> ThreadState:
        """Return the state of the calling thread, which may have imported gevent."""
        if not self.fast_path.gevent_found:
            self.fast_path.gevent_found = self._hooks.find_gevent()
        return self.thread()

    def on_creation(self, thing: Any) -> None:
        """Record that a greenlet has been created, by the code that runs."""
        kind = greenlets.greenlet_kind(thing)
        state = self._thread_after_imports()
        if kind is not _GREENLET:
            return  # What gevent itself notes is known once its constructor has returned.
        if state.thrown is not None:
            self.settle_throw()
        self.newcomers.meet_created(thing, state.running)

    # Switches between greenlets

    def on_greenlet_switch(self, event: str, origin: Any, target: Any) -> None:
        """Record that control has passed between two greenlets. Called in the target."""
        t = self.store.time()
        taken = requests.take(event, target)
        self._hooks.keep_watching()
        state = self._thread_after_imports()
        tracks = self.registry.tracks
        leaving = tracks.get(id(origin)) or self.newcomers.meet_greenlet(origin)
        frame = throws.program_frame() if origin is target else origin.gr_frame
        ended = frame is None and origin.dead
        if state.thrown is not None:
            self._held.settle_before(state.thrown, event, leaving, ended)
        entered = tracks.get(id(target)) or self.newcomers.meet_greenlet(target)
        if not entered.started:
            if entered.kind is _GREENLET:
                self._hooks.on_greenlet_start()
            self.newcomers.note_parent(entered, target)
        one = leaving.generators[-1] if leaving.generators else leaving
        other = entered.generators[-1] if entered.generators else entered
        state.greenlet = entered
        if ended:
            self._greenlet_ended(event, t, origin, leaving, other)
        elif event == "throw":
            location = 0 if frame is None else self._details.location(frame, leaving)
            handover = self._details.handed_over(taken, frame, origin, target)
            seen = throws.thrown_by_timeout(frame, self.name) or handover.thrown
            asked = handover.address & ~(VALUE_UNSEEN | BY_THROW)
            address = asked or self._timeout_up(frame)
            self._held.hold_back(Thrown(t, one, other, location, seen, address))
        else:
            verb = _verb_of(leaving, entered)
            started_by_gevent = entered.kind is Kind.GEVENT and leaving.kind is _HUB
            if verb in (_START, _SWITCH) and not started_by_gevent:
                handover = self._details.handed_over(taken, frame, origin, target)
            else:
                handover = handovers.NOTHING
            detail = self._details.of_switch(frame, leaving, entered, one, handover)
            self.store.write_switch_at(verb, t, one, other, detail)
        self.newcomers.find_ends()
        if self.control is not None and state.thrown is None:
            self.control.at_switch(other.id)

    def _timeout_up(self, frame: FrameType | None) -> int:
        """Return the address of a throw by a Timeout whose beginning is known; else 0."""
        beginning = self.timeouts.beginning(frame) if self._details.shows_values else 0
        return beginning << 1 | TIMEOUT_UP if beginning else 0

    def _greenlet_ended(
        self, event: str, t: int, origin: Any, leaving: Track, other: Track
    ) -> None:
        ending, text = self.outcomes.of_greenlet(event, origin, leaving)
        if ending is Verb.KILLED and leaving.raised == Verb.DROPPING:
            ending, text = Verb.DROP, None
        if event == "throw" and text is None:
            # The exception goes on to the other, where it may be seen.
            self._held.hold_back(Thrown(t, leaving, other, 0, None, ends=True))
            return
        if not leaving.finished:
            self.store.write_end(ending, leaving, text, t)
        if event == "throw":
            self.store.write_switch(Verb.THROW, t, leaving, other, 0, text)
        else:
            carried = None if text == "None" or other.kind is Kind.HUB else text
            self.store.write_switch(Verb.RETURN, t, leaving, other, 0, carried)

    def record_switch(
        self, verb: Verb, origin: Track, target: Track, location: int, value: str | None
    ) -> None:
        """Record that control has passed between a generator and its caller."""
        self.store.write_switch(verb, self.store.time(), origin, target, location, value)
        self._at_switch(target)

    def _at_switch(self, target: Track) -> None:
        if self.control is not None:
            self.control.at_switch(target.id)

    def learn_resume(self, frame: FrameType) -> None:
        """Let the fast path take the generators that this frame's call resumes from now on."""
        if self._line_hooks is not None:
            self._line_hooks.learn_call(frame)

    # Ends

    def on_program_end(self, outcome: str | None, failed: bool, returned: bool) -> None:
        """Record the end of the main coroutine, and with it of the program: see `of_main`."""
        state = self.thread()
        if state.thrown is not None:
            self.settle_throw()
        self.newcomers.find_all_ends()
        self._departures.end_expected()
        if not state.main.finished:
            ending, text = self.outcomes.of_main(state.main, outcome, failed, returned)
            self.store.write_end(ending, state.main, text)

    def on_own_start(self, frame: FrameType) -> None:
        """Name the running greenlet, a function of the person's own of which starts."""
        greenlet = self.thread().greenlet
        if not greenlet.name:
            self.newcomers.name_by_frame(greenlet, frame)

    # Lines

    def _end_lines(self) -> None:
        self.store.end_lines()
        self._details.shows_values = False
        self.choose_path()
        self._hooks.end_lines()

    def on_line(self, frame: FrameType, line: int) -> None:
        """Record that a line of the person's own code is about to run."""
        state = self._thread_after_imports()
        if state.thrown is not None:
            self.settle_throw()
        greenlet = state.greenlet
        if not greenlet.name:
            self.newcomers.name_by_frame(greenlet, frame)
        track = greenlet.generators[-1] if greenlet.generators else greenlet
        if not self.store.write_line(track, frame, line):
            return
        if self.store.lines.budget <= 0:
            self._end_lines()
        if self.control is not None:
            self.control.at_line(track.id, frame.f_code.co_filename, line)
