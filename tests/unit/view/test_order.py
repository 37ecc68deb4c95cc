"""The order of the lanes."""

from __future__ import annotations

from coroplay.trace.view import Order
from tests.support.steps import find
from tests.unit.view.lessons import Lessons


def test_the_hub_has_the_second_lane_and_all_others_stand_as_they_came(lessons: Lessons) -> None:
    recording = lessons["queue"]
    hub = find(recording, "hub")
    order = Order(recording)
    order.look(hub - 1)
    assert [order.coroutine(lane) for lane in range(hub - 1)] == list(range(1, hub))
    order.look(len(recording.coroutines))
    lanes = [order.coroutine(lane) for lane in range(len(recording.coroutines))]
    assert lanes == [1, hub, *(one for one in range(2, len(lanes) + 1) if one != hub)]
    assert [order.lane(one) for one in lanes] == list(range(len(lanes)))
