"""A child process and its ties: to the terminal, to its guardian, and to the host."""

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
from coroplay.host.signals import let_through
from coroplay.host.tree import Family


class Input(enum.Enum):
    """The source of a program's standard input."""

    INHERITED = enum.auto()
    NOTHING = enum.auto()
    PIPE = enum.auto()


@dataclass(frozen=True, slots=True)
class Streams:
    """The ties of a child to the terminal."""

    input: Input
    pipes: bool
    """True if output comes to the host through pipes; else it goes where the host's goes."""
    own_session: bool
    """True if the terminal's signals do not reach the child."""


TERMINAL = Streams(Input.INHERITED, pipes=False, own_session=False)
"""Ties of a program that has the terminal to itself, Ctrl-C included, as without a host."""
APP = Streams(Input.PIPE, pipes=True, own_session=True)
"""Ties of a program whose host keeps the terminal to itself."""

_INPUTS = {
    Input.INHERITED: None,
    Input.NOTHING: subprocess.DEVNULL,
    Input.PIPE: subprocess.PIPE,
}


class StartError(Exception):
    """A child could not be started; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Process:
    """A child process that was started, with the guardian that watches over it."""

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

        `command` makes the command line from the descriptor of the child's control channel.
        """
        mark = os.urandom(16).hex()
        marked = {**(os.environ if environment is None else environment), MARK: mark}
        with ExitStack() as undo:
            try:
                ours, theirs = socket.socketpair() if control else (None, None)
                if ours is not None and theirs is not None:
                    undo.callback(ours.close)
                    undo.callback(theirs.close)
                with let_through():
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
        """Kill a process that has not run anything of the person's yet."""
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
