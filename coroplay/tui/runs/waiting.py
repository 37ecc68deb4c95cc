"""A look at a process that may be waiting for its standard input (Linux only)."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Final

_READ: Final = {"x86_64": "0", "aarch64": "63"}.get(platform.machine(), "")


def waits_for_input(pid: int) -> bool:
    """Return True if its main thread is blocked reading descriptor 0; False if unknown."""
    try:
        words = Path(f"/proc/{pid}/syscall").read_text().split()
    except OSError:
        return False
    return len(words) > 1 and words[0] == _READ and words[1] == "0x0"
