"""How the state of all coroutines follows from the steps: a small fold, with marks to begin at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from coroplay.trace import layout
from coroplay.trace.layout import SummaryStatus, Verb

_ENDINGS: Final = frozenset({Verb.FINISH, Verb.FAIL, Verb.DROP})
_NOTHING: Final = -1


@dataclass(slots=True)
class Standing:
    """How one unfinished coroutine stands, in references to steps."""

    status: SummaryStatus
    left: int = _NOTHING
    """The switch by which it was last left, or -1."""
    line: int = _NOTHING
    """Its last line step, or -1."""

    @property
    def last(self) -> int:
        """The later of the two, or -1."""
        return max(self.left, self.line)


class Fold:
    """The unfinished coroutines after all steps before `upto`."""

    def __init__(self, upto: int = 0) -> None:
        self.upto = upto
        self.live: dict[int, Standing] = {}

    @classmethod
    def from_summary(cls, step: int, data: bytes) -> Fold:
        """The fold that a mark holds. Raises ValueError if it is not one."""
        fold = cls(step)
        if len(data) % layout.SUMMARY_ENTRY.size:
            raise ValueError("a summary is cut short")
        for coroutine, status, left, line in layout.SUMMARY_ENTRY.iter_unpack(data):
            standing = Standing(SummaryStatus(status), left - 1, line - 1)
            if standing.last >= step or (status == SummaryStatus.SUSPENDED and not left):
                raise ValueError(f"the summary of step {step} contradicts itself")
            fold.live[coroutine] = standing
        return fold

    def copy(self) -> Fold:
        """A fold of its own, to go on from here."""
        other = Fold(self.upto)
        other.live = {
            key: Standing(one.status, one.left, one.line) for key, one in self.live.items()
        }
        return other

    def replay(
        self,
        rows: Iterable[tuple[int, int, int]],
        detail: Callable[[int], tuple[int, ...]],
    ) -> None:
        """Go on over the rows of `steps` that follow; `detail` gives the row of a reference."""
        for coroutine, reference, stamp in rows:
            verb = stamp >> layout.TIME_BITS
            if verb == Verb.LINE:
                self._of(coroutine).line = self.upto
            elif verb >= layout.FIRST_SWITCH:
                self._switch(coroutine, detail(reference)[0])
            elif verb in _ENDINGS:
                self.live.pop(coroutine, None)
            elif verb == Verb.SPAWN:
                at_once = detail(reference)[3]
                status = SummaryStatus.RUNNING if at_once else SummaryStatus.READY
                self.live[coroutine] = Standing(status)
            self.upto += 1

    def _of(self, coroutine: int) -> Standing:
        standing = self.live.get(coroutine)
        if standing is None:
            standing = self.live[coroutine] = Standing(SummaryStatus.RUNNING)
        return standing

    def _switch(self, target: int, origin: int) -> None:
        leaving = self.live.get(origin)
        if leaving is not None:
            leaving.status = SummaryStatus.SUSPENDED
            leaving.left = self.upto
        self._of(target).status = SummaryStatus.RUNNING
