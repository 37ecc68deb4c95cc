"""The choice of coroutines to show: the two that the current switch joins, and the others."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from coroplay.trace.model import CoroutineKind, Spawn, Status
from coroplay.trace.view.switches import Switches
from coroplay.trace.view.words.moment import Moment

_LOOKED_AT: Final = 24
"""Switches that are looked back through for the second of the pair."""
_MOST_READY: Final = 64


class Side(enum.StrEnum):
    """Sides of the exchange, each with its pane."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Pair:
    """The coroutines to show at a step."""

    left: int
    right: int | None
    """None while there is only one coroutine."""
    others: tuple[int, ...] = ()
    """Further ones that have not ended: the hub and the main one first, then the latest to run."""
    unshown: int = 0
    """The number of those beyond the others."""

    def side(self, coroutine: int) -> Side | None:
        """Return the side that shows a coroutine; None if neither does."""
        if coroutine == self.left:
            return Side.LEFT
        return Side.RIGHT if coroutine == self.right else None


def pair(moment: Moment, switches: Switches, known: Pair | None = None, most: int = 6) -> Pair:
    """Choose the coroutines to show at that moment; those shown before keep their side.

    `most` limits the others.
    """
    recent = _recent(moment, switches)
    chosen = [one for one in recent if not moment.is_hub(one)][:2]
    if len(chosen) < 2:
        chosen += [one for one in _fillers(moment) if one not in chosen][: 2 - len(chosen)]
    left, right = _sides(moment, chosen, known)
    others, unshown = _others(moment, recent, (left, right), most)
    return Pair(left, right, others, unshown)


def further(moment: Moment, shown: Pair, known: list[int], most: int) -> list[int]:
    """Choose up to `most` of the others for panes of their own.

    A coroutine that had one before keeps it, and its place. The hub gets none: it has no lines to
    show.
    """
    can = [one for one in shown.others if not moment.is_hub(one)]
    kept = [one for one in known if one in can][:most]
    return kept + [one for one in can if one not in kept][: most - len(kept)]


def _recent(moment: Moment, switches: Switches) -> list[int]:
    """Return coroutines in the order in which they ran last, the running one first."""
    step = moment.step
    if not isinstance(step, Spawn):
        found = [step.coroutine]
    elif step.creator is not None:
        found = [step.creator]
    else:
        found = [*moment.after.running[:1], step.coroutine]
    for index in reversed(switches.before(moment.index, _LOOKED_AT)):
        switch = switches.switch(index)
        found += [switch.target, switch.origin]
    return list(dict.fromkeys(found))


def _fillers(moment: Moment) -> list[int]:
    """Return live coroutines: ready ones first, for they will be next; the hub last."""
    live = moment.live[:_MOST_READY]
    ready = [one for one in live if moment.after.of(one).status is Status.READY]
    hubs = [one for one in live if moment.is_hub(one)]
    rest = [one for one in live if one not in ready and one not in hubs]
    return ready + rest + hubs


def _sides(moment: Moment, chosen: list[int], known: Pair | None) -> tuple[int, int | None]:
    if len(chosen) == 1:
        return chosen[0], None
    one, other = sorted(chosen)
    kept = {known.side(one), known.side(other)} if known else {None}
    if known and kept != {None}:
        swapped = known.side(one) is Side.RIGHT or known.side(other) is Side.LEFT
        return (other, one) if swapped else (one, other)
    if moment.about(other).kind is CoroutineKind.MAIN:
        return other, one
    return one, other


def _others(
    moment: Moment, recent: list[int], shown: tuple[int, int | None], most: int
) -> tuple[tuple[int, ...], int]:
    """Return those to name, and the number of the rest; however many live, few are looked at."""
    live = moment.live
    near = [one for one in (*recent, *live[:_MOST_READY]) if moment.after.is_live(one)]
    hubs = [one for one in near if moment.is_hub(one)]
    mains = [one for one in near if moment.about(one).kind is CoroutineKind.MAIN]
    order = dict.fromkeys((*hubs, *mains, *near, *live[: most + len(shown)]))
    others = [one for one in order if one not in shown]
    count = len(live) - sum(one is not None and moment.after.is_live(one) for one in shown)
    return tuple(others[:most]), max(0, count - most)
