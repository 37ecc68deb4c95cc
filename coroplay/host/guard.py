"""A guardian for each run: if the host dies, by whatever means, the run ends with it."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coroplay.host.tree import Family

_SCRIPT = Path(__file__).with_name("guardian.py")


class Guard:
    """The host's end of a guardian. Raises OSError if none can be started.

    The guardian leads a session of its own, so that Ctrl-C and the terminal's end do not reach it,
    and holds nothing open but its pipe.
    """

    def __init__(self, family: Family) -> None:
        session = "own" if family.own_session else "shared"
        # Without site and isolated, so that it starts fast and the person's files can't break it.
        command = [sys.executable, "-I", "-S", os.fspath(_SCRIPT)]
        self._process = subprocess.Popen(
            [*command, str(family.root), family.mark, session, *map(os.path.abspath, sys.path)],
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

    def release(self) -> None:
        """The run is over and the host lives: the guardian goes, and harms nobody."""
        pipe = self._process.stdin
        if pipe is None or pipe.closed:
            return
        with contextlib.suppress(BrokenPipeError):  # Somebody has ended the guardian already.
            pipe.write(b".")
        pipe.close()
        self._process.wait()
