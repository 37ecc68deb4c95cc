"""The states of all coroutines as they follow from the steps: a fold, with marks to begin at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from coroplay.trace import layout
from coroplay.trace.layout import SummaryStatus, Verb

_LINE, _SPAWN = int(Verb.LINE), int(Verb.SPAWN)
_RUNNING, _SUSPENDED = SummaryStatus.RUNNING, SummaryStatus.SUSPENDED
_STATUSES: Final = {int(status): status for status in SummaryStatus}
_NOTHING: Final = -1


class Standing(NamedTuple):
    """An unfinished coroutine's status, in references to steps."""

    status: SummaryStatus
    left: int = _NOTHING
    """The switch by which it was last left, or -1."""
    line: int = _NOTHING
    """Its last line step, or -1."""

    @property
    def last(self) -> int:
        """The later of `left` and `line`, or -1."""
        return max(self.left, self.line)


_NEW: Final = Standing(_RUNNING)
"""The standing of a coroutine that is met without a spawn."""


class Fold:
    """The unfinished coroutines after all steps before `upto`."""

    def __init__(self, upto: int = 0) -> None:
        self.upto = upto
        self.live: dict[int, Standing] = {}

    @classmethod
    def from_summary(cls, step: int, data: bytes) -> Fold:
        """Make the fold that a mark holds. Raises ValueError if it holds none."""
        fold = cls(step)
        if len(data) % layout.SUMMARY_ENTRY.size:
            raise ValueError("a summary is cut short")
        live, known = fold.live, _STATUSES
        for coroutine, status, left, line in layout.SUMMARY_ENTRY.iter_unpack(data):
            if status not in known:
                raise ValueError(f"there is no status {status}")
            if left > step or line > step or (status == _SUSPENDED and not left):
                raise ValueError(f"the summary of step {step} contradicts itself")
            live[coroutine] = Standing(known[status], left - 1, line - 1)
        return fold

    def summary(self) -> bytes:
        """Return the bytes that `from_summary` makes this fold of."""
        return b"".join(
            layout.SUMMARY_ENTRY.pack(coroutine, one.status, one.left + 1, one.line + 1)
            for coroutine, one in self.live.items()
        )

    def copy(self) -> Fold:
        """Return a fold of its own, to go on from here."""
        other = Fold(self.upto)
        other.live = self.live.copy()
        return other

    def replay(
        self,
        rows: Iterable[tuple[int, int, int]],
        detail: Callable[[int], tuple[int, ...]],
    ) -> None:
        """Go on over the rows of `steps` that follow; `detail` gives the row of a reference."""
        live = self.live
        # The origin by the detail of a switch: most switches are like one before.
        known: dict[int, int] = {}
        for coroutine, reference, stamp in rows:
            verb = stamp >> layout.TIME_BITS
            if verb == _LINE:
                standing = live.get(coroutine, _NEW)
                live[coroutine] = Standing(standing.status, standing.left, self.upto)
            elif verb >= layout.FIRST_SWITCH:
                origin = known.get(reference)
                if origin is None:
                    origin = known[reference] = detail(reference)[0]
                leaving = live.get(origin)
                if leaving is not None:
                    live[origin] = Standing(_SUSPENDED, self.upto, leaving.line)
                entered = live.get(coroutine, _NEW)
                live[coroutine] = Standing(_RUNNING, entered.left, entered.line)
            elif verb in layout.ENDINGS:
                live.pop(coroutine, None)
            elif verb == _SPAWN:
                at_once = detail(reference)[3]
                status = SummaryStatus.RUNNING if at_once else SummaryStatus.READY
                live[coroutine] = Standing(status)
            self.upto += 1
