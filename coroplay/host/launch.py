"""The settings of one run, and the command line of its child process."""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "COROPLAY_RUN"
"""The environment variable that marks everything started by a run."""
_ROOT = os.fspath(Path(__file__).resolve().parents[2])
_START = (
    "import sys; sys.flags.safe_path or sys.path.pop(0); sys.path.insert(0, sys.argv.pop(1));"
    " from coroplay.probe.__main__ import main; main(sys.argv[1:])"
)
"""Code for ``python -c`` that does the same as ``python -m coroplay.probe``, but does not need
coroplay to be installed, and imports nothing from the current folder, where the person may have
files that are named like modules.
"""


class Level(enum.StrEnum):
    """The amount of a run that is recorded."""

    OFF = "off"
    """Nothing: plain Python."""
    SWITCHES = "switches"
    LINES = "lines"
    """Switches, and each line of the person's own files."""


@dataclass(frozen=True, slots=True)
class Script:
    """A script to run, by its path exactly as `sys.argv[0]` is to have it."""

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
    """The name of the main coroutine; None for the probe's default."""
    line_budget: int | None = None
    """Lines recorded before the level drops to switches; None for the probe's default."""
    control: bool = False
    """True if the host steers the program through a control channel."""
    paused: bool = False
    """True if the program waits for the host before its first line."""
    line_buffered: bool = False
    """True if output into a pipe is flushed after each line."""
    own: tuple[str, ...] = ()
    """Files and folders that are the person's own code besides what is found to be."""
    not_own: tuple[str, ...] = ()
    """Files and folders that are not, though they would be found to be."""
    environment: Mapping[str, str] | None = None
    """The program's environment; None for the host's own."""
    directory: Path | None = None
    """The folder the program runs in; None for the host's own."""

    def __post_init__(self) -> None:
        if (self.level is Level.OFF) != (self.record is None):
            raise ValueError("a run has a folder for its recording exactly when it is recorded")
        if (self.control or self.paused) and self.record is None:
            raise ValueError("a run that isn't recorded can't be paused or steered")

    @property
    def name(self) -> str:
        """A short name for the program: the script's stem or the module's name."""
        match self.target:
            case Script(path):
                return Path(path).stem
            case Module(name):
                return name

    def command(self, control: int | None = None) -> list[str]:
        """Return the child's command line; `control` is the descriptor of its control channel."""
        if self.record is None:
            unbuffered = ["-u"] if self.line_buffered else []
            return [sys.executable, *unbuffered, *self._target(), *self.arguments]
        return [*_probe(), *self.for_probe(control)]

    def for_probe(self, control: int | None = None) -> list[str]:
        """Return the arguments of the probe's command line, for a run that is recorded."""
        return [*self._options(control), *self._target("--"), *self.arguments]

    def _options(self, control: int | None) -> list[str]:
        options = ["--record", os.fspath(self.record or ""), "--level", self.level.value]
        if self.line_budget is not None:
            options += ["--budget", str(self.line_budget)]
        if self.main_name is not None:
            options += ["--main-name", self.main_name]
        for path in self.own:
            options += ["--own", path]
        for path in self.not_own:
            options += ["--not-own", path]
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
    """Return the command line of a child that waits for its launch, through that descriptor."""
    return [*_probe(), "--wait", str(control)]


def _probe() -> list[str]:
    return [sys.executable, "-c", _START, _ROOT]
