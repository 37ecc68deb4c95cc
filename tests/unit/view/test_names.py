"""What coroutines are called: short where that is enough, and never two of them alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Recording, layout
from coroplay.trace.layout import Kind
from coroplay.trace.view import Moment, explain, name_of, pane, unique_name_of
from coroplay.tui.drawing.canvas import fit_name
from tests.support.writing import Written
from tests.unit.view.lessons import Lessons


def recorded(folder: Path, *names: str) -> Recording:
    """A recording of coroutines with these names."""
    made = Written()
    for name in names:
        made.spawn(name, Kind.MAIN if name == "main" else Kind.GENERATOR)
    return Recording(made.save(folder / "recording"))


def names(recording: Recording) -> list[str]:
    """What all of them are called."""
    return [name_of(recording, one.id) for one in recording.coroutines]


def test_a_name_is_the_function_while_no_other_comes_of_it(tmp_path: Path) -> None:
    with recorded(tmp_path, "main", "consumer(1.0)", "Worker.run('a', (1, 2))") as recording:
        assert names(recording) == ["main", "consumer", "Worker.run"]


def test_where_several_come_of_a_function_the_arguments_tell_them_apart(tmp_path: Path) -> None:
    with recorded(tmp_path, "main", "task(1)", "task(2)", "other(1)") as recording:
        assert names(recording) == ["main", "task(1)", "task(2)", "other"]


def test_where_the_arguments_are_alike_too_a_number_does(tmp_path: Path) -> None:
    with recorded(tmp_path, "main", "task(1)", "task(1)", "task(2)", "idle", "idle") as recording:
        assert names(recording) == [
            "main",
            "task(1) #1",
            "task(1) #2",
            "task(2)",
            "idle #1",
            "idle #2",
        ]


def test_a_name_grows_when_another_of_its_function_comes(tmp_path: Path) -> None:
    made = Written()
    made.spawn("main", Kind.MAIN)
    made.spawn("task(1)", Kind.GENERATOR)
    made.save(tmp_path / "recording")
    with Recording(tmp_path / "recording") as recording:
        assert name_of(recording, 2) == "task"
        made.spawn("task(2)", Kind.GENERATOR)
        made.save(tmp_path / "recording")
        assert recording.refresh() == 3
        assert name_of(recording, 2) == "task(1)"


def test_a_name_that_comes_late_counts_from_then_on(tmp_path: Path) -> None:
    made = Written()
    made.spawn("main", Kind.MAIN)
    made.spawn("", Kind.GREENLET)
    made.save(tmp_path / "recording")
    with Recording(tmp_path / "recording") as recording:
        assert name_of(recording, 2) == "coroutine 2"
        rows = made.tables[layout.COROUTINES]
        at = layout.HEADER_SIZE + layout.COROUTINE.size
        rows[at : at + 4] = made.text("late(1)").to_bytes(4, "little")
        made.step(layout.Verb.STDOUT, 1)
        made.save(tmp_path / "recording")
        recording.refresh()
        assert name_of(recording, 2) == "late"


def test_the_first_sentence_about_it_and_its_pane_have_the_arguments(lessons: Lessons) -> None:
    recording = lessons["yield"]
    spawned = recording.coroutine(2).spawned
    assert "consumer(0.0), a generator, is first seen." in explain(recording, spawned).text
    shown = pane(Moment(recording, len(recording) - 1), 2)
    assert (shown.name, shown.arguments) == ("consumer", "(0.0)")


def test_of_very_many_coroutines_those_that_come_late_keep_their_full_names(tmp_path: Path) -> None:
    many = [f"task({n})" for n in range(2_000)]
    with recorded(tmp_path, "main", "boss(1)", *many, "late(1)") as recording:
        shown = [name_of(recording, one) for one in (2, 3, 2_003)]
        assert shown == ["boss", "task(0)", "late(1)"]


def test_a_name_in_full_is_told_from_those_alike(tmp_path: Path) -> None:
    with recorded(tmp_path, "main", "work", "work", "boss(1)") as recording:
        shown = [unique_name_of(recording, recording.coroutine(one)) for one in (2, 3, 4)]
        assert shown == ["work #1", "work #2", "boss(1)"]


def test_the_function_of_a_thread_is_part_of_its_name(tmp_path: Path) -> None:
    with recorded(tmp_path, "main", "Thread-1 (work)") as recording:
        assert name_of(recording, 2) == "Thread-1 (work)"


def test_long_names_that_are_alike_where_they_are_cut_get_numbers(tmp_path: Path) -> None:
    long = "fetch('" + "http://somewhere/" * 20
    with recorded(tmp_path, "main", f"{long}1')", f"{long}2')") as recording:
        one, two = names(recording)[1:]
        assert one.endswith("… #1")
        assert two.endswith("… #2")
        assert len(one) == len(two) == 48


@pytest.mark.parametrize(
    ("name", "width", "shown"),
    [
        ("task #2", 7, "task #2"),
        ("serve_one #2", 8, "serv… #2"),
        ("serve_one", 8, "serve_o…"),
        ("task #12", 5, "task…"),
    ],
)
def test_the_number_of_a_name_is_not_cut_off(name: str, width: int, shown: str) -> None:
    assert fit_name(name, width) == shown
