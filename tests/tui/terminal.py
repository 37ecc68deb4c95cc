"""A terminal for a test: the real command in a pseudo-terminal, and the screen that it draws."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import pytest

START = """
import os, sys
from pathlib import Path
from coroplay.lessons import built_in, load
from coroplay.tui import run
lessons = load([built_in()])
arguments = sys.argv[1:]
if arguments and arguments[0].endswith(".py"):
    sys.exit(run(lessons, script=Path(arguments[0])))
sys.exit(run(lessons, lesson=lessons.find(arguments[0]) if arguments else None))
"""
PATIENCE = 40.0
KEYS = {"right": b"\x1b[C", "left": b"\x1b[D", "enter": b"\r", "home": b"\x1b[H"}


class Terminal:
    """The app in a pseudo-terminal of its own."""

    def __init__(
        self, *arguments: str, source: str = START, rows: int = 40, columns: int = 120
    ) -> None:
        self.raw = b""
        """The bytes that came to the terminal and were not waited for yet."""
        self.earlier = b""
        """The bytes before those in `raw`."""
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.environ.update(TERM="xterm-256color", COLUMNS="", LINES="")
            os.environ.pop("COLUMNS")
            os.environ.pop("LINES")
            os.environ["PYTHONFAULTHANDLER"] = "1"  # See `_where`.
            os.environ["PYTHONPATH"] = os.fspath(Path(__file__).parents[2])
            os.execv(sys.executable, [sys.executable, "-c", source, *arguments])
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.fd)
        self.status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)

    @property
    def text(self) -> str:
        """All that was drawn, in its order, without the control sequences."""
        plain = re.sub(rb"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>]|\x1b\][^\x07]*\x07", b"", self.raw)
        return plain.decode("utf-8", "replace")

    def press(self, *keys: str) -> None:
        """Press keys."""
        for key in keys:
            os.write(self.fd, KEYS.get(key, key.encode()))

    def until(self, *wanted: str, patience: float = PATIENCE) -> None:
        """Wait until all that was drawn, after what was waited for before."""
        self._read(lambda: self._shows(wanted), patience)
        self.earlier += self.raw
        self.raw = b""

    def rest(self, seconds: float) -> None:
        """Take what is drawn for so long, and wait for nothing in it."""
        until = time.monotonic() + seconds
        self._read(lambda: time.monotonic() >= until)
        self.earlier += self.raw
        self.raw = b""

    def _shows(self, wanted: Iterable[str]) -> bool:
        text = self.text
        return all(one in text for one in wanted)

    def until_ended(self) -> int:
        """Wait until the app has ended; its exit status as a shell has it."""
        self._read(self._ended)
        assert self.status is not None
        return self.status

    def _ended(self) -> bool:
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def _read(self, done: Callable[[], bool], patience: float = PATIENCE) -> None:
        deadline = time.monotonic() + patience
        while not done():
            if time.monotonic() >= deadline:
                shown = self.text[-2000:]
                pytest.fail(f"it did not come; there was: {shown}\nthe app was at: {self._where()}")
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    self.raw += os.read(self.fd, 1 << 16)
                except OSError:
                    self._ended_soon()
                    return

    def _where(self) -> str:
        """Return the app's stack, and end the app, which hangs."""
        self.raw = b""
        os.kill(self.pid, signal.SIGABRT)
        with contextlib.suppress(OSError):
            while select.select([self.fd], [], [], 1)[0]:
                self.raw += os.read(self.fd, 1 << 16)
        return self.text

    def _ended_soon(self) -> None:
        """The terminal was closed by its last user."""
        if self.status is None:
            _, status = os.waitpid(self.pid, 0)
            self.status = os.waitstatus_to_exitcode(status)

    def children(self) -> list[psutil.Process]:
        """All processes that the app has started."""
        return psutil.Process(self.pid).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    """Return True if all processes end, and soon."""
    _, alive = psutil.wait_procs(processes, timeout=PATIENCE)
    return not alive
