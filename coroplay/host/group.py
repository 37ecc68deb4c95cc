"""Several programs run at once or in turn, with one terminal for them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import IO, Final

from coroplay.host.child import GRACE, Child
from coroplay.host.feeder import Feeder
from coroplay.host.launch import Launch
from coroplay.host.outcome import Outcome, Report
from coroplay.host.outlet import Outlet
from coroplay.host.plan import Plan
from coroplay.host.prefix import Stream
from coroplay.host.process import Input, Streams
from coroplay.host.ready import ready
from coroplay.host.relay import Relay
from coroplay.host.schedule import (
    Decision,
    Phase,
    Status,
    decide,
    decide_end,
    gets_input,
    is_over,
)
from coroplay.host.signals import Signals
from coroplay.host.single import outcome_of
from coroplay.host.tree import LOOK_EVERY, Takedown

_IDLE: Final = 0.05
"""Seconds without output after which an unfinished line is shown."""
_CHUNK: Final = 1 << 16
_LAST_CHUNKS: Final = 16
"""Reads after a program's end; more than any pipe holds."""


class _Member:
    """A program of the group from its start to its end."""

    def __init__(self, index: int, launch: Launch, source: Input, given: bytes | None) -> None:
        self.index = index
        self.started = time.monotonic()
        self.child = Child.start(launch, Streams(source, pipes=True, own_session=False))
        self.pipes: dict[IO[bytes], Stream] = {}
        outputs = {Stream.STDOUT: self.child.stdout, Stream.STDERR: self.child.stderr}
        for stream, pipe in outputs.items():
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                self.pipes[pipe] = stream
        entry = self.child.stdin
        self.feeder = None if entry is None else Feeder(entry, given)
        self.takedown: Takedown | None = None

    @property
    def over(self) -> bool:
        """True when it has ended; if the host is ending it, with all that it started."""
        return self.child.poll() is not None if self.takedown is None else self.takedown.done()

    def stop(self, *, timed_out: bool = False, grace: float = GRACE) -> None:
        """Begin to end it and all that it has started, if that has not begun."""
        if self.takedown is None:
            self.takedown = self.child.takedown(timed_out=timed_out, grace=grace)


class Group:
    """One run of several programs, of which `launches` has one launch each."""

    def __init__(
        self,
        plan: Plan,
        launches: Sequence[Launch],
        outlet: Outlet,
        signals: Signals,
        *,
        timeout: float | None = None,
        grace: float | None = None,
    ) -> None:
        """`timeout` and `grace`, from a SIGTERM on, are in seconds: then all are ended."""
        self._plan = plan
        self._launches = launches
        self._outlet = outlet
        self._signals = signals
        self._relay = Relay(signals, grace)
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._keyboard = os.isatty(0)
        """True if the host reads the terminal itself, so as to know when Enter is pressed."""
        self._statuses = [Status() for _ in launches]
        self._running: dict[int, _Member] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._timed_out = False

    def run(self) -> Report:
        """Run all programs to their end. Raises StartError, with nothing left running."""
        try:
            while True:
                self._carry_out(self._decide())
                if is_over(self._statuses):
                    break
                self._move_bytes()
                self._finish_ended()
        except BaseException:
            for member in self._running.values():
                member.child.stop()
            raise
        while self._outlet.next_output() and self._relay.insisted is None:
            self._move_bytes()
        outcomes = tuple(self._outcomes.get(index) for index in range(len(self._launches)))
        ends = (self._relay.ended(outcome.status) for outcome in outcomes if outcome is not None)
        return Report(
            outcomes,
            self._timed_out,
            next((signal for signal in ends if signal is not None), self._relay.insisted),
            self._relay.asked,
            self._relay.interrupted,
            self._outlet.broken,
        )

    def _decide(self) -> Decision:
        """Return what is to be done now."""
        now = time.monotonic()
        if self._deadline is not None and now >= self._deadline and self._running:
            self._timed_out = True
        if self._relay.insisted is not None or self._outlet.broken or self._timed_out:
            return decide_end(self._statuses)
        decision = decide(self._plan, self._statuses, now)
        if self._begins_no_more:
            cancelled = decide_end(self._statuses).cancel
            return decision._replace(start=(), cancel=cancelled)
        return decision

    @property
    def _begins_no_more(self) -> bool:
        """True once the run was told to end; a SIGHUP may also tell programs something else."""
        asked = self._relay.asked
        ended = (self._relay.ended(outcome.status) for outcome in self._outcomes.values())
        return asked is signal.SIGTERM or any(one is not None for one in ended)

    def _carry_out(self, decision: Decision) -> None:
        for index in decision.cancel:
            self._statuses[index] = Status(Phase.CANCELLED)
        for index in decision.start:
            self._start(index)
        for index in decision.stop:
            grace = self._relay.force_after
            self._running[index].stop(timed_out=self._timed_out, grace=grace)

    def _start(self, index: int) -> None:
        given = self._plan.programs[index].given
        source = Input.NOTHING
        if given is not None:
            source = Input.PIPE
        elif gets_input(index, self._plan, self._statuses):
            source = Input.PIPE if self._keyboard else Input.INHERITED
        member = _Member(index, self._launches[index], source, given)
        self._running[index] = member
        self._statuses[index] = Status(Phase.RUNNING, member.started)

    def _move_bytes(self) -> None:
        """Wait until something happens, and move the bytes that can be moved."""
        readers, writers = self._readers(), self._writers()
        readable, writable = ready(readers, writers, self._patience())
        for writer in writable:
            writers[writer]()
        for reader in readable:
            readers[reader]()
        if not readable and not writable:
            self._outlet.idle()

    def _readers(self) -> dict[int, Callable[[], object]]:
        readers: dict[int, Callable[[], object]] = {self._signals.fileno(): self._read_signals}
        for member in self._running.values():
            if member.feeder is not None and member.feeder.hungry:
                readers[0] = partial(self._forward_input, member.feeder)
            for pipe in () if self._outlet.congested else member.pipes:
                readers[pipe.fileno()] = partial(self._read, member, pipe)
        return readers

    def _writers(self) -> dict[int, Callable[[], object]]:
        writers: dict[int, Callable[[], object]] = {}
        for output in self._outlet.next_output():
            writers[output] = self._outlet.write
        for member in self._running.values():
            if (feeder := member.feeder) is not None:
                writers.update((pipe.fileno(), feeder.write) for pipe in feeder.outputs())
        return writers

    def _patience(self) -> float | None:
        """Return the seconds until there is something to do even if nothing happens."""
        now = time.monotonic()
        times = [LOOK_EVERY for member in self._running.values() if member.takedown is not None]
        if self._outlet.holding or any(s.phase is Phase.WAITING for s in self._statuses):
            times.append(_IDLE)
        if self._deadline is not None:
            times.append(max(0.0, self._deadline - now))
        if (left := self._relay.patience()) is not None:
            times.append(left)
        return min(times, default=None)

    def _read_signals(self) -> None:
        self._relay.pass_on([member.child for member in self._running.values()])

    def _forward_input(self, feeder: Feeder) -> None:
        try:
            data = os.read(0, _CHUNK)
        except OSError:  # The terminal has gone.
            data = b""
        if data.endswith(b"\n"):
            self._outlet.entered()
        feeder.add(data)

    def _read(self, member: _Member, pipe: IO[bytes]) -> bool:
        """Take what has come through a pipe; False when nothing has."""
        try:
            data = os.read(pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            del member.pipes[pipe]
            pipe.close()
            return False
        stream, index = member.pipes[pipe], member.index
        if stream is Stream.STDOUT:
            self._statuses[index] = self._statuses[index]._replace(has_printed=True)
        self._outlet.feed(index, stream, data)
        return True

    def _finish_ended(self) -> None:
        """Finish with the programs that have ended."""
        for member in list(self._running.values()):
            if not member.over:
                continue
            ending = member.child.poll()
            if member.takedown is None and ending and self._relay.ended(ending.status):
                member.stop()
            else:
                self._finish(member)

    def _finish(self, member: _Member) -> None:
        for pipe in list(member.pipes):
            # A process that it leaves running may hold the pipe and write for ever.
            for _ in range(_LAST_CHUNKS):
                if not self._read(member, pipe):
                    break
        self._outlet.ended(member.index)
        stopped = member.takedown is not None
        outcome = outcome_of(member.child, member.started, stopped=stopped)
        self._outcomes[member.index] = outcome
        self._statuses[member.index] = Status(Phase.ENDED, member.started, failed=outcome.failed)
        del self._running[member.index]
