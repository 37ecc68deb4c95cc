"""The module `ctypes`, loaded so that it takes none of the program's file descriptors.

Its library may open a file and keep it open at the lowest free number. The program's files would
get other numbers then, and a program that closes all low numbers would close that file too.
"""

from __future__ import annotations

import functools
import os
from typing import Any, Final

_LOW: Final = 256
"""Lowest descriptor that the probe uses: programs close or count lower ones."""


@functools.cache
def load() -> Any:
    """Return the module `ctypes`."""
    taken: list[int] = []
    try:
        try:
            taken.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
            while taken[-1] < _LOW:
                taken.append(os.dup(taken[-1]))
            os.close(taken.pop())  # The next file gets this number.
        except OSError:
            # The limit on descriptors is lower: the library's file gets a low number after all.
            while taken:
                os.close(taken.pop())
        import ctypes
    finally:
        for fd in taken:
            os.close(fd)
    return ctypes
