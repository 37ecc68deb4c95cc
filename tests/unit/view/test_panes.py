"""What the pane of one coroutine says."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Recording, Status
from coroplay.trace.view import Moment, Pane, Sources, pane
from tests.support.telling import find
from tests.unit.view.lessons import Lessons


def panes(recording: Recording, name: str) -> list[Pane]:
    one = find(recording, name)
    start = recording.coroutine(one).spawned
    return [pane(Moment(recording, index), one) for index in range(start, len(recording))]


def states(recording: Recording, name: str) -> list[str]:
    return list(dict.fromkeys(one.state for one in panes(recording, name)))


def test_the_states_of_a_generator_in_words(lessons: Lessons) -> None:
    told = states(lessons["yield"], "consumer(0.0)")
    assert told[:3] == ["· ready, has not run yet", "▶ running", "▶ running, line 20"]
    assert "‖ suspended at line 23" in told
    assert told[-1] == "■ finished"


def test_a_greenlet_that_ended_tells_its_value_and_one_that_did_not_stays_suspended(
    lessons: Lessons,
) -> None:
    assert states(lessons["greenlet"], "eat")[-1] == "■ finished with None"
    assert states(lessons["greenlet"], "play")[-1] == "‖ suspended at line 14"


def test_a_failure_is_told(lessons: Lessons) -> None:
    recording = lessons.of("""
        from greenlet import greenlet
        def fails():
            1 / 0
        try:
            greenlet(fails).switch()
        except ZeroDivisionError:
            pass
    """)
    assert states(recording, "fails")[-1] == "✗ failed: ZeroDivisionError('division by zero')"


def test_a_sleeper_has_less_and_less_time_left(lessons: Lessons) -> None:
    shown = [
        one for one in panes(lessons["basics"], "cook('soup', 0.2)")
        if one.status is Status.WAITING
    ]  # fmt: skip
    left = [one.left for one in shown]
    assert left[0] == 1.0
    assert all(one is not None and 0 <= one <= 1 for one in left)
    assert left == sorted(left, key=lambda one: -(one or 0))
    assert left[-1] != left[0]
    assert shown[0].state == "─ waiting on gevent.sleep(0.2), 0.2 s left"


def test_a_sleep_of_no_time_has_none_left_to_tell(lessons: Lessons) -> None:
    recording = lessons.of("import gevent\ngevent.sleep(0)\n")
    assert "─ waiting on gevent.sleep(0)" in states(recording, "main")


def test_the_hub_is_told_in_words_of_its_own(lessons: Lessons) -> None:
    told = states(lessons["queue"], "hub")
    assert {"▶ looks for who can go on", "‖ suspended while others run"} <= set(told)


def test_changes_are_news_only_where_the_line_before_made_them(lessons: Lessons) -> None:
    recording = lessons["yield"]
    news = [
        (one.name, one.value, one.was)
        for shown in panes(recording, "producer")
        for one in shown.variables
        if one.changed
    ]
    assert ("n", "0", None) in news
    assert ("n", "1", "0") in news
    assert news.count(("n", "2", "1")) == 1
    for shown in panes(recording, "producer"):
        if shown.status is not Status.RUNNING:
            assert not any(one.changed or one.was for one in shown.variables)


def test_a_suspended_one_keeps_its_locals(lessons: Lessons) -> None:
    shown = [
        one for one in panes(lessons["yield"], "consumer(0.0)") if one.status is Status.SUSPENDED
    ]
    assert [v.name for v in shown[-1].variables] == ["pace", "answer", "n"]


def test_a_file_that_is_gone_gives_a_sentence(tmp_path: Path) -> None:
    source = Sources().source(str(tmp_path / "gone\x1b[31m.py"))
    assert source.lines == ()
    assert source.problem is not None
    assert source.problem.startswith("The source of gone␛[31m.py can't be shown: ")


@pytest.mark.parametrize("file", ["/dev/zero", "/", "a\0b"])
def test_what_is_no_source_file_gives_a_sentence(file: str) -> None:
    source = Sources().source(file)
    assert source.lines == ()
    assert source.problem is not None


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.py"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    assert "larger than" in (Sources().source(str(path)).problem or "")


def test_source_lines_are_clean_and_as_many_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.py"
    path.write_bytes(b"a = 1\r\n\tb\x0cc\n# \x1b]0;gone\x07 \xff\n")
    lines = Sources().source(str(path)).lines
    assert lines == ("a = 1", "    b␌c", "# ␛]0;gone␇ \N{REPLACEMENT CHARACTER}")


def test_the_lines_of_a_function_are_found(tmp_path: Path) -> None:
    path = tmp_path / "nested.py"
    path.write_text(
        "class A:\n"
        "    def go(self):\n"
        "        return 1\n"
        "\n"
        "    def stay(\n"
        "        self,\n"
        "    ):\n"
        "        return 2\n"
        "\n"
        "class B:\n"
        "    def go(self):\n"
        "        return 3\n"
        "x = 1\n"
    )
    source = Sources().source(str(path))
    assert source.function("go") == range(2, 4)
    assert source.function("go", 12) == range(11, 13)
    assert source.function("stay") == range(5, 9)
    assert not source.function("<module>")
    assert not source.function("missing")
