"""The steps of lessons 1, 2, 5, 6, 7 and 11: the same on all versions of Python.

Times are left out, and so are values that are times. What the program's own timing decides is
written as it stands for each coroutine by itself, sorted by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coroplay.trace import (
    Finish,
    How,
    Line,
    Output,
    Recording,
    Spawn,
    Status,
    Step,
    Switch,
)
from coroplay.trace.view import WHOLE, WaitWords
from tests.golden.conftest import Golden
from tests.support.jit import JIT
from tests.support.programs import DEMOS, Workbench
from tests.support.steps import find


@dataclass(frozen=True, slots=True)
class Lesson:
    """A program of a lesson, as it is recorded."""

    file: str
    arguments: tuple[str, ...] = ()
    main: str = "main"
    ordered: bool = True
    """True if the order of all steps is the program's own, and not that of its timers."""

    @property
    def path(self) -> Path:
        return DEMOS / self.file


LESSONS = {
    "01_producer_consumer": Lesson(
        "01_yield/producer_consumer.py", ("--pace", "0.01"), main="producer"
    ),
    "02_eat_play": Lesson("02_greenlet/eat_play.py"),
    "05_eat_play": Lesson("05_switch_on_wait/eat_play.py"),
    "06_unpatched": Lesson("06_monkey_patching/unpatched.py", ("--pace", "0.03125")),
    "06_patched": Lesson("06_monkey_patching/patched.py", ("--pace", "0.25")),
    "07_synchronous": Lesson("07_sync_async/synchronous.py", ("--pause", "0.02")),
    "07_asynchronous": Lesson("07_sync_async/asynchronous.py", ("--pause", "0.05"), ordered=False),
    "11_queue_of_two": Lesson("11_queue/queue_of_two.py", ("--pace", "0.02")),
}

TIMES = re.compile(r"^\d+\.\d{4,}(e-\d+)?$")
"""Clocks and differences between them; the paces of the lessons have fewer digits."""
TOTAL = re.compile(r"\d+\.\d s")


class Telling:
    """The steps of a lesson as lines of text, with names in place of ids and no times."""

    def __init__(self, recording: Recording, folder: Path) -> None:
        self._recording = recording
        self._folder = str(folder)
        self._names = {one.id: one.name for one in recording.coroutines}

    def steps(self) -> Iterator[tuple[str, str]]:
        """The name of who runs at each step, and what is told of it."""
        own = max(step.step for step in self._recording if isinstance(step, Line | Output))
        for step in self._recording:
            # After the lesson's own last step a patched interpreter still waits as it shuts down.
            if step.step <= own or isinstance(step, Finish):
                yield self._names[step.coroutine], self._tell(step)

    def _tell(self, step: Step) -> str:
        # Lines of gevent itself, where the hub is left, are those of its version.
        own = step.place is not None and step.place.file.startswith(self._folder)
        where = f"{step.place.line:>3}" if step.place and own else "  -"
        return f"{where} {self._names[step.coroutine]}: {self._what(step)}"

    def _what(self, step: Step) -> str:
        match step:
            case Spawn():
                creator = "" if step.creator is None else f" by {self._names[step.creator]}"
                kind = self._recording.coroutine(step.coroutine).kind
                return f"{kind} spawned{creator}"
            case Switch():
                told = step.value or WaitWords(self._recording, WHOLE).label(step.wait, step.step)
                value = f" {told}" if told else ""
                return f"from {self._names[step.origin]} by {step.how}{value}"
            case Line():
                changed = ", ".join(
                    f"{one.name} is gone"
                    if one.value is None
                    else f"{one.name} = {TIMES.sub('<time>', one.value)}"
                    for one in step.changed
                )
                return f"line {changed}".rstrip()
            case Output():
                return f"{step.stream} {TOTAL.sub('<time>', step.text)!r}"
            case Finish():
                outcome = step.value if step.exception is None else step.exception
                return step.how.value if outcome is None else f"{step.how} {outcome}"


def tell(recording: Recording, lesson: Lesson) -> str:
    """A recording as its golden file has it."""
    steps = list(Telling(recording, lesson.path.parent).steps())
    if lesson.ordered:
        return "".join(f"{text}\n" for _, text in steps)
    parts: dict[str, list[str]] = {}
    for name, text in steps:
        # Who else the hub ran in between is the timers' business, and how often it woke main too.
        if name == "hub" or " by wake" in text or " by return" in text:
            continue
        parts.setdefault(name, []).append(text)
    return "\n".join(
        f"[{name}]\n" + "".join(f"{text}\n" for text in parts[name]) for name in sorted(parts)
    )


@pytest.fixture(scope="module", params=JIT)
def recorded(
    accelerator: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Recording]]:
    """The recordings of all lessons, made by that accelerator, with the JIT or without."""
    bench = Workbench(tmp_path_factory.mktemp("lessons"))
    made = {
        name: bench.record(
            str(one.path), *one.arguments, options=("--main-name", one.main), **request.param
        )
        for name, one in LESSONS.items()
    }
    assert {recording.meta.accelerator for recording in made.values()} == {accelerator}
    yield made
    for recording in made.values():
        recording.close()


@pytest.mark.parametrize("name", LESSONS)
def test_the_steps_are_those_of_the_golden_file(
    recorded: dict[str, Recording], golden: Golden, name: str, accelerator: str
) -> None:
    assert recorded[name].notes.silent_why == ""
    told = tell(recorded[name], LESSONS[name])
    golden.check(name, told, sees_creations=accelerator == "c")


def switches(recording: Recording) -> list[tuple[str, str, How, str | None]]:
    names = {one.id: one.name for one in recording.coroutines}
    return [
        (names[step.origin], names[step.target], step.how, step.value)
        for step in recording
        if isinstance(step, Switch)
    ]


def test_lesson_1_shows_each_item_sent_and_each_answer(recorded: dict[str, Recording]) -> None:
    seen = switches(recorded["01_producer_consumer"])
    there, back = ("producer", "consumer(0.01)"), ("consumer(0.01)", "producer")
    assert seen[:2] == [(*there, How.START, None), (*back, How.YIELD, "''")]
    expected = []
    for n in range(1, 6):
        expected += [(*there, How.SEND, str(n)), (*back, How.YIELD, "'200 OK'")]
    assert seen[2:12] == expected
    assert seen[12:] == [(*there, How.CLOSE, None), (*back, How.RETURN, None)]


def test_lesson_2_shows_lyon_carried_to_each_first_switch(recorded: dict[str, Recording]) -> None:
    assert switches(recorded["02_eat_play"]) == [
        ("main", "eat", How.START, "'Lyon'"),
        ("eat", "play", How.START, "'Lyon'"),
        ("play", "eat", How.SWITCH, None),
        ("eat", "main", How.RETURN, None),
    ]


def test_lesson_2_leaves_the_last_line_of_play_unrun(recorded: dict[str, Recording]) -> None:
    recording = recorded["02_eat_play"]
    play = recording.state(len(recording) - 2).of(find(recording, "play"))
    assert play.status is Status.SUSPENDED
    assert play.place is not None
    assert play.place.source == "eater.switch()"


def test_lesson_5_shows_eat_waiting_for_two_seconds(recorded: dict[str, Recording]) -> None:
    recording = recorded["05_eat_play"]
    eat, play = find(recording, "eat('Lyon')"), find(recording, "play('Lyon')")
    plays = next(
        step.step
        for step in recording
        if isinstance(step, Output) and step.text == "Lyon plays 2\n"
    )
    state = recording.state(plays)
    assert state.of(eat).status is Status.WAITING
    words = WaitWords(recording)
    assert words.label(state.of(eat).waiting_on, plays) == "sleep 2 s"
    assert words.label(state.of(1).waiting_on, plays) == "join of eat"
    assert state.running == [play]
    assert 0.9e9 < recording[plays].t_ns < 1.9e9
    assert 1.9e9 < recording.elapsed_ns < 2.9e9
