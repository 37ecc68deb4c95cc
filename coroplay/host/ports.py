"""Free TCP ports, for programs that have to agree on one."""

from __future__ import annotations

import socket


def free_port() -> int:
    """A port on the loopback interface that nobody listens on at this moment. Raises OSError."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
