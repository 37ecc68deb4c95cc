"""The choice of the coroutines that are shown."""

from __future__ import annotations

from coroplay.trace.view import Moment, further
from tests.support.steps import find
from tests.unit.view.lessons import Lessons
from tests.unit.view.shared import pairs


def test_the_producer_is_left_and_the_consumer_right_at_every_step(lessons: Lessons) -> None:
    recording = lessons["yield"]
    for shown in pairs(recording):
        assert shown.left == 1
        assert shown.right in (2, None)


def test_a_coroutine_keeps_its_side_while_it_is_shown(lessons: Lessons) -> None:
    for name in ("greenlet", "basics", "queue"):
        for before, after in zip(pairs(lessons[name]), pairs(lessons[name])[1:], strict=False):
            for one in {before.left, before.right} & {after.left, after.right} - {None}:
                assert one is not None
                assert before.side(one) == after.side(one)


def test_the_one_that_runs_is_shown_unless_it_is_the_hub(lessons: Lessons) -> None:
    for name in ("greenlet", "queue"):
        recording = lessons[name]
        for index, shown in enumerate(pairs(recording)):
            for runs in recording.state(index).running:
                if recording.coroutine(runs).name != "hub":
                    assert shown.side(runs) is not None


def test_the_hub_and_main_come_first_among_the_others(lessons: Lessons) -> None:
    recording = lessons["queue"]
    hub = find(recording, "hub")
    shown = pairs(recording)[60]
    assert shown.others[0] == hub
    assert 1 in (shown.left, shown.right, shown.others[1])
    assert hub not in (shown.left, shown.right)


def test_further_panes_go_to_others_and_stay_theirs(lessons: Lessons) -> None:
    recording = lessons["queue"]
    known: list[int] = []
    for index, shown in enumerate(pairs(recording)):
        moment = Moment(recording, index)
        now = further(moment, shown, known, 2)
        assert len(now) <= 2
        assert not {shown.left, shown.right} & set(now)
        assert [one for one in known if one in now] == now[: len(set(known) & set(now))]
        known = now
