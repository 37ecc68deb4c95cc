"""Calls with nothing of the probe's below them on the stack.

A program can look at the frames below its own (`traceback.print_stack`, `sys._getframe`,
`faulthandler`), and count how deep it may go until `RecursionError`. The accelerator empties the
interpreter's record of the stack for as long as the program runs, as greenlet does for every new
greenlet. Without the accelerator the probe's frames can be seen there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from coroplay.probe.base import accelerator, high_ctypes

if accelerator.used:
    from coroplay.probe.native import _accelerator


def call(body: Callable[[], Any]) -> Any:
    """Call `body` with an empty stack below it."""
    return _accelerator.call_clean(body) if accelerator.used else body()


def run_file(path: str) -> int:
    """Run a file in the module ``__main__``, by the very function that runs ``python FILE``.

    That function compiles the file, reports the exception that ends the program, and exits if it is
    a SystemExit. Return 0, or another number if an exception was reported. Raises OSError.
    """
    with open(path, "rb"):
        pass  # A file that can't be opened raises a complete OSError here.
    if accelerator.used:
        return _accelerator.run_file(os.fsencode(path))
    return _run_file_by_ctypes(os.fsencode(path))


def _run_file_by_ctypes(path: bytes) -> int:
    ctypes = high_ctypes.load()
    open_file, run = ctypes.CDLL(None).fopen, ctypes.pythonapi.PyRun_AnyFileExFlags
    open_file.argtypes, open_file.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_void_p
    run.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p]
    file = open_file(path, b"rb")
    if not file:
        raise OSError(f"{os.fsdecode(path)} can't be opened")
    return int(run(file, path, 1, None))
