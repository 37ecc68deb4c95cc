"""A child that is started ahead of its run: it loads, and waits for the arguments."""

from __future__ import annotations

import os

from coroplay.trace import wire


def receive_arguments(fd: int) -> list[str] | None:
    """Return the probe's arguments, once the host sends them; None when the host has gone."""
    line = _line(fd)
    if not line:
        return None
    return ["--control", str(fd), *wire.decode(line)["launch"]]


def _line(fd: int) -> bytes:
    """Return the first line that is sent, and leave everything after it to the run."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(fd, 1)
        if not byte:
            return b""
        line += byte
    return bytes(line)
