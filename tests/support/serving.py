"""A lesson whose programs run at once, written for a test."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import NamedTuple

_LESSON = """
id = "crowd"
title = "Programs at once"
summary = "Some need others."
order = 98
group = "Own"
watch = ["When each starts."]
"""
_PROGRAM = """
[[programs]]
name = "{name}"
file = "{name}.py"
title = "{name}"
{keys}
"""
_PORT = """
[[programs.parameters]]
name = "{name}"
type = "port"
default = 0
help = "a port"
"""


class Written(NamedTuple):
    """A program of the lesson."""

    name: str
    source: str
    keys: str = ""
    """More lines for its table in lesson.toml."""


def server(source: str) -> Written:
    """A service."""
    return Written("server", source, "service = true")


def client(source: str) -> Written:
    """A program that needs the service."""
    return Written("client", source)


def write_lesson(folder: Path, *programs: Written, ports: tuple[str, ...] = ()) -> Path:
    """Write a lesson whose programs all take these ports; return its folder of lessons."""
    home = folder / "crowd"
    home.mkdir(parents=True)
    parameters = "".join(_PORT.format(name=name) for name in ports)
    options = "".join(f"# --{name}\n" for name in ports)
    toml = _LESSON
    for name, source, keys in programs:
        toml += _PROGRAM.format(name=name, keys=keys) + parameters
        (home / f"{name}.py").write_text(options + textwrap.dedent(source))
    names = [program.name for program in programs]
    toml += f'[together]\nprograms = {names}\nhow = "at once"\n'
    (home / "lesson.toml").write_text(toml)
    (home / "README.md").write_text("# Programs at once\n")
    return folder
