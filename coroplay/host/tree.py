"""The end of a process together with everything that it started."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coroplay.host.launch import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psutil

LOOK_EVERY = 0.02
"""Seconds between two looks at processes that were asked to end."""
GIVE_UP_AFTER = 5.0
"""Seconds after which a process that survives even SIGKILL is left to the system."""


@dataclass(frozen=True, slots=True)
class Family:
    """The signs by which the processes of one run are known: ancestor, session and mark."""

    root: int | None
    """The process id of the child; None where only the mark is known."""
    mark: str
    """The value of `launch.MARK` in the environment, which outlives the parent."""
    own_session: bool
    """True if the child leads a session, so that all processes in the session are of the run."""

    def members(self, born_by: float | None = None) -> list[psutil.Process]:
        """Return the living processes. A root that started after `born_by` is another process."""
        import psutil

        found = {*self._descendants(born_by), *self._marked()} - {psutil.Process()}
        return [process for process in found if process.pid > 1]

    def _descendants(self, born_by: float | None) -> Iterator[psutil.Process]:
        import psutil

        if self.root is None:
            return
        try:
            root = psutil.Process(self.root)
            if born_by is None or root.create_time() <= born_by:
                yield root
                yield from root.children(recursive=True)
        except psutil.Error:
            return

    def _marked(self) -> Iterator[psutil.Process]:
        import psutil

        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == self.mark or self._in_session(process.pid):
                    yield process
            except (psutil.Error, OSError):
                continue

    def _in_session(self, pid: int) -> bool:
        return self.own_session and self.root is not None and os.getsid(pid) == self.root


class Takedown:
    """A family that is being ended: asked with SIGTERM, and forced after a grace period.

    Nothing here waits except `wait`, so that an event loop can use it.
    """

    def __init__(self, family: Family, grace: float, born_by: float | None = None) -> None:
        self._family = family
        self._born_by = born_by
        self._deadline = time.monotonic() + grace
        self._asked: set[psutil.Process] = set()
        self._ask_new_ones()

    def done(self) -> bool:
        """Tell whether all have ended; force those that are left after the grace period."""
        now = time.monotonic()
        if now < self._deadline and any(map(_alive, self._asked)):
            return False
        self._ask_new_ones()
        left = [process for process in self._asked if _alive(process)]
        if now >= self._deadline:
            for process in left:
                _send(process, signal.SIGKILL)
        return not left or now >= self._deadline + GIVE_UP_AFTER

    def wait(self) -> None:
        """Wait until all processes have ended."""
        while not self.done():
            time.sleep(LOOK_EVERY)

    def _ask_new_ones(self) -> None:
        for process in self._family.members(self._born_by):
            if process not in self._asked:
                self._asked.add(process)
                _send(process, signal.SIGTERM)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    import psutil

    try:
        process.send_signal(number)
    except psutil.Error:
        return  # It ended first, or has become somebody else's.


def _alive(process: psutil.Process) -> bool:
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
