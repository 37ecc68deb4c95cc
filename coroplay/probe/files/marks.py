"""Marks made from the steps themselves, for when the probe's memory may differ from them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final

from coroplay.probe.files.windows import Windows
from coroplay.trace import layout
from coroplay.trace.fold import Fold

_NOTHING: Final = (0, 0, 0, 0)
_MOST_KNOWN: Final = 1 << 12


class StepReplay:
    """Replays the steps as a reader of the recording would, to make the same marks."""

    def __init__(self, steps: Windows, details: Windows, upto: int, summary: bytes) -> None:
        """Begin at a mark: the one before the step `upto`; at step 0, the summary is empty."""
        self._steps = steps
        self._details = details
        self._known: dict[int, tuple[int, ...]] = {}
        self._fold = Fold.from_summary(upto, summary)

    def advance(self, count: int) -> tuple[int, bytes]:
        """Replay the steps up to a number; return the number reached, and the summary there.

        The replay ends before the first step that is still being written. An exception may cut
        the replay short: a step that is replayed twice makes no difference.
        """
        self._fold.replay(self._rows(self._fold.upto, count), self._detail)
        return self._fold.upto, self._fold.summary()

    def _rows(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        size = layout.STEP.size
        data = self._steps.read(layout.HEADER_SIZE + start * size, (stop - start) * size)
        whole = data[: len(data) // size * size]
        return itertools.takewhile(lambda row: row[2], layout.STEP.iter_unpack(whole))

    def _detail(self, reference: int) -> tuple[int, ...]:
        known = self._known.get(reference)
        if known is None:
            size = layout.DETAIL.size
            data = self._details.read(layout.HEADER_SIZE + (reference - 1) * size, size)
            known = layout.DETAIL.unpack(data) if len(data) == size else _NOTHING
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[reference] = known
        return known
