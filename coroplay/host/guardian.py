"""The guardian's own process: ends a run's processes when the run's host has died.

It is run as a bare script, and reads standard input, a pipe that only the host can write to. One
byte means that all went well; the end of the pipe without it means that the host is dead.
"""

from __future__ import annotations

import os
import sys

GRACE = 1.0
"""Seconds between asking and forcing."""


def main(root: str, mark: str, session: str, *path: str) -> None:
    """Wait for the host's word; `path` is the host's, for imports in case they are needed."""
    if os.read(0, 1):
        return
    sys.path[:] = path
    import psutil

    from coroplay.host.tree import Family, Takedown

    family = Family(int(root), mark, own_session=session == "own")
    Takedown(family, GRACE, born_by=psutil.Process().create_time()).wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
