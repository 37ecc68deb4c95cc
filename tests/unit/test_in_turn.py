"""Tracks that are looked at in turn, by several threads at once."""

from __future__ import annotations

from coroplay.probe.coroutines import Track
from coroplay.probe.in_turn import InTurn
from coroplay.trace.layout import Kind


def test_another_thread_may_take_the_last_one_meanwhile() -> None:
    waiting = InTurn()
    one, two, three = (Track(number, Kind.GEVENT, "work") for number in (1, 2, 3))
    for track in one, two, three:
        waiting.add(track)
    mine = waiting.take(3)
    assert next(mine) is one
    assert list(waiting.take(3)) == [two, three]
    assert list(mine) == []


def test_who_is_put_back_waits_for_the_next_time() -> None:
    waiting = InTurn()
    waiting.add(Track(1, Kind.GEVENT, "work"))
    for track in waiting.take(9):
        waiting.add(track)
    assert len(waiting) == 1
