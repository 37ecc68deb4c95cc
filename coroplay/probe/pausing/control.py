"""The child's end of the control channel, by which a host pauses and resumes the program."""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable
from typing import Any

from coroplay.probe.base import originals
from coroplay.probe.base.locks import make_rlock
from coroplay.probe.files.mapping import map_shared
from coroplay.probe.files.windows import identity, move_up, set_aside
from coroplay.probe.pausing.clock import Clock
from coroplay.probe.store import Store
from coroplay.trace import layout, wire

SourceLine = tuple[str, int]


class Control:
    """Decides at every step whether to pause there, and blocks for as long as the pause lasts."""

    def __init__(
        self,
        fd: int,
        directory: str,
        store: Store,
        clock: Clock,
        on_stops_changed: Callable[[], None],
    ) -> None:
        """Take over the socket with that descriptor. Raises OSError.

        `on_stops_changed` is called when other steps become those to stop at.
        """
        self._store = store
        self._clock = clock
        self._received = b""
        self._lock = make_rlock()
        attention = os.open(
            os.path.join(directory, layout.ATTENTION), os.O_RDWR | os.O_CREAT, 0o600
        )
        try:
            set_aside(attention, 0, mmap.PAGESIZE)
            self.attention = map_shared(attention, 0, mmap.PAGESIZE)
            """Shared memory whose first byte is set when the host has sent something."""
        finally:
            os.close(attention)
        self._fd = move_up(fd)
        self._file = identity(self._fd)
        self._on_stops_changed = on_stops_changed
        self._rule: Callable[[bool, int], bool] | None = None
        self._breakpoints: frozenset[SourceLine] = frozenset()
        self._until: SourceLine | None = None
        self._lines: frozenset[int] = frozenset()
        self._open = True
        self._send({"hello": wire.VERSION, "pid": originals.getpid()})

    @property
    def stops(self) -> Callable[[bool, int], bool] | None:
        """Rule for stops: called with whether a step is a line and its coroutine; or None."""
        return self._rule

    @stops.setter
    def stops(self, rule: Callable[[bool, int], bool] | None) -> None:
        self._rule = rule
        self._on_stops_changed()

    @property
    def lines(self) -> frozenset[int]:
        """Line numbers, in whatever file, at which the program may stop."""
        return self._lines

    @lines.setter
    def lines(self, lines: frozenset[int]) -> None:
        self._lines = lines
        self._on_stops_changed()

    # Asked by the recorder

    def at_line(self, coroutine: int, file: str, line: int) -> None:
        """Pause after a line step if it is a stop."""
        if self.attention[0]:
            self._read_commands()
        if (line in self._lines and self._is_awaited(file, line)) or (
            self._rule is not None and self._rule(True, coroutine)
        ):
            self._pause()

    def at_switch(self, coroutine: int) -> None:
        """Pause after a switch step if it is a stop."""
        if self.attention[0]:
            self._read_commands()
        if self._rule is not None and self._rule(False, coroutine):
            self._pause()

    def before_first_line(self) -> None:
        """Pause until the host says how to begin."""
        self._pause()

    def release(self) -> None:
        """Let the program run, and never pause it again."""
        self.stops, self.lines = None, frozenset()
        self._open = False

    def close(self) -> None:
        """Let the program run, and close the channel."""
        self.release()
        fd, self._fd = self._fd, -1
        if self._is_own(fd):
            os.close(fd)

    # Standing still

    def _is_awaited(self, file: str, line: int) -> bool:
        at = (file, line)
        if at == self._until:
            self._until = None
            self._remember_lines()
            return True
        return at in self._breakpoints

    def _pause(self) -> None:
        # While one thread stands still, the others go on and pass their stops.
        if not (self._open and self._lock.acquire(blocking=False)):
            return
        try:
            self.stops = None
            self._clock.hold()
            try:
                self._send({"paused": self._store.count - 1})
                while not self._obey_next():
                    pass
                self._send({"running": True})
            finally:
                self._clock.resume()
        finally:
            self._lock.release()

    def _read_commands(self) -> None:
        """Obey the messages that the host has sent to the running program."""
        self.attention[0] = 0
        if not self._is_own(self._fd):
            self.release()
            return
        os.set_blocking(self._fd, False)
        try:
            while self._open:
                try:
                    self._obey_next()
                except BlockingIOError:
                    break
        finally:
            os.set_blocking(self._fd, True)

    # Messages

    def _is_own(self, fd: int) -> bool:
        """Tell whether a descriptor is still the channel.

        A program may close all descriptors, ours too, and open files of its own in their place:
        none of these must be read, written or closed.
        """
        try:
            return identity(fd) == self._file
        except OSError:
            return False

    def _obey_next(self) -> bool:
        """Obey the next message; return whether the program goes on, as after nonsense."""
        try:
            return self._obey(self._receive())
        except (KeyError, TypeError, ValueError, RecursionError):
            return self._obey(None)

    def _obey(self, message: dict[str, Any] | None) -> bool:
        """Obey a message; return whether the program goes on. None releases the program."""
        if message is None:
            self.release()
            return True
        match message.get("do"):
            case "pause":
                self.stops = lambda _is_line, _coroutine: True
                return False
            case "break":
                self._breakpoints = frozenset((str(f), int(n)) for f, n in message["at"])
                self._remember_lines()
                return False
            case "run":
                self.stops = None
                return True
            case "until":
                self.stops = None
                self._until = (str(message["file"]), int(message["line"]))
                self._remember_lines()
                return True
            case "step":
                self.stops = _stop_rule(message)
                return True
            case "stop":
                self.release()
                return True
            case _:
                return True

    def _remember_lines(self) -> None:
        stops = self._breakpoints | ({self._until} if self._until else frozenset())
        self.lines = frozenset(line for _, line in stops)

    def _receive(self) -> dict[str, Any] | None:
        """Return the next message; None when the host is gone or can't be understood."""
        while b"\n" not in self._received:
            if not self._is_own(self._fd):
                return None
            try:
                data = originals.read(self._fd, 1 << 16)
            except BlockingIOError:
                raise
            except OSError:
                return None
            if not data or len(self._received) > wire.LONGEST_LINE:
                return None
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        try:
            return wire.decode(line)
        except ValueError:
            return None

    def _send(self, message: dict[str, Any]) -> None:
        if not self._is_own(self._fd):
            self.release()
            return
        try:
            originals.write(self._fd, wire.encode(message))
        except OSError:
            self.release()


def _stop_rule(message: dict[str, Any]) -> Callable[[bool, int], bool]:
    lines = message.get("to") != "switch"
    wanted = message.get("coroutine")
    return lambda is_line, coroutine: is_line is lines and wanted in (None, coroutine)
