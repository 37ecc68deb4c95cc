"""Waiting for files, of whatever number: select(2) knows none from 1,024 on."""

from __future__ import annotations

import selectors
from collections.abc import Iterable


def ready(
    readers: Iterable[int], writers: Iterable[int] = (), seconds: float | None = None
) -> tuple[list[int], list[int]]:
    """Wait until one can be read or written, or time is up; those that can be, by descriptor.

    Not the selector that suits the system best, which refuses regular files: a program's input may
    be one.
    """
    wanted = dict.fromkeys(readers, selectors.EVENT_READ)
    for fd in writers:
        wanted[fd] = wanted.get(fd, 0) | selectors.EVENT_WRITE
    with selectors.PollSelector() as selector:
        for fd, events in wanted.items():
            selector.register(fd, events)
        found = [(key.fd, events) for key, events in selector.select(seconds)]
    return (
        [fd for fd, events in found if events & selectors.EVENT_READ],
        [fd for fd, events in found if events & selectors.EVENT_WRITE],
    )
