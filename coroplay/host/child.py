"""One child process, from its start to the record of its end."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from coroplay.host.launch import Launch
from coroplay.host.process import Process, StartError, Streams
from coroplay.host.tree import Takedown

if TYPE_CHECKING:
    from coroplay.host.control import Control
    from coroplay.trace.ending import Ending, EndingKind

GRACE = 2.0
"""Seconds between asking a program to end and forcing it."""


class Child:
    """A program that runs. Made by `start`; `poll` or `wait` has to be called until it ends.

    When the end is seen, the ending is written into the recording and the guardian released.
    """

    def __init__(self, launch: Launch, process: Process) -> None:
        self.launch = launch
        self.control: Control | None = None
        self.ending: Ending | None = None
        """The ending; None while the program runs."""
        self.unkept: OSError | None = None
        """The error for which the ending could not be written into the recording."""
        self._streams = process.streams
        self._process = process.popen
        self._family = process.family
        self._guard = process.guard
        self._taken_down: EndingKind | None = None
        """The kind of ending that the host brings about, if it does."""
        self._connect(process.channel)

    @classmethod
    def start(cls, launch: Launch, streams: Streams) -> Child:
        """Start a program. Raises StartError."""
        try:
            process = Process.start(
                launch.command,
                streams,
                control=launch.control,
                environment=launch.environment,
                directory=launch.directory,
            )
        except StartError as error:
            raise StartError(f"{launch.name} {error}") from None
        return cls(launch, process)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.pid

    @property
    def guardian(self) -> int:
        """The process id of the guardian that ends the program should the host die."""
        return self._guard.pid

    @property
    def stdin(self) -> IO[bytes] | None:
        """The unbuffered pipe into the program, if it has one."""
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes] | None:
        """The unbuffered pipe for standard output, if any; it must be drained all the time."""
        return self._process.stdout

    @property
    def stderr(self) -> IO[bytes] | None:
        """The unbuffered pipe for standard error, if any; it must be drained all the time."""
        return self._process.stderr

    def poll(self) -> Ending | None:
        """Return the ending; None while the program runs."""
        returncode = self._process.poll()
        return None if returncode is None else self._see(returncode)

    def wait(self, timeout: float) -> Ending | None:
        """Return the ending, after at most `timeout` seconds. Pipes are not drained meanwhile."""
        try:
            return self._see(self._process.wait(timeout))
        except subprocess.TimeoutExpired:
            return None

    def send(self, number: int) -> None:
        """Send a signal to the program itself, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def interrupt(self) -> None:
        """Do what Ctrl-C would do if the program had a terminal of its own."""
        if self.poll() is not None:
            return
        if self._streams.own_session:
            os.killpg(self.pid, signal.SIGINT)
        else:
            self._process.send_signal(signal.SIGINT)

    def takedown(self, *, timed_out: bool = False, grace: float = GRACE) -> Takedown:
        """Begin to end the program and all that it started; the recording will say why."""
        from coroplay.trace.ending import EndingKind

        if self.poll() is None:
            self._taken_down = EndingKind.TIMEOUT if timed_out else EndingKind.STOPPED
        if self.control is not None:
            self.control.let_go()
        return Takedown(self._family, grace)

    def stop(self, *, timed_out: bool = False, grace: float = GRACE) -> Ending:
        """End the program and all that it started, and wait for that."""
        self.takedown(timed_out=timed_out, grace=grace).wait()
        return self.finish()

    def finish(self) -> Ending:
        """Wait for the end, however long it takes, and close the host's ends of all pipes."""
        returncode = self._process.wait()
        for pipe in (self.stdin, self.stdout, self.stderr, self.control):
            if pipe is not None:
                pipe.close()
        return self._see(returncode)

    def _connect(self, channel: socket.socket | None) -> None:
        """Connect the control channel, and import what the end needs while the program starts."""
        import coroplay.trace.clock
        import coroplay.trace.ending  # noqa: F401

        if channel is not None and self.launch.record is not None:
            from coroplay.host.control import Control

            self.control = Control(channel, self.launch.record)

    def _see(self, returncode: int) -> Ending:
        """Note the ending, once."""
        from coroplay.trace.ending import Ending, EndingKind

        if self.ending is None:
            by_itself = EndingKind.SIGNAL if returncode < 0 else EndingKind.EXIT
            kind = self._taken_down or by_itself
            status = exit_status(returncode)
            cut_off = not self._streams.pipes and status != 0 and _reader_gone()
            elapsed = self._measure(by_itself=kind is EndingKind.EXIT)
            self.ending = Ending(kind, status, cut_off, elapsed)
            self._guard.release()
            self._keep(self.launch.record, self.ending)
        return self.ending

    def _measure(self, *, by_itself: bool) -> int | None:
        """Return the program's own time, now that it has ended; None if it is not recorded."""
        from coroplay.trace.clock import read_clock

        clock = None if self.launch.record is None else read_clock(self.launch.record)
        return None if clock is None else clock.length_ns(by_itself=by_itself)

    def _keep(self, record: Path | None, ending: Ending) -> None:
        from coroplay.trace.ending import write_ending

        if record is None:
            return
        try:
            write_ending(record, ending)
        except OSError as error:
            self.unkept = error


def exit_status(returncode: int) -> int:
    """Return the exit status as a shell shows it: 128 + N for signal N."""
    return 128 - returncode if returncode < 0 else returncode


def _reader_gone() -> bool:
    """Tell whether standard output is a pipe that nobody reads any more."""
    poll = select.poll()
    poll.register(1, 0)
    return any(events & (select.POLLERR | select.POLLHUP) for _, events in poll.poll(0))
