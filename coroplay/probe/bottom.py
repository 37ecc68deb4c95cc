"""Calls the program as if nothing of the probe's lay below it on the stack.

A program can look at the frames below its own (`traceback.print_stack`, `sys._getframe`,
`faulthandler`), and count how deep it may go until `RecursionError`. So while it runs, the
interpreter's note of the current frame is taken away and the depth set to that of an empty stack,
as greenlet does for every new greenlet, and both are put back afterwards.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any, Final, NamedTuple

from coroplay.probe import originals
from coroplay.probe.unseen import unseen

_POINTER: Final = ctypes.sizeof(ctypes.c_void_p)
_ADDRESS: Final = ctypes.c_void_p.from_address
_INT: Final = ctypes.c_int.from_address
_FRAME_AT: Final = 3 * _POINTER
"""Where a frame object points to the interpreter's own frame."""


class _Layout(NamedTuple):
    """Where a thread's state has what is needed, in bytes from its start."""

    remaining: int
    """How many more calls may be nested; the limit follows it."""
    frame: int
    """The current frame, or (with `via`) a pointer to the structure that has it."""
    via: int | None
    """Where that structure has it; None if there is none."""
    depth: int
    """How many calls the interpreter counts from here to the code of a file that is run."""


_LAYOUTS: Final = {
    (3, 11): _Layout(remaining=32, frame=56, via=_POINTER, depth=2),
    (3, 12): _Layout(remaining=28, frame=56, via=0, depth=0),
    (3, 13): _Layout(remaining=44, frame=72, via=None, depth=0),
}


def call(body: Callable[[], Any]) -> Any:
    """Call something, a function as `functools.partial`, with an empty stack below it."""
    return _call(body, 0)


def run_file(path: str) -> int:
    """Run a file in the module ``__main__``, by the very function that runs ``python FILE``.

    It compiles the file, reports what ends it, exits where that is a SystemExit, and closes what
    it read. What it returns is 0, or else an exception was reported. Raises OSError.
    """
    with open(path, "rb"):
        pass  # Whatever is wrong with it is an OSError with all that belongs to it.
    file = _fopen(os.fsencode(path), b"rb")
    if not file:
        raise OSError(f"{path} can't be opened")
    run = ctypes.pythonapi.PyRun_AnyFileExFlags
    run.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    layout = _LAYOUTS.get(sys.version_info[:2])
    depth = 0 if layout is None else layout.depth
    return int(_call(functools.partial(run, file, os.fsencode(path), 1, None), depth))


def _call(body: Callable[[], Any], depth: int) -> Any:
    slots = _slots()
    if slots is not None:
        frame, remaining = slots
        # It has to be called from here: what Python calls Python shares one place for the frame.
        if frame.value == _interpreters(originals.getframe()):
            return _cut_off(body, frame, remaining, depth)
    return body()


@unseen
def _cut_off(
    body: Callable[[], Any], frame: ctypes.c_void_p, remaining: ctypes.c_int, depth: int
) -> Any:
    """Must not be seen: a tracer would be told of it while there is no frame to be told of."""
    here, limit, left = frame.value, sys.getrecursionlimit(), remaining.value
    remaining.value = limit + depth
    frame.value = None
    try:
        return body()
    finally:
        frame.value = here
        remaining.value = left + sys.getrecursionlimit() - limit


def _slots() -> tuple[ctypes.c_void_p, ctypes.c_int] | None:
    """Where the calling thread's state has the current frame, and how many more may be nested.

    None where the interpreter's layout is not known, or turns out to be another one.
    """
    layout = _LAYOUTS.get(sys.version_info[:2])
    if layout is None or sys.implementation.name != "cpython" or sys.abiflags or _POINTER != 8:
        return None
    state = _thread_state()
    limit = _INT(state + layout.remaining + ctypes.sizeof(ctypes.c_int))
    remaining = _INT(state + layout.remaining)
    if limit.value != sys.getrecursionlimit() or not 0 < remaining.value <= limit.value:
        return None
    at = state + layout.frame
    if layout.via is not None:
        at = (_ADDRESS(at).value or 0) + layout.via
    return _ADDRESS(at), remaining


def _interpreters(frame: FrameType) -> int | None:
    """The address of the interpreter's own frame behind a frame object."""
    return _ADDRESS(id(frame) + _FRAME_AT).value


def _thread_state() -> int:
    get = ctypes.pythonapi.PyThreadState_Get
    get.restype = ctypes.c_void_p
    return int(get())


def _fopen(path: bytes, mode: bytes) -> int | None:
    function = ctypes.CDLL(None).fopen
    function.argtypes, function.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_void_p
    found: int | None = function(path, mode)
    return found
