"""Signals to a host without an event loop, as events that can be read, with who sent each."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final, NamedTuple, Self

_NEVER_CAUGHT: Final = frozenset({signal.SIGKILL, signal.SIGSTOP})
_FAULTS: Final = frozenset(
    {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT}
)
"""Signals of faults of the host's own, which must end it. Another process may send them too."""
_STOPPING: Final = frozenset({signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU})
"""Signals that stop the host, as a terminal stops all processes of a group."""
_WATCHED: Final = frozenset(signal.valid_signals() - _NEVER_CAUGHT - _STOPPING)
_OF_TERMINALS: Final = frozenset({signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGWINCH})
"""Signals that a terminal sends to all processes of its foreground group."""
_blocked: set[int] = set()
"""The signals that are blocked in this process because `Signals` waits for them."""


class Heard(NamedTuple):
    """A signal that has come."""

    number: int
    by_process: bool
    """True if a process sent it to the host; False if the system did, as a terminal does."""
    sender: int = 0
    """The id of the process that sent it; 0 if that is not known."""


class Signals:
    """Receiver of the process's signals, to be entered in its main thread; `read` gives them out.

    A thread waits for them, which is the one way for Python to learn who sent a signal: so they are
    blocked in all threads. There are handlers besides, for the moments at which they are not: see
    `let_through`. A signal that was ignored when the host started gets none: a child inherits that.
    """

    def __enter__(self) -> Self:
        self._heard: deque[Heard] = deque()
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)
        self._over = False
        self.ignored = frozenset(
            number for number in _WATCHED if signal.getsignal(number) is signal.SIG_IGN
        )
        """The signals that were ignored when the host started: they are to do nothing to it."""
        # A handler runs in the main thread, which has to be woken where another thread got it.
        self._wakeup = signal.set_wakeup_fd(self._sender.fileno(), warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, self._note)
            for number in _WATCHED - _FAULTS
            if number is signal.SIGCHLD or number not in self.ignored
        }
        self._mask = signal.pthread_sigmask(signal.SIG_BLOCK, _WATCHED)
        _blocked.update(_WATCHED - self._mask)
        self._thread = threading.Thread(target=self._wait, name="signals", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over = True
        if self._thread.ident is not None:
            signal.pthread_kill(self._thread.ident, signal.SIGCHLD)
        self._thread.join()
        _blocked.clear()
        signal.pthread_sigmask(signal.SIG_SETMASK, self._mask)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        self._receiver.close()
        self._sender.close()

    def fileno(self) -> int:
        """Return the descriptor that becomes readable when a signal has come."""
        return self._receiver.fileno()

    def read(self) -> list[Heard]:
        """Return the signals since the last call, without waiting."""
        try:
            self._receiver.recv(4096)
        except BlockingIOError:
            return []
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def _wait(self) -> None:
        while True:
            heard = _next_signal()
            if self._over:
                return
            self._add(heard)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        """Note a signal of which nobody says where it comes from."""
        self._add(Heard(number, number not in _OF_TERMINALS))

    def _add(self, heard: Heard) -> None:
        self._heard.append(heard)
        try:
            self._sender.send(b"\0")
        except BlockingIOError:
            return  # There is more to be read than anybody reads at once.


@contextmanager
def let_through() -> Iterator[None]:
    """Block nothing meanwhile that only `Signals` blocks: a child that starts would inherit it."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _blocked)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _next_signal() -> Heard:
    """Wait for a signal."""
    if not hasattr(signal, "sigwaitinfo"):  # macOS has none.
        number = int(signal.sigwait(_WATCHED))
        return Heard(number, number not in _OF_TERMINALS)
    info = signal.sigwaitinfo(_WATCHED)
    # The system's own have a code above 0 (see sigaction(2)), but for those of a broken pipe.
    by_process = info.si_code <= 0 and info.si_pid != os.getpid()
    return Heard(info.si_signo, by_process, info.si_pid if by_process else 0)
