"""Mapping a part of a file into memory without keeping a descriptor of the file.

Before Python 3.13 `mmap.mmap` keeps a duplicate at the lowest free number, where the program would
notice it: the program's own files get other numbers. A program that closes all numbers and opens
files would even have one of these closed at the end of the mapping.
"""

from __future__ import annotations

import functools
import mmap
import os
import sys
from _weakref import ref
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from coroplay.probe.base import accelerator, high_ctypes

if accelerator.used:
    from coroplay.probe.native import _accelerator

MapShared = Callable[[int, int, int], memoryview]


if sys.version_info >= (3, 13):

    def _make_map() -> MapShared:
        return lambda fd, offset, size: memoryview(
            mmap.mmap(fd, size, offset=offset, trackfd=False)
        )

else:

    def _make_map() -> MapShared:
        ctypes = high_ctypes.load()
        libc = ctypes.CDLL(None, use_errno=True)
        map_, unmap = libc.mmap, libc.munmap
        pointer, number, size_t = ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t
        map_.restype = pointer
        map_.argtypes = [pointer, size_t, number, number, number, ctypes.c_int64]
        unmap.argtypes = [pointer, size_t]
        failed = pointer(-1).value
        mappings: dict[int, ref[Any]] = {}
        """A weak reference to each mapping, by address; its callback gives the memory back."""

        @functools.cache
        def type_of(size: int) -> Any:
            return type("Mapping", (ctypes.c_ubyte * size,), {})

        def map_by_libc(fd: int, offset: int, size: int) -> memoryview:
            protection = mmap.PROT_READ | mmap.PROT_WRITE
            address = map_(None, size, protection, mmap.MAP_SHARED, fd, offset)
            if address == failed:
                error = ctypes.get_errno()
                raise OSError(error, os.strerror(error))
            mapping = type_of(size).from_address(address)
            # All in C: in Python, an exception of the program's signal handlers would be lost here.
            release = partial(next, map(unmap, (address,), (size,)))
            mappings[address] = ref(mapping, release)
            return memoryview(mapping).cast("B")

        return map_by_libc


map_shared: Final[MapShared] = _accelerator.map_shared if accelerator.used else _make_map()
"""Function of a descriptor, an offset and a size that maps so many bytes, to read and write.

They are unmapped with the last reference to them. Raises OSError.
"""
