"""The time axis: round times in one unit."""

from __future__ import annotations

from coroplay.trace.view.timeline.axis import clock, ticks


def test_the_axis_has_round_times_with_one_unit() -> None:
    labels = [tick.label for tick in ticks(0, 5_000_000_000, 100)]
    assert labels == ["0 s", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5"]
    assert [tick.column for tick in ticks(0, 5_000_000_000, 100)] == list(range(0, 100, 10))
    assert [t.label for t in ticks(1_500_000, 2_000_000, 40)] == ["1.5 ms", "2", "2.5", "3"]
    assert ticks(0, 0, 10) == []


def test_a_time_is_told_as_exactly_as_the_axis_shows() -> None:
    assert clock(1_234_567_890, 5_000_000_000) == "1.235 s"
    assert clock(1_234_567, 2_000_000) == "1.235 ms"
