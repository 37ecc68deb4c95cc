"""Waiting for descriptors of any number: select(2) takes none from 1,024 on."""

from __future__ import annotations

import selectors
from collections.abc import Iterable


def ready(
    readers: Iterable[int], writers: Iterable[int] = (), seconds: float | None = None
) -> tuple[list[int], list[int]]:
    """Wait until a descriptor can be read or written, or time is up; return those that can be.

    Uses poll(2), because the selector that suits the system best refuses regular files, and a
    program's input may be one.
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
