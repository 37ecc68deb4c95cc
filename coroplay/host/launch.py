"""What to run and how: the settings of one run, and the command line of its child process."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "COROPLAY_RUN"
"""The environment variable by which everything that a run started is known."""
_ROOT = os.fspath(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.flags.safe_path or sys.path.pop(0); sys.path.insert(0, sys.argv.pop(1));"
    " from coroplay.probe.__main__ import main; main(sys.argv[1:])"
)
"""As ``python -m coroplay.probe``, except that nothing is imported from the current folder, where
the person may have files that go by the names of modules, and that coroplay need not be installed.
"""


class Level(enum.StrEnum):
    """How much of a run is recorded."""

    OFF = "off"
    """Nothing: plain Python."""
    SWITCHES = "switches"
    LINES = "lines"
    """Switches, and each line of the person's own files."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script to run, by its path exactly as the program is to see it in `sys.argv[0]`."""

    path: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module to run, as with ``python -m``."""

    name: str


@dataclass(frozen=True, slots=True)
class Launch:
    """The settings of one run. Raises ValueError for a combination that makes no sense."""

    target: Script | Module
    arguments: tuple[str, ...] = ()
    level: Level = Level.SWITCHES
    record: Path | None = None
    """An existing empty folder for the recording; None exactly when the level is off."""
    main_name: str | None = None
    """The name the main coroutine goes by; None for the probe's default."""
    line_budget: int | None = None
    """Lines recorded before the level drops to switches; None for the probe's default."""
    control: bool = False
    """Whether the host steers the program through a control channel."""
    paused: bool = False
    """Whether the program waits for the host before its first line."""
    line_buffered: bool = False
    """Whether its output leaves it line by line although it goes into a pipe."""
    environment: Mapping[str, str] | None = None
    """None for the host's own."""
    directory: Path | None = None
    """The folder the program runs in; None for the host's own."""

    def __post_init__(self) -> None:
        if (self.level is Level.OFF) != (self.record is None):
            raise ValueError("a run has a folder for its recording exactly when it is recorded")
        if (self.control or self.paused) and self.record is None:
            raise ValueError("a run that isn't recorded can't be paused or steered")

    @property
    def name(self) -> str:
        """What to call the program in a few letters: the script's stem or the module's name."""
        match self.target:
            case Script(path):
                return Path(path).stem
            case Module(name):
                return name

    def command(self, control: int | None = None) -> list[str]:
        """The child's command line; `control` is the number of its end of the control channel."""
        if self.record is None:
            unbuffered = ["-u"] if self.line_buffered else []
            return [sys.executable, *unbuffered, *self._target(), *self.arguments]
        return [*_probe(), *self.for_probe(control)]

    def for_probe(self, control: int | None = None) -> list[str]:
        """What the probe is told, of a run that is recorded: its command line's arguments."""
        return [*self._options(control), *self._target("--"), *self.arguments]

    def _options(self, control: int | None) -> list[str]:
        options = ["--record", os.fspath(self.record or ""), "--level", self.level.value]
        if self.line_budget is not None:
            options += ["--budget", str(self.line_budget)]
        if self.main_name is not None:
            options += ["--main-name", self.main_name]
        if control is not None:
            options += ["--control", str(control)]
        if self.paused:
            options.append("--paused")
        if self.line_buffered:
            options.append("--line-buffered")
        return options

    def _target(self, *end_of_options: str) -> list[str]:
        match self.target:
            case Script(path):
                return [*end_of_options, path]
            case Module(name):
                return ["-m", name, *end_of_options]


def waiting_command(control: int) -> list[str]:
    """The command line of a child that waits to be told what to run, through that descriptor."""
    return [*_probe(), "--wait", str(control)]


def _probe() -> list[str]:
    return [sys.executable, "-c", _START, _ROOT]
