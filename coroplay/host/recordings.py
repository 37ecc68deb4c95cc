"""Recordings on the disk: one folder each, named so that they sort by time."""

from __future__ import annotations

import datetime
import os
import re
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

LIMIT_VARIABLE: Final = "COROPLAY_RECORDINGS_LIMIT"
DEFAULT_LIMIT: Final = 2 << 30
"""Bytes."""
LAST: Final = "last"
ELSEWHERE: Final = "XDG_STATE_HOME names another folder to keep recordings in"
"""The advice for a person whose recordings' folder can't be written to."""
_MEGABYTE: Final = 1 << 20
_NAME: Final = re.compile(r"\d{8}T\d{6}\.\d{6}-[\w.-]+", re.ASCII)
_STARTING: Final = 60.0
"""Seconds during which a folder without steps is taken for a run that is starting."""


class RecordingsError(Exception):
    """Recordings can't be kept; the message is a sentence for the person."""


class NoSuchRecordingError(Exception):
    """No recording has the name asked for; the message is a sentence for the person."""


def default_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for recordings, in the XDG state folder. Raises RecordingsError."""
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():  # The XDG specification says that a relative path is to be ignored.
        try:
            state = Path("~/.local/state").expanduser()
        except RuntimeError:
            raise RecordingsError(
                "your home folder isn't known; name a folder for recordings in XDG_STATE_HOME"
            ) from None
    return state / "coroplay" / "recordings"


def read_limit(environment: Mapping[str, str]) -> int:
    """Return how many bytes recordings may take up. Raises RecordingsError for a bad value."""
    text = environment.get(LIMIT_VARIABLE, "")
    if not text:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"\d+", text, re.ASCII):
        raise RecordingsError(
            f"{LIMIT_VARIABLE} must be a whole number of megabytes, for example 500, not '{text}'"
        )
    return int(text) * _MEGABYTE


class Recordings:
    """The recordings in one folder, which is made for the first of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def new(self, program: str) -> Path:
        """Make an empty folder for a recording, for the user alone. Raises RecordingsError."""
        readable = re.sub(r"[^\w.-]+", "_", program, flags=re.ASCII)[:40] or "program"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            while True:
                now = datetime.datetime.now(datetime.UTC)
                path = self.folder / f"{now:%Y%m%dT%H%M%S.%f}-{readable}"
                try:
                    path.mkdir(mode=0o700)
                except FileExistsError:
                    continue  # Two runs in one microsecond: the next one is free.
                return path
        except OSError as error:
            raise RecordingsError(f"{self.folder} can't be written to: {error.strerror}") from None

    def all(self) -> list[Path]:
        """Return the recordings, oldest first; folders with other names are left out."""
        try:
            with os.scandir(self.folder) as entries:
                names = [
                    entry.name
                    for entry in entries
                    if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
                ]
        except OSError:
            return []
        return [self.folder / name for name in sorted(names)]

    def find(self, wanted: str) -> Path:
        """Find a recording by its path, its name here, or ``last``. Raises NoSuchRecordingError."""
        if wanted == LAST:
            if not (recordings := self.all()):
                raise NoSuchRecordingError(
                    f"there is no recording in {self.folder} yet; to make one: coroplay run 1"
                )
            return recordings[-1]
        for path in (Path(wanted), self.folder / wanted) if wanted else ():
            try:
                mode = path.stat().st_mode
            except OSError:
                continue
            if stat.S_ISDIR(mode):
                return path
            raise NoSuchRecordingError(f"{path} is not a recording: a recording is a folder")
        raise NoSuchRecordingError(
            f"there is no recording {wanted}, neither as a path nor in {self.folder};"
            " 'last' stands for the newest"
        )

    def prune(self, limit: int, keep: Collection[Path] = ()) -> list[Path]:
        """Remove the oldest until all take up no more than `limit` bytes; return those removed.

        A recording that is being written stays, and so do those in `keep`.
        """
        sizes = {path: _size(path) for path in self.all()}
        excess = sum(sizes.values()) - limit
        removed = []
        for path, size in sizes.items():
            if excess <= 0:
                break
            if path not in keep and not _being_written(path) and _remove(path):
                removed.append(path)
                excess -= size
        return removed


def _size(path: Path) -> int:
    """Return the bytes that a folder takes up on the disk, links not followed."""
    return sum(status.st_blocks * 512 for status in _statuses(path))


def _statuses(path: Path) -> Iterator[os.stat_result]:
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                yield entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    yield from _statuses(Path(entry.path))
    except OSError:
        return  # It is being removed by another coroplay at this moment.


def _being_written(path: Path) -> bool:
    """Tell whether a probe holds the recording, or is about to begin with it."""
    from coroplay.trace import RecordingError, is_growing, layout

    try:
        return is_growing(path)
    except RecordingError:
        return not (path / layout.STEPS.name).exists() and _age(path) < _STARTING


def _age(path: Path) -> float:
    """Return the seconds since something in the folder was last made or removed."""
    try:
        return time.time() - path.lstat().st_mtime
    except OSError:
        return 0.0


def _remove(path: Path) -> bool:
    import shutil

    try:
        shutil.rmtree(path)  # Refuses a symbolic link, and follows none inside.
    except OSError:
        return False
    return True


def prepare_folder(path: Path) -> None:
    """Make the folder named by the person ready for a recording. Raises RecordingsError."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise RecordingsError(f"{path} isn't empty; name a new or an empty folder for --record")
    except FileExistsError:
        raise RecordingsError(
            f"{path} is not a folder; name a new or an empty one for --record"
        ) from None
    except NotADirectoryError:
        raise RecordingsError(f"{path} can't be made: a file is in the way") from None
    except OSError as error:
        raise RecordingsError(f"{path} can't be made: {error.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise RecordingsError(f"{path} can't be written to; name another folder for --record")
