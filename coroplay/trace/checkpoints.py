"""The folds of a recording that are remembered, so that a step near a known one is found quickly.

Going on takes the last fold. Going back begins at a halt: on a long way some folds are left behind,
near enough to each other that the way from one to the next is short, and few enough to stay small.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from coroplay.trace.fold import Fold

_SHORT: Final = 512
"""Steps between two halts, where few coroutines live."""
_MOST_STANDINGS: Final = 1 << 18
"""What all halts together hold; a standing that did not change is held once."""
_MOST_HALTS: Final = 64


class Folds:
    """What is remembered of one recording."""

    def __init__(self) -> None:
        self._last = Fold()
        self._halts: OrderedDict[int, Fold] = OrderedDict()

    def nearest(self, upto: int) -> Fold:
        """The nearest one at or before that many steps: a copy, to go on from."""
        best = self._last if self._last.upto <= upto else None
        for at, halt in self._halts.items():
            if at <= upto and (best is None or at > best.upto):
                best = halt
        if best is None:
            return Fold()
        if best.upto in self._halts:
            self._halts.move_to_end(best.upto)
        return best.copy()

    def next_halt(self, fold: Fold, upto: int) -> int:
        """How far to go on before the next fold is to be left behind; at most up to `upto`."""
        room = max(2, min(_MOST_HALTS, _MOST_STANDINGS // (len(fold.live) + 1)))
        stride = max(_SHORT, 8 * len(fold.live) // room)
        return min(upto, fold.upto - fold.upto % stride + stride)

    def leave(self, fold: Fold) -> None:
        """Leave a fold behind as a halt."""
        self._halts[fold.upto] = fold.copy()
        self._halts.move_to_end(fold.upto)
        held = sum(len(halt.live) for halt in self._halts.values())
        while len(self._halts) > _MOST_HALTS or (held > _MOST_STANDINGS and len(self._halts) > 2):
            held -= len(self._halts.popitem(last=False)[1].live)

    def remember(self, fold: Fold) -> None:
        """The next question is most likely about a step near this one."""
        self._last = fold
