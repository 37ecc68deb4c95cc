"""A summary of the states of unfinished coroutines, as a mark of the recording holds it."""

from __future__ import annotations

from collections.abc import Callable

from coroplay.probe.base import accelerator
from coroplay.probe.coroutines import Track
from coroplay.trace.layout import SUMMARY_ENTRY, SummaryStatus

if accelerator.used:
    from coroplay.probe.native import _accelerator

_READY, _RUNNING, _SUSPENDED = map(int, SummaryStatus)


def _standings(unfinished: dict[int, Track], running: list[Track]) -> bytes:
    pack = SUMMARY_ENTRY.pack
    entries = []
    for track in list(unfinished.values()):
        left = track.left
        if not track.started:
            status = _READY
        else:
            status = _SUSPENDED if left and track not in running else _RUNNING
        entries.append(pack(track.id, status, left, track.line))
    return b"".join(entries)


standings: Callable[[dict[int, Track], list[Track]], bytes] = (
    _accelerator.standings if accelerator.used else _standings
)
"""Function that sums up unfinished tracks, of which some run: see `coroplay.trace.layout`."""
