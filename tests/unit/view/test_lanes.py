"""The timeline's lanes: exact ones, sampled ones, and those of a recording that grows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coroplay.trace import Recording, Status, layout
from coroplay.trace.view import Lanes, Window
from coroplay.trace.view.timeline.boxes import SEVERAL, glyph
from coroplay.trace.view.timeline.lane_histories import CODES, NOBODY, STATUSES
from coroplay.trace.view.timeline.samples import Sampler
from tests.unit.view.lessons import Lessons
from tests.unit.view.shared import drawn, whole

READY, RUNNING = CODES[Status.READY], CODES[Status.RUNNING]
SUSPENDED, WAITING = CODES[Status.SUSPENDED], CODES[Status.WAITING]
FINISHED, FAILED = CODES[Status.FINISHED], CODES[Status.FAILED]


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


def sampled(recording: Recording, window: Window, coroutines: tuple[int, ...]) -> Sampler:
    sampler = Sampler(recording, window.edges(), coroutines)
    while not sampler.complete:
        sampler.advance()
    return sampler


def test_nothing_is_drawn_after_the_last_step(lessons: Lessons) -> None:
    recording = lessons["greenlet"]
    window = Window(0, recording.elapsed_ns * 2, 100)
    for lane in drawn(recording, window):
        assert lane.glyphs[55:].isspace()
        assert set(lane.codes[55:]) == {NOBODY}


def test_every_status_has_a_code() -> None:
    assert tuple(Status) == STATUSES
    assert NOBODY not in CODES.values()
