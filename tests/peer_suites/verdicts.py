"""One run of a module of a suite, plainly or watched, and its verdict."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coroplay.trace import Recording, RecordingError
from tests.peer_suites.suites import Module

PLAIN: Final = "plain"
LEVELS: Final = ("switches", "lines")
_RAN: Final = re.compile(r"^Ran (\d+) tests? in", re.MULTILINE)
_SKIPPED: Final = re.compile(r"^(?:OK|FAILED) \(.*?skipped=(\d+)", re.MULTILINE)
_FAILED: Final = re.compile(r"^(?:FAIL|ERROR): (\S+ \S+)", re.MULTILINE)
_NO_TESTS: Final = 5
"""The exit status of `unittest`, from Python 3.12 on, where all of a module was skipped."""
_GRACE: Final = 2.0
"""Seconds in which the host has to take the watched program down."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict of one run of a module."""

    outcome: str
    """ "ok", "exit N", "signal NAME" or "timeout"."""
    ran: int
    skipped: int
    failed: tuple[str, ...]
    """Names of the tests that failed, sorted."""

    def __str__(self) -> str:
        return f"{self.outcome} {self.ran}/{len(self.failed)}/{self.skipped}"


@dataclass(frozen=True, slots=True)
class Done:
    """One run of a module: its verdict, and facts beside it."""

    verdict: Verdict
    seconds: float
    output: str
    silent: str = ""
    """Reason for which the probe stopped recording; empty if it did not."""


def run(module: Module, level: str, limit: float) -> Done:
    """Run a module plainly or at a level of watching, for at most `limit` seconds."""
    with tempfile.TemporaryDirectory(prefix="peer-suites-") as scratch:
        record = Path(scratch, "recording")
        started = time.monotonic()
        status, output = _run(_command(module, level, record), module, Path(scratch), limit)
        seconds = time.monotonic() - started
        return Done(_verdict(status, output), seconds, output, _silent(record))


def _command(module: Module, level: str, record: Path) -> list[str]:
    if level == PLAIN:
        return [sys.executable, *module.target]
    options = ["--quiet", "--level", level, "--record", os.fspath(record)]
    target, arguments = module.target[:2], module.target[2:]
    after = ["--", *arguments] if arguments else []
    return [sys.executable, "-P", "-m", "coroplay", "run", *options, *target, *after]


def _run(command: list[str], module: Module, scratch: Path, limit: float) -> tuple[int | None, str]:
    """Run a command; return its status, None if it had to be ended, and its output."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    settings = {"PYTHONUNBUFFERED": "1", "PYTHON_COLORS": "0"}  # the verdict is read as plain text
    environment = {**own, **settings, "TMPDIR": os.fspath(scratch)}
    with Path(scratch, "output").open("w+b") as said:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd=scratch,
            env={**environment, **module.environment},
            start_new_session=True,
        )
        status: int | None = None
        try:
            status = process.wait(limit)
        except subprocess.TimeoutExpired:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GRACE)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.seek(0)
        return status, said.read().decode("utf-8", "replace")


def _verdict(status: int | None, output: str) -> Verdict:
    ran = sum(map(int, _RAN.findall(output)))
    skipped = sum(map(int, _SKIPPED.findall(output)))
    return Verdict(_outcome(status), ran, skipped, tuple(sorted(_FAILED.findall(output))))


def _outcome(status: int | None) -> str:
    """Put a status into words; coroplay gives that of a signal as a shell does."""
    if status is None:
        return "timeout"
    if status < 0 or status > 128:
        return f"signal {signal.Signals(-status if status < 0 else status - 128).name}"
    allowed = (0, _NO_TESTS) if sys.version_info >= (3, 12, 1) else (0,)
    return "ok" if status in allowed else f"exit {status}"


def _silent(record: Path) -> str:
    try:
        with Recording(record) as recording:
            return recording.notes.silent_why
    except RecordingError as error:
        return str(error) if record.is_dir() else ""
