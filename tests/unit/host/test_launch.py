"""The child's command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coroplay.host.launch import Launch, Level, Module, Script


def test_level_off_is_plain_python() -> None:
    launch = Launch(Script("./x.py"), ("--pace", "1"), level=Level.OFF)
    assert launch.command() == [sys.executable, "./x.py", "--pace", "1"]


def test_a_module_at_level_off_is_run_as_python_runs_modules() -> None:
    launch = Launch(Module("http.server"), ("8000",), level=Level.OFF)
    assert launch.command() == [sys.executable, "-m", "http.server", "8000"]


def test_level_off_leaves_python_unbuffered_where_lines_have_to_come_at_once() -> None:
    launch = Launch(Script("x.py"), level=Level.OFF, line_buffered=True)
    assert launch.command() == [sys.executable, "-u", "x.py"]


def after_the_start(command: list[str]) -> list[str]:
    """The part of the command line that is the probe's."""
    assert command[0] == sys.executable
    return command[command.index("--record") :]


def test_a_recorded_script_is_run_by_the_probe() -> None:
    launch = Launch(Script("x.py"), ("-a",), record=Path("/r"))
    assert after_the_start(launch.command()) == [
        *("--record", "/r", "--level", "switches", "--", "x.py", "-a"),
    ]


def test_every_setting_reaches_the_probe() -> None:
    launch = Launch(
        Module("m"),
        level=Level.LINES,
        record=Path("/r"),
        main_name="producer",
        line_budget=10,
        control=True,
        paused=True,
        line_buffered=True,
    )
    assert after_the_start(launch.command(control=7)) == [
        *("--record", "/r", "--level", "lines", "--budget", "10", "--main-name", "producer"),
        *("--control", "7", "--paused", "--line-buffered", "-m", "m", "--"),
    ]


@pytest.mark.parametrize(
    ("level", "record", "paused"),
    [
        (Level.OFF, Path("/r"), False),
        (Level.LINES, None, False),
        (Level.OFF, None, True),
    ],
)
def test_settings_that_contradict_each_other_are_refused(
    level: Level, record: Path | None, paused: bool
) -> None:
    with pytest.raises(ValueError, match="recorded"):
        Launch(Script("x.py"), level=level, record=record, paused=paused)
