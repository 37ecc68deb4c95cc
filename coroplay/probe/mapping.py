"""Mapping a part of a file into memory without keeping a descriptor for it.

`mmap.mmap` keeps a duplicate at the lowest free number, where the program would see it: its own
files get other numbers, and a program that closes all numbers and opens files of its own would
have one of those closed when the mapping goes.
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
from _weakref import ref
from functools import partial
from typing import Any, Final

_libc = ctypes.CDLL(None, use_errno=True)
_map = _libc.mmap
_map.restype = ctypes.c_void_p
_map.argtypes = [
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int64,
]
_unmap = _libc.munmap
_unmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
_FAILED: Final = ctypes.c_void_p(-1).value


def map_shared(fd: int, offset: int, size: int) -> memoryview:
    """Those bytes of the file, to read and write; unmapped with the last reference to them."""
    protection = mmap.PROT_READ | mmap.PROT_WRITE
    address = _map(None, size, protection, mmap.MAP_SHARED, fd, offset)
    if address == _FAILED:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    mapping = _type(size).from_address(address)
    # All in C: whatever a signal handler of the program raised in a function of ours would be lost.
    release = partial(next, map(_unmap, (address,), (size,)))
    _mappings[address] = ref(mapping, release)
    return memoryview(mapping).cast("B")


_mappings: dict[int, ref[Any]] = {}
"""What gives the memory of each mapping back when it goes, by address."""


@functools.cache
def _type(size: int) -> Any:
    return type("Mapping", (ctypes.c_ubyte * size,), {})
