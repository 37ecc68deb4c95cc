"""Lanes of long recordings, drawn from samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Recording
from coroplay.trace.layout import Kind, Verb
from coroplay.trace.view import Lanes, Window
from coroplay.trace.view.timeline import samples
from coroplay.trace.view.timeline.boxes import SEVERAL
from coroplay.trace.view.timeline.lane_histories import NOBODY
from coroplay.trace.view.timeline.lanes import EXACT
from coroplay.trace.view.timeline.samples import Sampler
from tests.support.writing import Written
from tests.unit.view.lessons import PING_PONG, Lessons
from tests.unit.view.shared import drawn, whole


def sampled(recording: Recording, window: Window, coroutines: tuple[int, ...]) -> Sampler:
    sampler = Sampler(recording, window.edges(), coroutines)
    while not sampler.complete:
        sampler.advance()
    return sampler


def test_a_long_recording_is_sampled_a_few_columns_a_call(lessons: Lessons) -> None:
    recording = lessons.of(PING_PONG)
    assert len(recording) > EXACT
    lanes = Lanes(recording)
    window = whole(recording, 100)
    first = lanes.draw(window, (1, 2, 3))
    assert not lanes.complete
    assert first[0].glyphs.isspace()
    while not lanes.complete:
        lanes.sample()
    last = lanes.draw(window, (1, 2, 3))
    main, ping, pong = last
    # However long it took to start, main waits from then on to the end.
    suspended = main.glyphs[main.glyphs.index("┄") : main.glyphs.rindex("┄") + 1]
    assert set(suspended) == {"┄"}
    assert len(suspended) > 5
    # Where the machine let the program wait for a while, a column holds one state only.
    assert ping.glyphs[5:90].count(SEVERAL) > 10
    assert pong.glyphs[5:90].count(SEVERAL) > 10


def test_samples_agree_with_what_is_exact_where_nothing_changes(lessons: Lessons) -> None:
    recording = lessons["queue"]
    window = whole(recording, 60)
    sampler = Sampler(recording, window.edges(), tuple(range(1, 6)))
    while not sampler.complete:
        sampler.advance()
    for (_, codes), lane in zip(sampler.lanes(), drawn(recording, window), strict=True):
        assert codes == lane.codes


def test_samples_have_nobody_before_the_first_step(tmp_path: Path) -> None:
    made = Written()
    made.time = 1000
    made.spawn("main", Kind.MAIN)
    made.step(Verb.LINE, 1, made.place(1), t=2000)
    with Recording(made.save(tmp_path / "recording")) as recording:
        window = whole(recording, 10)
        ((_, codes),) = sampled(recording, window, (1,)).lanes()
        assert codes == drawn(recording, window)[0].codes
        assert codes[:4] == (NOBODY,) * 4


@pytest.mark.parametrize("most", [1 << 20, 0])
def test_others_come_into_sight_without_another_look(
    lessons: Lessons, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "_MOST_KEPT", most)
    recording = lessons["queue"]
    window = whole(recording, 60)
    sampler = sampled(recording, window, (1, 2))
    assert sampler.adopt(window.edges(), (2, 4)) is bool(most)
    if most:
        assert sampler.complete
        assert sampler.lanes() == sampled(recording, window, (2, 4)).lanes()
    assert not sampler.adopt(whole(recording, 50).edges(), (2, 4))
