"""The guardian's own process: ends a run's processes when the run's host has died.

The guardian is run as a bare script. It reads standard input, a pipe that only the host can write
to: first the child's process id, then a full stop, which means that all went well. If the pipe ends
without a full stop, the host is dead. The child, if there is one, then has its own environment:
until it has, it holds the host's end of the pipe too.
"""

from __future__ import annotations

import os
import sys
import time

GRACE = 1.0
"""Seconds between asking processes to end and forcing them."""
_SLACK = 1.0
"""Seconds by which the start times of processes may be wrong."""


def main(mark: str, session: str, *path: str) -> None:
    """Wait for the host's word; without it end the run. `path` is the host's `sys.path`."""
    began = time.monotonic()
    root, age = None, 0.0
    while word := os.read(0, 64):
        if word.endswith(b"."):
            return
        root, age = int(word), time.monotonic() - began
    sys.path[:] = path
    import psutil

    from coroplay.host.tree import Family, Takedown

    family = Family(root, mark, own_session=session == "own")
    born_by = psutil.Process().create_time() + age + _SLACK
    Takedown(family, GRACE, born_by).wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
