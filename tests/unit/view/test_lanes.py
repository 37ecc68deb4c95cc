"""The timeline's lanes: exact ones, sampled ones, and those of a recording that grows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coroplay.trace import Recording, Status, layout
from coroplay.trace.layout import Kind, Verb
from coroplay.trace.view import Lane, Lanes, Order, Window, samples
from coroplay.trace.view.axis import clock, ticks
from coroplay.trace.view.boxes import SEVERAL, glyph
from coroplay.trace.view.lane_histories import CODES, NOBODY, STATUSES
from coroplay.trace.view.lanes import EXACT
from coroplay.trace.view.samples import Sampler
from coroplay.trace.view.viewport import Viewport
from tests.support.telling import find
from tests.support.writing import Written
from tests.unit.view.lessons import PING_PONG, Lessons

READY, RUNNING = CODES[Status.READY], CODES[Status.RUNNING]
SUSPENDED, WAITING = CODES[Status.SUSPENDED], CODES[Status.WAITING]
FINISHED, FAILED = CODES[Status.FINISHED], CODES[Status.FAILED]


def whole(recording: Recording, width: int = 100) -> Window:
    return Window(0, recording.elapsed_ns + 1, width)


def drawn(recording: Recording, window: Window) -> list[Lane]:
    return Lanes(recording).draw(window, range(1, len(recording.coroutines) + 1))


@pytest.mark.parametrize(
    ("before", "after", "changes", "up", "down", "shown"),
    [
        (RUNNING, RUNNING, 0, False, False, "━"),
        (WAITING, WAITING, 0, False, False, "─"),
        (SUSPENDED, SUSPENDED, 0, False, False, "┄"),
        (READY, READY, 0, False, False, "·"),
        (NOBODY, NOBODY, 0, False, False, " "),
        (FINISHED, FINISHED, 0, False, False, " "),
        (RUNNING, FINISHED, 1, False, True, "■"),
        (RUNNING, FAILED, 1, False, False, "✗"),
        (RUNNING, SUSPENDED, 1, False, True, "┭"),
        (SUSPENDED, RUNNING, 1, True, False, "┶"),
        (READY, RUNNING, 1, True, False, "┕"),
        (NOBODY, NOBODY, 0, True, True, "│"),
        (WAITING, WAITING, 0, True, True, "┼"),
        (SUSPENDED, SUSPENDED, 2, True, False, SEVERAL),
        (RUNNING, SUSPENDED, 3, True, True, SEVERAL),
        (NOBODY, WAITING, 3, False, False, SEVERAL),
    ],
)
def test_the_sign_in_a_column(
    before: int, after: int, changes: int, up: bool, down: bool, shown: str
) -> None:
    assert glyph(before, after, changes, up, down) == shown


def test_at_the_end_of_each_column_a_lane_has_the_status_of_the_recording(
    lessons: Lessons,
) -> None:
    for name in ("yield", "greenlet", "queue"):
        recording = lessons[name]
        window = whole(recording, 90)
        for lane in drawn(recording, window):
            assert len(lane.glyphs) == len(lane.codes) == 90
            for column, code in enumerate(lane.codes):
                edge = window.edge(column + 1)
                last = recording.at_time(edge - 1)
                known = recording.state(last).coroutines if recording.time(last) < edge else {}
                state = known.get(lane.coroutine)
                assert code == (CODES[state.status] if state else NOBODY)


def test_two_greenlets_are_drawn_with_the_switches_between_them(lessons: Lessons) -> None:
    recording = lessons["greenlet"]
    main, eat, play = (lane.glyphs for lane in drawn(recording, whole(recording, 400)))
    assert "━┭┄" in main
    assert "┕━" in eat
    assert "┕━" in play
    assert main.rstrip().endswith("■")
    assert eat.rstrip().endswith("■")
    assert play.rstrip().endswith("┄")


def test_a_window_into_the_middle_knows_what_came_before(lessons: Lessons) -> None:
    recording = lessons["queue"]
    everything = whole(recording, 128)
    begun = recording.time(recording.coroutine(5).spawned)
    left = recording.elapsed_ns - begun
    lanes = Lanes(recording)
    close = Window(begun + left // 2, left // 8, 64)
    fresh = lanes.draw(close, range(1, 6))
    lanes.draw(everything, range(1, 6))
    assert lanes.draw(close, range(1, 6)) == fresh
    for lane in fresh:
        assert NOBODY not in lane.codes


def growing_copy(recording: Recording, folder: Path) -> tuple[Path, bytes]:
    """A copy whose steps are not there yet, and those steps."""
    path = folder / "growing"
    shutil.copytree(recording.path, path)
    steps = path / layout.STEPS.name
    data = steps.read_bytes()
    size = layout.STEP.size
    steps.write_bytes(
        data[: layout.HEADER_SIZE + size] + bytes(len(data) - layout.HEADER_SIZE - size)
    )
    (path / layout.MARKS.name).write_bytes((path / layout.MARKS.name).read_bytes()[:512])
    return path, data


def test_lanes_of_a_growing_recording_come_out_as_if_drawn_at_the_end(
    lessons: Lessons, tmp_path: Path
) -> None:
    recording = lessons["queue"]
    path, data = growing_copy(recording, tmp_path)
    window = whole(recording, 80)
    with Recording(path) as growing:
        lanes = Lanes(growing)
        for count in range(1, len(recording), 9):
            upto = layout.HEADER_SIZE + count * layout.STEP.size
            with (path / layout.STEPS.name).open("r+b") as file:
                file.write(data[:upto])
            assert growing.refresh() == count
            lanes.draw(window, range(1, 4))
        (path / layout.STEPS.name).write_bytes(data)
        growing.refresh()
        assert lanes.draw(window, range(1, 6)) == drawn(recording, window)


def test_a_long_recording_is_sampled_in_small_helpings(lessons: Lessons) -> None:
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
    assert set(main.glyphs[5:90]) == {"┄"}
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


def sampled(recording: Recording, window: Window, coroutines: tuple[int, ...]) -> Sampler:
    sampler = Sampler(recording, window.edges(), coroutines)
    while not sampler.complete:
        sampler.advance()
    return sampler


@pytest.mark.parametrize("most", [1 << 20, 0])
def test_others_come_into_sight_without_another_look(
    lessons: Lessons, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "_MOST_KEPT", most)
    recording = lessons["queue"]
    window = whole(recording, 60)
    sampler = sampled(recording, window, (1, 2))
    assert sampler.fits(window.edges(), (2, 4)) is bool(most)
    if most:
        assert sampler.complete
        assert sampler.lanes() == sampled(recording, window, (2, 4)).lanes()
    assert not sampler.fits(whole(recording, 50).edges(), (2, 4))


def test_nothing_is_drawn_after_the_last_step(lessons: Lessons) -> None:
    recording = lessons["greenlet"]
    window = Window(0, recording.elapsed_ns * 2, 100)
    for lane in drawn(recording, window):
        assert lane.glyphs[55:].isspace()
        assert set(lane.codes[55:]) == {NOBODY}


def test_the_axis_has_round_times_with_one_unit() -> None:
    labels = [tick.label for tick in ticks(0, 5_000_000_000, 100)]
    assert labels == ["0 s", "0.5", "1", "1.5", "2", "2.5", "3", "3.5", "4", "4.5"]
    assert [tick.column for tick in ticks(0, 5_000_000_000, 100)] == list(range(0, 100, 10))
    assert [t.label for t in ticks(1_500_000, 2_000_000, 40)] == ["1.5 ms", "2", "2.5", "3"]
    assert ticks(0, 0, 10) == []


def test_a_time_is_told_as_exactly_as_the_axis_shows() -> None:
    assert clock(1_234_567_890, 5_000_000_000) == "1.235 s"
    assert clock(1_234_567, 2_000_000) == "1.235 ms"


def test_a_viewport_shows_all_until_it_is_zoomed_into() -> None:
    view = Viewport()
    now = view.window(10_000_000_000, 100, growing=False)
    assert now.start_ns == 0
    assert now.span_ns > 10_000_000_000
    view.zoom(now, 4_000_000_000, 10_000_000_000, closer=True)
    closer = view.window(10_000_000_000, 100, growing=False)
    assert closer.span_ns == now.span_ns // 2
    assert abs(closer.column(4_000_000_000) - now.column(4_000_000_000)) <= 1
    view.pan(closer, 10, 10_000_000_000)
    later = view.window(10_000_000_000, 100, growing=False)
    assert later.start_ns <= 10_000_000_000
    view.keep_in_sight(0)
    assert view.window(10_000_000_000, 100, growing=False).start_ns == 0
    view.zoom(closer, 0, 10_000_000_000, closer=False)
    assert view.fits


def test_a_growing_recording_is_shown_in_leaps() -> None:
    spans = {Viewport().window(t * 10_000_000, 80, growing=True).span_ns for t in range(1, 500)}
    assert len(spans) < 12


def test_every_status_has_a_code() -> None:
    assert tuple(Status) == STATUSES
    assert NOBODY not in CODES.values()


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
