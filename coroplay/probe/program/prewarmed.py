"""A child that was started before it is known what to run: it loads, and waits to be told."""

from __future__ import annotations

import os

from coroplay.trace import wire


def receive_arguments(fd: int) -> list[str] | None:
    """The probe's arguments, once the host sends them there; None when the host has gone.

    What a run at level ``lines`` needs is loaded meanwhile: nearly all runs of such a host are.
    """
    import pure_eval  # noqa: F401

    line = _line(fd)
    if not line:
        return None
    return ["--control", str(fd), *wire.decode(line)["launch"]]


def _line(fd: int) -> bytes:
    """The first line that is sent; read so that what comes after it is left for the run."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = os.read(fd, 1)
        if not byte:
            return b""
        line += byte
    return bytes(line)
