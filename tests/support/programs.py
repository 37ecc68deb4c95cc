"""Programs in child processes of their own: run plainly, or watched by the probe."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coroplay.trace import Recording

ROOT: Final = Path(__file__).parents[2]
DEMOS: Final = ROOT / "demos"
LIMIT_S: Final = 50
"""Seconds after which a child that hangs is ended and the test fails."""
_VARYING: Final = re.compile(
    rb"0x[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:]+Z|fileno=\d+"
    rb"|(?<=C stack trace \(most recent call first\):\n)(  .*\n)+"
)
"""Addresses, times of day, the descriptor of gevent's loop, and the stack of C functions that
faulthandler shows from Python 3.14 on."""
_SEEN_IN_PYTHON: Final = (
    # Frames of the probe at the bottom of a stack, and its `write` in a traceback.
    (rb"(?m)^  File \"(?:[^\"\n]*/coroplay/probe/|<frozen runpy>)[^\n]* in .*\n(?:    .*\n)*", b""),
    (rb"<frame at [^>]*/coroplay/probe/[^>]*>", b"None"),
    (rb"(?m)^(?:\S*/coroplay/probe/\S+:\d+: |<sys>:0: |sys:1: ).*Warning: .*\n(?:  .*\n)?", b""),
    # Its `write`, and all that calls, told to a tracer or profiler of the program's own.
    (rb"(?m)^told of others: .*\n", b""),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What a person in front of a program sees of it."""

    status: int
    """As `subprocess` has it: negative for a signal."""
    stdout: bytes
    stderr: bytes

    def masked(self) -> Result:
        """Return the same without what differs from run to run."""
        return self._changed(_VARYING, b"#")

    def but_for_the_reference(self) -> Result:
        """Return the same without what a program can see only where there is no accelerator.

        It is what the README lists; all else must be as it is plainly.
        """
        result = self
        for seen, plain in _SEEN_IN_PYTHON:
            result = result._changed(re.compile(seen), plain)
        return result

    def _changed(self, pattern: re.Pattern[bytes], by: bytes) -> Result:
        return Result(self.status, pattern.sub(by, self.stdout), pattern.sub(by, self.stderr))


def environment(**more: str) -> dict[str, str]:
    """The environment of the tests with this coroplay in it, and no other setting of Python's."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return {**own, "PYTHONPATH": os.fspath(ROOT), **more}


def probe_command(record: Path, target: Sequence[str], options: Sequence[str] = ()) -> list[str]:
    """The command line of a watched program; `target` is a script's path, or ``-m`` and a name."""
    return [
        sys.executable,
        "-m",
        "coroplay.probe",
        "--record",
        os.fspath(record),
        *options,
        *target,
    ]


class Workbench:
    """A folder for scripts and recordings, and the ways to run a program there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._made = 0

    def script(self, source: str | bytes, name: str = "program.py") -> str:
        """Write a script, bytes as they are; its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(source, bytes):
            path.write_bytes(source)
        else:
            path.write_text(textwrap.dedent(source).lstrip("\n"))
        return os.fspath(path)

    def new_record(self) -> Path:
        """An empty folder for a recording."""
        self._made += 1
        path = self.folder / f"recording{self._made}"
        path.mkdir(mode=0o700)
        return path

    def plain(self, *command: str, stdin: bytes = b"", **env: str) -> Result:
        """Run a program as plain Python does."""
        return self._run([sys.executable, *command], stdin, env)

    def watched(
        self,
        record: Path,
        *target: str,
        level: str = "lines",
        options: Sequence[str] = (),
        stdin: bytes = b"",
        command: Sequence[str] = (sys.executable,),
        **env: str,
    ) -> Result:
        """Run a program watched by the probe, in a Python that `command` starts."""
        _, *rest = probe_command(record, target, ["--level", level, *options])
        return self._run([*command, *rest], stdin, env)

    def record(
        self,
        *target: str,
        level: str = "lines",
        options: Sequence[str] = (),
        stdin: bytes = b"",
        status: int = 0,
        **env: str,
    ) -> Recording:
        """Run a program watched, expect that exit status, and open its recording."""
        path = self.new_record()
        result = self.watched(path, *target, level=level, options=options, stdin=stdin, **env)
        assert result.status == status, result.stderr.decode()
        return Recording(path)

    def _run(self, command: Sequence[str], stdin: bytes, env: dict[str, str]) -> Result:
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(**env),
            timeout=LIMIT_S,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)
