"""Columns of a timeline lead to steps: by a click, by keys, and never nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coroplay.trace import Recording
from coroplay.trace.layout import Kind, Verb
from coroplay.tui.timeline.columns import Columns
from tests.support.writing import Written

WIDTH, INDENT = 20, 5


@pytest.fixture
def columns(tmp_path: Path) -> Iterator[Columns]:
    """Forty steps, two a column, of which the first are shown beside five columns of names."""
    made = Written()
    main, other = made.spawn("main", Kind.MAIN), made.spawn("other", creator=1)
    for n in range(1, 39):
        made.time = n * 1_000_000
        made.switch(Verb.SWITCH, *((main, other) if n % 2 else (other, main)))
    with Recording(made.save(tmp_path / "even")) as recording:
        columns = Columns()
        columns.recording, columns.cursor, columns.indent = recording, 20, INDENT
        columns.axis.note(columns, recording.elapsed_ns, growing=False)
        columns.window = columns.axis.window(WIDTH)
        yield columns


def test_the_playhead_stands_in_the_column_of_its_step(columns: Columns) -> None:
    assert columns.step_at(columns.playhead) in (columns.cursor, columns.cursor + 1)
    columns.cursor = -1
    assert columns.playhead == -1


def test_keys_always_move_by_a_step_and_stop_at_the_ends(columns: Columns) -> None:
    assert columns.recording is not None
    last = len(columns.recording) - 1
    for by, end in ((1, last), (-1, 0)):
        while columns.cursor != end:
            step = columns.step_beside(by)
            assert step is not None
            assert (step - columns.cursor) * by > 0
            columns.cursor = step
        assert columns.step_beside(by) == end


def test_without_a_recording_there_is_nothing_to_go_to() -> None:
    columns = Columns()
    assert columns.step_at(3) is None
    assert columns.step_beside(1) is None
    assert not columns.zoom(closer=True)
    assert columns.now == 0
