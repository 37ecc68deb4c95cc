"""The way to the state at a step: from the nearest known fold, over the few steps after it.

A fold is known because it was asked for last, because it was kept on a long way, or because the
probe wrote a mark there. Going on takes the last fold. Going back begins at a checkpoint: they are
near enough to each other that the way from one to the next is short, and few enough to stay small.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from coroplay.trace import layout
from coroplay.trace.fold import Fold
from coroplay.trace.reader import Reader

_NEAR: Final = 16
"""Steps after the last fold up to which going on from there is quicker than to look around."""
_SHORT: Final = 512
"""Steps between two checkpoints, where few coroutines live."""
_MOST_STANDINGS: Final = 1 << 18
"""Standings that all checkpoints together hold; one that did not change is held once."""
_MOST_CHECKPOINTS: Final = 64


class Checkpoints:
    """The known folds of one recording."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._last = Fold()
        """The fold that was asked for last: the next question is most likely about one near it."""
        self._kept: OrderedDict[int, Fold] = OrderedDict()

    def fold_after(self, step: int) -> Fold:
        """Return the fold of all steps up to that one and with it. Raises RecordingError."""
        fold = self._nearest(step + 1)
        if step - fold.upto > layout.MOST_UNMARKED:
            raise self._reader.marks.damaged(f"there is no mark in the long way up to step {step}")
        while fold.upto <= step:
            stop = self._next_checkpoint(fold, step + 1)
            fold.replay(self._reader.steps.span(fold.upto, stop), self._reader.detail)
            if stop <= step:
                self._keep(fold)
        self._last = fold
        return fold

    def _nearest(self, upto: int) -> Fold:
        """Return a fold of its own at or before that many steps: a remembered one or a mark's."""
        if 0 < self._last.upto <= upto <= self._last.upto + _NEAR:
            return self._last.copy()
        remembered = self._nearest_remembered(upto)
        marks = self._reader.marks
        low, high = -1, marks.committed()
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if marks[middle][0] <= upto else (low, middle)
        if low < 0 or marks[low][0] <= remembered.upto:
            return remembered
        try:
            return Fold.from_summary(marks[low][0], self._summary(marks[low]))
        except ValueError as error:
            raise marks.damaged(str(error)) from None

    def _nearest_remembered(self, upto: int) -> Fold:
        best = self._last if self._last.upto <= upto else None
        for at, kept in self._kept.items():
            if at <= upto and (best is None or at > best.upto):
                best = kept
        if best is None:
            return Fold()
        if best.upto in self._kept:
            self._kept.move_to_end(best.upto)
        return best.copy()

    def _summary(self, mark: tuple[int, ...]) -> bytes:
        _, text, entries, _ = mark
        if entries > layout.MOST_UNMARKED // 4:
            raise ValueError(f"a summary of {entries} coroutines is more than there can be")
        data = self._reader.texts.data(text)
        if len(data) != entries * layout.SUMMARY_ENTRY.size:
            raise ValueError("a summary is not as long as it says")
        return data

    def _next_checkpoint(self, fold: Fold, upto: int) -> int:
        """Return how far to go on before the next fold is to be kept; at most up to `upto`."""
        room = max(2, min(_MOST_CHECKPOINTS, _MOST_STANDINGS // (len(fold.live) + 1)))
        stride = max(_SHORT, 8 * len(fold.live) // room)
        return min(upto, fold.upto - fold.upto % stride + stride)

    def _keep(self, fold: Fold) -> None:
        """Keep a fold as a checkpoint, and drop those that were not used for longest."""
        kept = self._kept
        kept[fold.upto] = fold.copy()
        kept.move_to_end(fold.upto)
        held = sum(len(one.live) for one in kept.values())
        while len(kept) > _MOST_CHECKPOINTS or (held > _MOST_STANDINGS and len(kept) > 2):
            held -= len(kept.popitem(last=False)[1].live)
