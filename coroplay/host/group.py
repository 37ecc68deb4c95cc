"""Running several programs at once or in turn, with one terminal for them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from coroplay.host.child import Child
from coroplay.host.feeder import Feeder
from coroplay.host.launch import Launch
from coroplay.host.outcome import Outcome, Report
from coroplay.host.outlet import Outlet
from coroplay.host.prefix import Stream
from coroplay.host.process import Input, Streams
from coroplay.host.ready import ready
from coroplay.host.signals import ENDING, Signals
from coroplay.host.single import outcome_of
from coroplay.host.tree import LOOK_EVERY, Takedown

SERVICE_READY_AFTER: Final = 5.0
"""Seconds that a service has to say its first word before the programs that need it are started."""
_IDLE: Final = 0.05
"""Seconds without output after which an unfinished line is shown."""
_CHUNK: Final = 1 << 16
_LAST_CHUNKS: Final = 16
"""Reads after a program's end; more than any pipe holds."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several programs."""

    launch: Launch
    reads_input: bool = False
    service: bool = False
    """Whether it runs until the others have ended, and is then told to stop."""
    given: bytes | None = None
    """What it reads instead of the host's own standard input."""


class _Running:
    """A part from its start to its end."""

    def __init__(self, index: int, part: Part, streams: Streams) -> None:
        self.index = index
        self.part = part
        self.started = time.monotonic()
        self.child = Child.start(part.launch, streams)
        self.pipes: dict[IO[bytes], Stream] = {}
        outputs = {Stream.STDOUT: self.child.stdout, Stream.STDERR: self.child.stderr}
        for stream, pipe in outputs.items():
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
                self.pipes[pipe] = stream
        entry = self.child.stdin
        self.feeder = None if entry is None else Feeder(entry, part.given)
        self.takedown: Takedown | None = None
        self.has_spoken = False

    @property
    def ready(self) -> bool:
        """Whether what needs it may start."""
        return self.has_spoken or time.monotonic() >= self.started + SERVICE_READY_AFTER

    @property
    def over(self) -> bool:
        """Whether it has ended; if it was being ended, with all that it started."""
        return self.child.poll() is not None if self.takedown is None else self.takedown.done()

    def end(self, *, timed_out: bool) -> None:
        """Begin to end it, if that has not begun."""
        if self.takedown is None:
            self.takedown = self.child.takedown(timed_out=timed_out)


class Group:
    """One run of several programs. Services start first, and are stopped when all others ended."""

    def __init__(
        self,
        parts: Sequence[Part],
        outlet: Outlet,
        signals: Signals,
        *,
        at_once: bool,
        timeout: float | None = None,
    ) -> None:
        self._parts = parts
        self._outlet = outlet
        self._signals = signals
        self._at_once = at_once
        self._deadline = None if timeout is None else time.monotonic() + timeout
        self._keyboard = os.isatty(0)
        """Whether the host reads the terminal itself, so as to know when Enter is pressed."""
        self._waiting = sorted(range(len(parts)), key=lambda index: not parts[index].service)
        self._running: dict[int, _Running] = {}
        self._outcomes: dict[int, Outcome] = {}
        self._timed_out = False
        self._ended_by: signal.Signals | None = None
        self._interrupted = False

    def run(self) -> Report:
        """Run them all to their end. Raises StartError, with nothing left running."""
        try:
            while self._waiting or self._running:
                self._start_those_due()
                self._look()
                self._tend()
        except BaseException:
            for running in self._running.values():
                running.child.stop()
            raise
        while self._outlet.next_output() and self._ended_by is None:
            self._look()
        outcomes = tuple(self._outcomes.get(index) for index in range(len(self._parts)))
        return Report(
            outcomes, self._timed_out, self._ended_by, self._interrupted, self._outlet.broken
        )

    def _start_those_due(self) -> None:
        while self._waiting and self._due(self._parts[self._waiting[0]]):
            index = self._waiting.pop(0)
            self._running[index] = self._started(index)

    def _due(self, part: Part) -> bool:
        if part.service:
            return True
        services = [running for running in self._running.values() if running.part.service]
        free = self._at_once or len(services) == len(self._running)
        return free and all(service.ready for service in services)

    def _started(self, index: int) -> _Running:
        part = self._parts[index]
        taken = any(running.part.reads_input for running in self._running.values())
        source = Input.NOTHING
        if part.given is not None:
            source = Input.PIPE
        elif part.reads_input and not taken:
            source = Input.PIPE if self._keyboard else Input.INHERITED
        return _Running(index, part, Streams(source, pipes=True, own_session=False))

    def _look(self) -> None:
        """Wait until something happens, and do what is to be done about it."""
        readers, writers = self._readers(), self._writers()
        readable, writable = ready(readers, writers, self._patience())
        for writer in writable:
            writers[writer]()
        for reader in readable:
            readers[reader]()
        if not readable and not writable:
            self._outlet.idle()

    def _readers(self) -> dict[int, Callable[[], object]]:
        readers: dict[int, Callable[[], object]] = {self._signals.fileno(): self._hear}
        for running in self._running.values():
            if running.feeder is not None and running.feeder.hungry:
                readers[0] = partial(self._hand_on, running.feeder)
            for pipe in () if self._outlet.congested else running.pipes:
                readers[pipe.fileno()] = partial(self._read, running, pipe)
        return readers

    def _writers(self) -> dict[int, Callable[[], object]]:
        writers: dict[int, Callable[[], object]] = {}
        for output in self._outlet.next_output():
            writers[output] = self._outlet.write
        for running in self._running.values():
            if (feeder := running.feeder) is not None:
                writers.update((pipe.fileno(), feeder.write) for pipe in feeder.outputs())
        return writers

    def _patience(self) -> float | None:
        """Seconds until there is something to do even if nothing happens."""
        now = time.monotonic()
        times = [LOOK_EVERY for running in self._running.values() if running.takedown is not None]
        if self._outlet.holding or self._waiting:
            times.append(_IDLE)
        if self._deadline is not None:
            times.append(max(0.0, self._deadline - now))
        return min(times, default=None)

    def _hear(self) -> None:
        for number in self._signals.read():
            if number in ENDING:
                self._ended_by = number
            self._interrupted = self._interrupted or number is signal.SIGINT

    def _hand_on(self, feeder: Feeder) -> None:
        try:
            data = os.read(0, _CHUNK)
        except OSError:  # The terminal has gone.
            data = b""
        if data.endswith(b"\n"):
            self._outlet.entered()
        feeder.add(data)

    def _read(self, running: _Running, pipe: IO[bytes]) -> bool:
        """Take what has come through a pipe; False when nothing has."""
        try:
            data = os.read(pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            del running.pipes[pipe]
            pipe.close()
            return False
        stream = running.pipes[pipe]
        # A service says on standard output that it is ready, and on standard error why it is not.
        running.has_spoken = running.has_spoken or stream is Stream.STDOUT
        self._outlet.feed(running.index, stream, data)
        return True

    def _tend(self) -> None:
        """See who has ended, and whether it is time to end the others."""
        for running in list(self._running.values()):
            if running.over:
                self._take_leave(running)
        if self._ended_by is not None or self._outlet.broken:
            self._end_all()
        elif self._deadline is not None and time.monotonic() >= self._deadline and self._running:
            self._timed_out = True
            self._end_all()
        elif not self._waiting and self._only_services():
            self._end_all()

    def _only_services(self) -> bool:
        left = all(running.part.service for running in self._running.values())
        return left and not all(part.service for part in self._parts)

    def _end_all(self) -> None:
        self._waiting.clear()
        for running in self._running.values():
            running.end(timed_out=self._timed_out)

    def _take_leave(self, running: _Running) -> None:
        for pipe in list(running.pipes):
            # What it leaves running in the background may hold the pipe and write for ever.
            for _ in range(_LAST_CHUNKS):
                if not self._read(running, pipe):
                    break
        self._outlet.ended(running.index)
        stopped = running.takedown is not None
        outcome = outcome_of(running.child, running.started, stopped=stopped)
        self._outcomes[running.index] = outcome
        del self._running[running.index]
        if running.part.service and outcome.status and not stopped:
            self._waiting.clear()  # What is still to be started would need it.
