"""Which coroutines are shown, where, and which switches between them."""

from __future__ import annotations

import pytest

from coroplay.trace import Recording, Switch
from coroplay.trace.view import End, Moment, Pair, Switches, Tense, exchange, further, pair
from tests.support.telling import find
from tests.unit.view.lessons import PING_PONG, Lessons


def pairs(recording: Recording) -> list[Pair]:
    switches = Switches(recording)
    found: list[Pair] = []
    for index in range(len(recording)):
        found.append(pair(Moment(recording, index), switches, found[-1] if found else None))
    return found


def switch_steps(recording: Recording) -> list[int]:
    return [step.step for step in recording if isinstance(step, Switch)]


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


def test_switches_are_found_outwards_as_a_full_scan_finds_them(lessons: Lessons) -> None:
    recording = lessons["queue"]
    real = switch_steps(recording)
    for index in [*range(0, len(recording), 7), 0, len(recording) - 1, 3]:
        switches = Switches(recording)
        assert switches.before(index, 4) == [s for s in real if s <= index][-4:]
        assert switches.after(index, 4) == [s for s in real if s > index][:4]
        assert switches.next(index) == next((s for s in real if s > index), None)
        assert switches.previous(index) == next((s for s in reversed(real) if s < index), None)


def test_one_finder_answers_alike_wherever_it_was_before(lessons: Lessons) -> None:
    recording = lessons.of(PING_PONG)
    real = switch_steps(recording)
    switches = Switches(recording)
    last = len(recording) - 1
    for index in (0, last, 10, last // 2, last // 2 + 1, 9000, last, 0):
        assert switches.before(index, 3) == [s for s in real if s <= index][-3:]
        assert switches.after(index, 3) == [s for s in real if s > index][:3]


@pytest.mark.parametrize("height", [1, 2, 3, 10, 50])
def test_the_exchange_has_one_current_row_and_fits(lessons: Lessons, height: int) -> None:
    recording = lessons["queue"]
    switches = Switches(recording)
    first = switch_steps(recording)[0]
    for index, shown in enumerate(pairs(recording)):
        arrows = exchange(switches, index, height, shown)
        assert len(arrows) <= height
        steps = [arrow.step for arrow in arrows]
        assert steps == sorted(steps)
        current = [arrow.step for arrow in arrows if arrow.tense is Tense.CURRENT]
        assert current == ([max(s for s in switch_steps(recording) if s <= index)]
                           if index >= first else [])  # fmt: skip
        assert all((arrow.step > index) == (arrow.tense is Tense.FUTURE) for arrow in arrows)
        assert all(arrow.exact == (arrow.step == index) for arrow in arrows)


def test_the_exchange_of_lesson_1_goes_to_and_fro_with_its_values(lessons: Lessons) -> None:
    recording = lessons["yield"]
    shown = pairs(recording)[-1]
    arrows = exchange(Switches(recording), len(recording) - 1, 20, shown)
    assert [arrow.label for arrow in arrows] == [
        "start",
        "yield ''",
        "send 1",
        "yield '200 OK'",
        "send 2",
        "yield '200 OK'",
        "send 3",
        "yield '200 OK'",
        "close",
        "closed",
    ]
    ways = [(arrow.start, arrow.end) for arrow in arrows]
    assert ways == [(End.LEFT, End.RIGHT), (End.RIGHT, End.LEFT)] * 5


def test_the_exchange_shows_the_way_through_the_hub(lessons: Lessons) -> None:
    recording = lessons["queue"]
    waits = [s for s in recording if isinstance(s, Switch) and s.how == "wait"]
    index = waits[2].step
    shown = pairs(recording)[index]
    arrow = next(a for a in exchange(Switches(recording), index, 10, shown) if a.exact)
    assert arrow.end is End.OUTSIDE
    assert arrow.target == find(recording, "hub")
    assert arrow.start in (End.LEFT, End.RIGHT)


def test_a_wake_tells_how_long_the_hub_had_nothing_to_do(lessons: Lessons) -> None:
    recording = lessons["basics"]
    end = len(recording) - 1
    arrows = exchange(Switches(recording), end, 40, pairs(recording)[-1])
    assert any(a.verb == "wake" and a.value and a.value.startswith("after ") for a in arrows)
