"""Steering a watched program over its control socket, as a host does."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from coroplay.trace import Recording, layout, wire
from tests.support.programs import LIMIT_S, environment, probe_command


class Steered:
    """A watched program that stands before its first line, and the host's end of its socket."""

    def __init__(self, record: Path, target: Sequence[str], options: Sequence[str] = ()) -> None:
        self.record = record
        own, its = socket.socketpair()
        own.settimeout(LIMIT_S)
        command = probe_command(
            record, target, ["--control", str(its.fileno()), "--paused", *options]
        )
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=[its.fileno()],
            cwd=record.parent,
            env=environment(),
        )
        its.close()
        self._socket = own
        self._lines = own.makefile("rb")
        self.hello = self.hear()
        self.first = self.hear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.hang_up()
        with self.process:
            self.process.kill()

    def hear(self) -> dict[str, Any] | None:
        """The next message of the probe, waiting for it; None when its end is closed."""
        line = self._lines.readline()
        return wire.decode(line) if line else None

    def say(self, **message: Any) -> None:
        """Send a message to a program that stands still."""
        self._socket.sendall(wire.encode(message))

    def call(self, **message: Any) -> None:
        """Send a message to a program that runs."""
        self.say(**message)
        with (self.record / layout.ATTENTION).open("r+b") as file:
            file.write(b"\1")

    def send_raw(self, data: bytes) -> None:
        """Send bytes that are no message."""
        self._socket.sendall(data)

    def go(self, **message: Any) -> int | None:
        """Ask a paused program to go on, and wait until it stands again; the step it stands at.

        None when it comes to its end instead.
        """
        self.say(**message)
        assert self.hear() == {"running": True}
        return self.stands()

    def stands(self) -> int | None:
        """Wait for the program to stand still; its step. None when it ends instead."""
        message = self.hear()
        if message is None:
            return None
        assert set(message) == {"paused"}, message
        return int(message["paused"])

    def hang_up(self) -> None:
        """Close the host's end."""
        self._lines.close()
        self._socket.close()

    def recording(self) -> Recording:
        """The recording, as it is by now."""
        return Recording(self.record)

    def end(self, stdin: bytes = b"") -> tuple[int, bytes, bytes]:
        """Give the rest of its input and wait for its end; status, output and errors."""
        out, err = self.process.communicate(stdin, timeout=LIMIT_S)
        return self.process.returncode, out, err


def line_of(script: str, text: str) -> int:
    """The number of the first line of a script that has that text in it."""
    lines = Path(os.fspath(script)).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)
