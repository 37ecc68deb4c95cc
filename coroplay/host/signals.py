"""Signals to a host without an event loop, as events that can be read."""

from __future__ import annotations

import signal
import socket
from types import FrameType, TracebackType
from typing import Final, Self

ENDING: Final = frozenset({signal.SIGTERM, signal.SIGHUP})
"""Signals that tell the host to end itself and all that it runs."""
_WATCHED: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


class Signals:
    """Receiver of the main thread's signals, to be entered; `read` gives them out.

    A signal that was ignored when the host started stays ignored. Handlers are functions, never
    SIG_IGN, because a child would inherit that and Ctrl-C could not reach it.
    """

    def __enter__(self) -> Self:
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        self._wakeup = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, _noted)
            for number in _WATCHED
            if number is signal.SIGCHLD or signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._receiver.close()
        self._sender.close()

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when a signal has come."""
        return self._receiver.fileno()

    def read(self) -> list[signal.Signals]:
        """Return the signals since the last call, without waiting."""
        try:
            return [signal.Signals(number) for number in self._receiver.recv(4096)]
        except BlockingIOError:
            return []


def _noted(number: int, frame: FrameType | None) -> None:
    """Do nothing: Python reports the signal because a handler exists."""
