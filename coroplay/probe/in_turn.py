"""Tracks that are looked at again and again, a few each time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coroplay.probe.coroutines import Track


class InTurn:
    """Tracks that are looked at in turn, a few each time; several threads may do so at once."""

    def __init__(self) -> None:
        self._tracks: deque[Track] = deque()
        self.add = self._tracks.append
        """Function that puts a track at the end."""

    def __len__(self) -> int:
        return len(self._tracks)

    def take(self, most: int) -> Iterator[Track]:
        """Take so many tracks out, one after the other, of those that are there now."""
        for _ in range(min(most, len(self._tracks))):
            try:
                track = self._tracks.popleft()
            except IndexError:
                return  # Another thread looks at the last one.
            yield track
