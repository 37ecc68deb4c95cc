"""The host's end of the control channel, by which a program is steered and reports back."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from coroplay.host.ready import ready
from coroplay.trace import layout, wire

_CHUNK: Final = 1 << 16


class ControlError(Exception):
    """The channel can't be used any more; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The probe has been set up and listens."""

    pid: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The program has paused."""

    step: int
    """The last step that is recorded."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The program has gone on."""


ControlReport = Ready | Paused | Resumed


class Control:
    """A sender of requests and reader of reports; with `fileno` it fits into any event loop.

    Requests to a program that has ended are dropped without an error: its `Child` knows of the end.
    """

    def __init__(self, channel: socket.socket, record: Path) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._attention = record / layout.ATTENTION
        self._received = bytearray()
        self._called_early = False
        self.closed = False
        """True once the program's end of the channel is gone."""

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when a report has come."""
        return self._channel.fileno()

    def run(self) -> None:
        """Let the program run until something else pauses it."""
        self._send({"do": "run"})

    def pause(self) -> None:
        """Have the program pause at its next step."""
        self._send({"do": "pause"})

    def step(self, to: Literal["line", "switch"], coroutine: int | None = None) -> None:
        """Let the program run to its next line or switch, in any coroutine or in the one given."""
        request: dict[str, Any] = {"do": "step", "to": to}
        if coroutine is not None:
            request["coroutine"] = coroutine
        self._send(request)

    def until(self, file: str, line: int) -> None:
        """Let the program run to a line, once."""
        self._send({"do": "until", "file": file, "line": line})

    def breakpoints(self, at: Iterable[tuple[str, int]]) -> None:
        """Replace the breakpoints."""
        self._send({"do": "break", "at": [list(place) for place in at]})

    def let_go(self) -> None:
        """Have the program pause no more, because it is about to be ended."""
        with contextlib.suppress(ControlError):
            self._send({"do": "stop"})

    def read(self) -> list[ControlReport]:
        """Return the reports that have come, without waiting. Raises ControlError for nonsense."""
        while not self.closed:
            try:
                data = self._channel.recv(_CHUNK)
            except BlockingIOError:
                break
            except ConnectionError:
                data = b""
            self.closed = not data
            self._received += data
        return self._reports()

    def wait(self, timeout: float | None = None) -> list[ControlReport]:
        """Wait for a report, at most so many seconds, and return all that have come."""
        while not (reports := self.read()) and not self.closed:
            if not ready([self._channel.fileno()], seconds=timeout)[0]:
                break
        return reports

    def close(self) -> None:
        """Close the host's end; a program that is paused goes on."""
        self.closed = True
        self._channel.close()

    def _send(self, request: dict[str, Any]) -> None:
        if self.closed:
            return
        message = wire.encode(request)
        try:
            if self._channel.send(message) != len(message):
                raise BlockingIOError
        except BlockingIOError:
            raise ControlError(
                "the program has not listened for a long time and can't be steered; stop it"
            ) from None
        except ConnectionError:
            return  # It has ended; what it still said can be read.
        self._call()

    def _call(self) -> None:
        """Make a running program look at the channel."""
        try:
            attention = os.open(self._attention, os.O_WRONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._called_early = True  # The probe is not set up yet: call when it says so.
            return
        except OSError as error:
            raise ControlError(f"the program may not have heard that: {error.strerror}") from None
        try:
            os.pwrite(attention, b"\1", 0)
        finally:
            os.close(attention)

    def _reports(self) -> list[ControlReport]:
        *lines, rest = self._received.split(b"\n")
        if len(rest) > wire.LONGEST_LINE:
            raise ControlError("the program's probe sent a message without end; stop it")
        self._received = rest
        return [self._report(bytes(line)) for line in lines]

    def _report(self, line: bytes) -> ControlReport:
        try:
            message = wire.decode(line)
        except ValueError:
            raise ControlError(f"the program's probe sent nonsense: {line[:60]!r}") from None
        match message:
            case {"hello": wire.VERSION, "pid": int(pid)}:
                if self._called_early:
                    self._called_early = False
                    self._call()
                return Ready(pid)
            case {"hello": other}:
                raise ControlError(
                    f"the program's probe speaks version {other} of the control channel, this"
                    f" coroplay version {wire.VERSION}: is another coroplay installed beside it?"
                )
            case {"paused": int(step)}:
                return Paused(step)
            case {"running": True}:
                return Resumed()
        raise ControlError(f"the program's probe sent something unknown: {line[:60]!r}")
