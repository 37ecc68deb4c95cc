"""The control channel between a host and its probe: a socket pair carrying one JSON object a line.

Host to probe, all with the key ``do``:

=========  ==========================  ==========================================================
``do``     further keys                what it asks for
=========  ==========================  ==========================================================
run                                    go on until something else stops it
pause                                  stop at the next step
step       to: "line" or "switch";     go on to the next step of that kind (of that coroutine
           coroutine: id, optional     only, if one is named)
until      file, line                  go on to that line, once
break      at: list of [file, line]    the breakpoints from now on; replaces those before
stop                                   let go: no pause any more (the host is about to end it)
=========  ==========================  ==========================================================

Probe to host: ``{"hello": VERSION, "pid": N}`` once, ``{"paused": STEP}`` when it stands still with
that step the last one committed, ``{"running": true}`` when it goes on.

A probe that was started to wait is sent ``{"launch": ARGUMENTS}`` before all else: the arguments
that any other has on its command line.

A running child does not read its socket at every step. The host therefore writes its message and
then sets the first byte of the file ``attention`` in the recording to 1; the probe, which has that
file mapped, looks at the byte at every step, clears it and reads what has come.
"""

from __future__ import annotations

import json
from typing import Any, Final

VERSION: Final = 1
LONGEST_LINE: Final = 1 << 20
"""Bytes; a longer line is a fault of the other end."""
LONGEST_LAUNCH: Final = 1 << 15
"""Bytes of the line that says what to run; it has to fit into a socket that nobody reads yet."""


def encode(message: dict[str, Any]) -> bytes:
    """Return a message as it goes over the socket."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """Read a line as a message. Raises ValueError if it is not a JSON object."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError(f"a control message must be an object, not {type(message).__name__}")
    return message
