"""The probe's own locks, which a program that goes through all objects does not come across.

eventlet does so, to make its own locks of those that it finds.
"""

from __future__ import annotations

from _thread import LockType, RLock

from coroplay.probe.base import accelerator, originals

if accelerator.used:
    from coroplay.probe.native._accelerator import hide
else:

    def hide(_thing: object, /) -> None:
        """Do nothing: the collector of garbage knows all objects."""


def make_lock() -> LockType:
    """Return a new lock."""
    lock = originals.Lock()
    hide(lock)
    return lock


def make_rlock() -> RLock:
    """Return a new lock that its owner may acquire again, as a signal handler does."""
    lock = originals.RLock()
    hide(lock)
    return lock
