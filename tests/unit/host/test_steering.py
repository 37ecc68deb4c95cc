"""Steering a real program through its probe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from coroplay.host.child import Child
from coroplay.host.control import Control, ControlReport, Paused, Ready, Resumed
from coroplay.host.launch import Launch, Level, Script
from coroplay.host.process import APP
from coroplay.trace import EndingKind, Line, Recording
from tests.unit.host.conftest import ScriptMaker

SOURCE = """\
one = 1
two = 2
print("printed", flush=True)
three = 3
while True:
    three += 1
"""


class Steered:
    """A program that was started paused, with its recording."""

    def __init__(self, path: str, record: Path) -> None:
        record.mkdir()
        launch = Launch(Script(path), level=Level.LINES, record=record, control=True, paused=True)
        self.record = record
        self.child = Child.start(launch, APP)
        control = self.child.control
        assert control is not None
        self.control: Control = control
        self.heard: list[ControlReport] = []

    def paused(self) -> int:
        """Wait until it stands still; the line it is about to run, 0 before the first."""
        while not any(isinstance(report, Paused) for report in self.heard):
            news = self.control.wait()
            assert news, "the program ended instead of standing still"
            self.heard += news
        with Recording(self.record) as recording:
            places = [step.place for step in recording if isinstance(step, Line)]
        self.heard.clear()
        return places[-1].line if places and places[-1] else 0


@pytest.fixture
def steered(script: ScriptMaker, tmp_path: Path) -> Iterator[Steered]:
    made = Steered(script(SOURCE), tmp_path / "record")
    yield made
    made.child.stop(grace=0)


def test_a_program_reports_ready_and_pauses_before_its_first_line(steered: Steered) -> None:
    first = steered.control.wait()
    assert first[0] == Ready(steered.child.pid)
    steered.heard = first
    assert steered.paused() == 0


def test_a_paused_program_runs_line_by_line(steered: Steered) -> None:
    assert steered.paused() == 0
    for line in (1, 2, 3):
        steered.control.step("line")
        assert steered.paused() == line


def test_a_paused_program_runs_to_a_line(steered: Steered) -> None:
    steered.paused()
    steered.control.until(str(steered.child.launch.target.path), 4)  # type: ignore[union-attr]
    assert steered.paused() == 4
    assert steered.child.stdout is not None
    assert steered.child.stdout.readline() == b"printed\n"


def test_a_running_program_pauses_when_asked(steered: Steered) -> None:
    steered.paused()
    steered.control.run()
    assert steered.child.stdout is not None
    assert steered.child.stdout.readline() == b"printed\n"
    steered.control.pause()
    assert steered.paused() in (4, 5, 6)


def test_a_program_reports_that_it_runs_again(steered: Steered) -> None:
    steered.paused()
    steered.control.run()
    assert steered.control.wait()[0] == Resumed()


def test_a_paused_program_can_be_ended(steered: Steered) -> None:
    steered.paused()
    assert steered.child.stop().kind is EndingKind.STOPPED
    assert steered.control.closed
