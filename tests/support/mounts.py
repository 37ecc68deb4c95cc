"""Disks that are soon full or can't be written to, which only the test's own processes see.

A user who is root is no exception to either, as to mere permissions.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

_MOUNTED = """
size=$1 disk=$2 copy=$3; shift 3
mount -t tmpfs -o size="$size" none "$disk" || exit 99
"$@"; status=$?
cp -r "$disk/." "$copy" || exit 98
exit $status
"""


_READ_ONLY = """
folder=$1; shift
mount --bind "$folder" "$folder" && mount -o remount,ro,bind "$folder" || exit 99
exec "$@"
"""


def read_only(folder: Path, command: Sequence[str]) -> list[str]:
    """The command line that runs a command for which nothing can be written in that folder.

    Skips the test where that can't be.
    """
    mounted = ["unshare", "-rm", "sh", "-c", _READ_ONLY, "sh", os.fspath(folder)]
    _skip_without([*mounted, "true"])
    return [*mounted, *command]


class SmallDisk:
    """A folder in which commands find a disk of that size; what they leave there is copied."""

    def __init__(self, folder: Path, size: str) -> None:
        """The size is as `mount` has it: ``500k``, ``3m``. Skips the test where it can't be."""
        self.size = size
        self.folder = folder / "disk"
        """Where the disk is, for the commands."""
        self.copy = folder / "copy"
        """What was on it in the end."""
        self.folder.mkdir()
        self.copy.mkdir()
        _skip_without(self.command(["true"]))

    def command(self, command: Sequence[str]) -> list[str]:
        """The command line that runs a command with the disk there."""
        mounted = ["unshare", "-rm", "sh", "-c", _MOUNTED, "sh"]
        return [*mounted, self.size, os.fspath(self.folder), os.fspath(self.copy), *command]


def _skip_without(command: Sequence[str]) -> None:
    try:
        tried = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no unshare(1) here, so nothing can be mounted for a test alone")
    if tried.returncode:
        pytest.skip(f"nothing can be mounted here: {tried.stderr.decode().strip()}")
