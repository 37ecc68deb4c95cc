"""Where a recording can't be kept, the program runs all the same, and the person is steps."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import COMMAND, Coroplay, Result, Writer
from tests.support.mounts import SmallDisk, read_only


def elsewhere(coroplay: Coroplay, command: list[str], state: Path) -> Result:
    """Run a command whose state folder is that one."""
    environment = {**os.environ, "XDG_STATE_HOME": os.fspath(state)}
    return subprocess.run(
        command, cwd=coroplay.folder, env=environment, capture_output=True, check=False
    )


def test_without_a_place_for_recordings_the_run_goes_on(
    coroplay: Coroplay, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("not-a-folder", "")
    monkeypatch.setenv("XDG_STATE_HOME", str(coroplay.folder / "not-a-folder"))
    done = coroplay("run", write("x.py", "print('on')"), "--quiet")
    assert (done.returncode, done.stdout) == (0, b"on\n")
    assert b"can't be written to: Not a directory; the run goes on unrecorded" in done.stderr
    assert b"(XDG_STATE_HOME names another folder to keep recordings in)" in done.stderr


def test_a_full_disk_is_told_with_what_to_do(coroplay: Coroplay, write: Writer) -> None:
    disk = SmallDisk(coroplay.folder, "400k")
    command = disk.command([*COMMAND, "run", write("x.py", "print('on')")])
    done = elsewhere(coroplay, command, disk.folder)
    assert (done.returncode, done.stdout) == (0, b"on\n")
    said = b": the disk is full, or nearly so; make room there, or name another folder for"
    assert said in done.stderr
    assert b"recordings in XDG_STATE_HOME" in done.stderr


def test_a_read_only_state_folder_is_told_with_what_to_do(
    coroplay: Coroplay, write: Writer, tmp_path: Path
) -> None:
    """What was recorded there before can still be looked at."""
    elsewhere(coroplay, [*COMMAND, "run", write("x.py", "print('on')")], tmp_path)
    done = elsewhere(coroplay, read_only(tmp_path, [*COMMAND, "run", "x.py"]), tmp_path)
    assert (done.returncode, done.stdout) == (0, b"on\n")
    assert b"can't be written to: Read-only file system; the run goes on" in done.stderr
    assert b"(XDG_STATE_HOME names another folder to keep recordings in)" in done.stderr
    steps = elsewhere(coroplay, read_only(tmp_path, [*COMMAND, "steps", "last"]), tmp_path)
    assert (steps.returncode, steps.stderr) == (0, b"")
    assert b"main has come to its end" in steps.stdout


@pytest.mark.parametrize("most", [6, 8, 10, 12])
def test_a_limit_on_descriptors_is_told_or_enough(
    coroplay: Coroplay, write: Writer, most: int
) -> None:
    """Whether so many are enough may change: there is a recording and the output, or a sentence."""
    limited = ["sh", "-c", f'ulimit -n {most} && exec "$@"', "sh"]
    command = [*limited, *COMMAND, "run", write("x.py", "print('on')")]
    done = subprocess.run(command, cwd=coroplay.folder, capture_output=True, check=False)
    if done.returncode == 0:
        assert done.stdout == b"on\n"
        assert len(coroplay.recordings) == 1
    else:
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr == b"coroplay: x can't be started: Too many open files\n"
        assert coroplay.recordings == []
