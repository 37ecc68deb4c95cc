"""Free TCP ports, for programs that have to agree on some."""

from __future__ import annotations

import socket
from contextlib import ExitStack


def free_ports(count: int) -> list[int]:
    """Return different ports of the loopback interface that nobody uses now. Raises OSError."""
    with ExitStack() as held:
        # Each is held until all are found: a port let go may be given out again.
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
