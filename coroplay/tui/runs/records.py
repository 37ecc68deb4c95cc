"""Folders for the recordings of runs: kept, or only until the app ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from coroplay.host.recordings import (
    ELSEWHERE,
    Recordings,
    RecordingsError,
    default_folder,
    read_limit,
)

_KEPT: Final = 9
"""Number of the newest recordings, on the screen or lately there, that no limit removes."""


class Records:
    """Folders for recordings: where none can be kept, temporary ones for stepping through."""

    def __init__(self) -> None:
        self.notice = ""
        """A sentence on why the last recording is not kept; empty if it is."""
        self._kept: list[Path] = []
        self._untidy = False
        self._temporary: Path | None = None

    def new(self, program: str) -> Path | None:
        """Return an empty folder for a recording; None where there can't be one."""
        self.notice = ""
        try:
            record = Recordings(default_folder(os.environ)).new(program)
        except RecordingsError as error:
            temporary = self._new_temporary(program)
            what = "isn't recorded" if temporary is None else "is kept only until you quit"
            self.notice = f"{error}. This run {what}. {ELSEWHERE}."
            return temporary
        self._kept = [*self._kept, record][-_KEPT:]
        self._untidy = True
        return record

    def tidy(self) -> None:
        """Remove the oldest recordings, where there are too many, while the app goes on."""
        if self._untidy:
            self._untidy = False
            recordings, kept = Recordings(default_folder(os.environ)), list(self._kept)
            threading.Thread(target=_prune, args=(recordings, kept), daemon=True).start()

    def close(self) -> None:
        """Remove the recordings that were kept only until the app ends."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def _new_temporary(self, program: str) -> Path | None:
        try:
            if self._temporary is None:
                self._temporary = Path(tempfile.mkdtemp(prefix="coroplay-"))
            return Recordings(self._temporary).new(program)
        except (OSError, RecordingsError):
            return None


def _prune(recordings: Recordings, keep: list[Path]) -> None:
    try:
        recordings.prune(read_limit(os.environ), keep)
    except RecordingsError:
        return  # The command line tells of a bad limit.
