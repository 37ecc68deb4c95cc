"""What the accelerator offers, written in C (`native/`): see `coroplay.probe.accelerator`."""

from collections.abc import Callable
from typing import final

@final
class Steps:
    """The end of the table of steps, where rows are appended."""

    count: int
    """How many steps there are."""

    def __init__(self, window: Callable[[int], memoryview], /) -> None:
        """`window` maps the file's n-th window. Raises OSError when there is no room for it."""

    def append(self, verb: int, time: int, coroutine: int, detail: int, /) -> int:
        """Commit a step; the number of steps there are then. Raises OSError: there is no room."""

    def stop(self) -> None:
        """Write no more."""
