"""The host's end of the control channel: steering a program, and hearing where it stands."""

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
    """The channel is of no use any more; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The probe was set up and listens."""

    pid: int


@dataclass(frozen=True, slots=True)
class Paused:
    """The program stood still."""

    step: int
    """The last step committed."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The program went on."""


Report = Ready | Paused | Resumed


class Control:
    """Sends requests and reads reports; `fileno` makes it fit for any event loop.

    Requests to a program that has ended go nowhere, without an error: its end is told elsewhere.
    """

    def __init__(self, channel: socket.socket, record: Path) -> None:
        channel.setblocking(False)
        self._channel = channel
        self._attention = record / layout.ATTENTION
        self._received = bytearray()
        self._called_early = False
        self.closed = False
        """Whether the program's end of the channel is gone."""

    def fileno(self) -> int:
        """The descriptor that becomes readable when a report has come."""
        return self._channel.fileno()

    def run(self) -> None:
        """Go on until something else stops the program."""
        self._send({"do": "run"})

    def pause(self) -> None:
        """Stand still at the next step."""
        self._send({"do": "pause"})

    def step(self, to: Literal["line", "switch"], coroutine: int | None = None) -> None:
        """Go on to the next line or switch, of any coroutine or of the one named."""
        request: dict[str, Any] = {"do": "step", "to": to}
        if coroutine is not None:
            request["coroutine"] = coroutine
        self._send(request)

    def until(self, file: str, line: int) -> None:
        """Go on to that line, once."""
        self._send({"do": "until", "file": file, "line": line})

    def breakpoints(self, at: Iterable[tuple[str, int]]) -> None:
        """The breakpoints from now on; they replace those before."""
        self._send({"do": "break", "at": [list(place) for place in at]})

    def let_go(self) -> None:
        """No pause any more, for the program is about to be ended, whether it listens or not."""
        with contextlib.suppress(ControlError):
            self._send({"do": "stop"})

    def read(self) -> list[Report]:
        """What has come so far, without waiting. Raises ControlError for nonsense."""
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

    def wait(self, timeout: float | None = None) -> list[Report]:
        """As `read`, but waits (seconds) for the first; empty when there is none in that time."""
        while not (reports := self.read()) and not self.closed:
            if not ready([self._channel.fileno()], seconds=timeout)[0]:
                break
        return reports

    def close(self) -> None:
        """Close this end; a program that is paused goes on."""
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
        """Have a running program look at the channel."""
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

    def _reports(self) -> list[Report]:
        *lines, rest = self._received.split(b"\n")
        if len(rest) > wire.LONGEST_LINE:
            raise ControlError("the program's probe sent a message without end; stop it")
        self._received = rest
        return [self._report(bytes(line)) for line in lines]

    def _report(self, line: bytes) -> Report:
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
