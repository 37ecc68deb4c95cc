"""A guardian for each run, which ends the run if the host dies, by whatever means."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

_SCRIPT = Path(__file__).with_name("guardian.py")


class Guard:
    """The host's end of a guardian. Raises OSError if none can be started.

    The guardian is there before the child, which it knows by a mark until it is sent the process
    id: there is no moment at which the host could die and leave a child that nobody ends. The
    guardian leads a session of its own, so that Ctrl-C and the terminal's end do not reach it, and
    holds nothing open but its pipe.
    """

    def __init__(self, mark: str, own_session: bool) -> None:
        session = "own" if own_session else "shared"
        # Without site and isolated, so that it starts fast and the person's files can't break it.
        command = [sys.executable, "-I", "-S", os.fspath(_SCRIPT)]
        self._process = subprocess.Popen(
            [*command, mark, session, *map(os.path.abspath, sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """The guardian's process id."""
        return self._process.pid

    def watch(self, child: int) -> None:
        """Send the guardian the process id of the child."""
        self._say(b"%d\n" % child)

    def release(self) -> None:
        """Let the guardian go, and end nothing: the run is over and the host lives."""
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return
        self._say(b".")
        pipe.close()
        self._process.wait()

    def _say(self, word: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # Somebody has ended the guardian already.
            self._process.stdin.write(word)
