"""Runs the command line as a person does: in a process of its own, in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminals import Terminal
from tests.unit.host.conftest import Lifeline

__all__ = ["COMMAND", "Coroplay", "Lifeline", "Result", "Writer", "objects"]

COMMAND = [sys.executable, "-m", "coroplay"]
Result = subprocess.CompletedProcess[bytes]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLUMNS", "COROPLAY_RECORDINGS_LIMIT", "PYTHONUNBUFFERED"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder that commands run in."""
    made = tmp_path / "here"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], str]:
    """Writes a file and gives its name, relative to where commands run."""

    def make(name: str, source: str) -> str:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source).lstrip("\n"))
        return name

    return make


Writer = Callable[[str, str], str]


class Coroplay:
    """The command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, given: bytes = b"") -> Result:
        """Run a command to its end."""
        return subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            input=given,
            capture_output=True,
            check=False,
        )

    @contextmanager
    def start(self, *arguments: str, out: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """Begin a command, its input and outputs pipes."""
        with subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if out is None else out,
            stderr=subprocess.PIPE,
        ) as host:
            try:
                yield host
            finally:
                host.kill()  # A test that fails must not wait for it.

    @property
    def recordings(self) -> list[Path]:
        """The recordings that were kept, oldest first."""
        kept = Path(os.environ["XDG_STATE_HOME"], "coroplay", "recordings")
        return sorted(kept.iterdir()) if kept.exists() else []


@pytest.fixture
def coroplay(folder: Path) -> Coroplay:
    return Coroplay(folder)


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    made = Terminal(folder, COMMAND)
    yield made
    made.close()


@pytest.fixture
def lifeline(tmp_path: Path) -> Iterator[Lifeline]:
    line = Lifeline(tmp_path / "lifeline")
    yield line
    line.close()


@pytest.fixture
def lesson(write: Writer) -> str:
    """A teacher's folder with one lesson of two programs; gives its name."""
    write(
        "teaching/class/lesson.toml",
        """
        id = "class"
        title = "A lesson of one's own"
        summary = "Two programs."
        order = 99
        group = "Own"
        watch = ["Everything."]

        [[programs]]
        name = "one"
        file = "one.py"
        title = "The first"

        [[programs.parameters]]
        name = "count"
        type = "int"
        default = 2
        minimum = 1
        maximum = 9
        help = "how many"

        [[programs]]
        name = "another"
        file = "two.py"
        title = "The second"
        reads_input = true

        [together]
        programs = ["one", "another"]
        how = "in turn"
        compare = true
        """,
    )
    write("teaching/class/README.md", "# Mine\n")
    write(
        "teaching/class/one.py",
        """
        import sys
        # --count
        print("one", *sys.argv[1:])
        """,
    )
    write("teaching/class/two.py", "import sys\nprint('two', sys.stdin.read())\n")
    return "teaching"


TALK = r"""
    import sys
    def echo():
        heard = None
        while True:
            heard = yield heard
    voice = echo()
    next(voice)
    voice.send("hi")
    print("\x1b[31mred", end="\n")
    print("wrong", file=sys.stderr)
    def broken():
        yield 1
        raise ValueError("oh")
    b = broken()
    next(b)
    try:
        next(b)
    except ValueError:
        voice.close()
"""


@pytest.fixture
def recorded(coroplay: Coroplay, write: Writer) -> Coroplay:
    """The command line after one recording, of a program that does a little of everything."""
    write("talk.py", TALK)
    done = coroplay("run", "talk.py", "--level", "lines", "--quiet", "--", "x y")
    assert done.returncode == 0
    return coroplay


def objects(coroplay: Coroplay) -> list[dict[str, Any]]:
    """Return the steps of the newest recording, as JSON gives them."""
    return [json.loads(line) for line in coroplay("steps", "last", "--json").stdout.splitlines()]
