"""A child process as such: how it is tied to the terminal, to its guardian, and to the host."""

from __future__ import annotations

import enum
import os
import socket
import subprocess
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from coroplay.host.guard import Guard
from coroplay.host.launch import MARK
from coroplay.host.tree import Family


class Input(enum.Enum):
    """What a program reads as its standard input."""

    INHERITED = enum.auto()
    NOTHING = enum.auto()
    PIPE = enum.auto()


@dataclass(frozen=True, slots=True)
class Streams:
    """How a child is tied to the terminal."""

    input: Input
    pipes: bool
    """Whether its output comes to the host through pipes instead of going where the host's goes."""
    own_session: bool
    """Whether the terminal's signals pass it by."""


TERMINAL = Streams(Input.INHERITED, pipes=False, own_session=False)
"""As if the program were run without a host: the terminal is its, Ctrl-C included."""
APP = Streams(Input.PIPE, pipes=True, own_session=True)
"""For a host that keeps the terminal to itself."""

_INPUTS = {
    Input.INHERITED: None,
    Input.NOTHING: subprocess.DEVNULL,
    Input.PIPE: subprocess.PIPE,
}


class StartError(Exception):
    """A child could not be started; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Process:
    """A child process that was started, and watched over from then on."""

    popen: subprocess.Popen[bytes]
    streams: Streams
    family: Family
    guard: Guard
    channel: socket.socket | None
    """The host's end of the control channel."""

    @classmethod
    def start(
        cls,
        command: Callable[[int | None], list[str]],
        streams: Streams,
        *,
        control: bool,
        environment: Mapping[str, str] | None = None,
        directory: Path | None = None,
    ) -> Process:
        """Start a process. Raises StartError, whose message lacks the subject.

        `command` makes its command line from the number of its end of the control channel.
        """
        mark = os.urandom(16).hex()
        marked = {**(os.environ if environment is None else environment), MARK: mark}
        with ExitStack() as undo:
            try:
                ours, theirs = socket.socketpair() if control else (None, None)
                if ours is not None and theirs is not None:
                    undo.callback(ours.close)
                    undo.callback(theirs.close)
                guard = Guard(mark, streams.own_session)
                undo.callback(guard.release)
                popen = _popen(command, streams, theirs, marked, directory)
            except OSError as error:
                raise StartError(f"can't be started: {error.strerror}") from None
            guard.watch(popen.pid)
            undo.pop_all()
        if theirs is not None:
            theirs.close()
        return cls(popen, streams, Family(popen.pid, mark, streams.own_session), guard, ours)

    def end(self) -> None:
        """End it at once, a process that has run nothing of a person's."""
        self.popen.kill()
        self.popen.wait()
        self.guard.release()
        for pipe in (self.popen.stdin, self.popen.stdout, self.popen.stderr, self.channel):
            if pipe is not None:
                pipe.close()


def _popen(
    command: Callable[[int | None], list[str]],
    streams: Streams,
    channel: socket.socket | None,
    environment: Mapping[str, str],
    directory: Path | None,
) -> subprocess.Popen[bytes]:
    number = None if channel is None else channel.fileno()
    return subprocess.Popen(
        command(number),
        bufsize=0,
        stdin=_INPUTS[streams.input],
        stdout=subprocess.PIPE if streams.pipes else None,
        stderr=subprocess.PIPE if streams.pipes else None,
        pass_fds=() if number is None else (number,),
        env=environment,
        cwd=directory,
        start_new_session=streams.own_session,
    )
