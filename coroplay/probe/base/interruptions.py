"""The exceptions of the program's signal handlers, which may come wherever a function returns."""

from __future__ import annotations


def is_from_within(error: BaseException) -> bool:
    """Tell whether an exception came from code in Python that the frame that caught it ran.

    Where a `try` runs nothing but a function in C, that is a signal handler of the program's, which
    the interpreter calls once the function returns. The exception is to be raised again.
    """
    trace = error.__traceback__
    return trace is not None and trace.tb_next is not None
