"""The switches around a step."""

from __future__ import annotations

from coroplay.trace.view import Switches
from tests.unit.view.lessons import PING_PONG, Lessons
from tests.unit.view.shared import switch_steps


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
