"""What the step panes say at every step of lesson 1."""

from __future__ import annotations

from tests.unit.view.golden import FILE, describe
from tests.unit.view.lessons import Lessons


def test_lesson_1_says_the_same_at_every_step_on_every_python(lessons: Lessons) -> None:
    assert list(describe(lessons["yield"])) == FILE.read_text().splitlines()
