"""Folders for the recordings of runs: kept, or only until the app ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from coroplay.host.shelf import ELSEWHERE, Shelf, ShelfError, default_folder, limit

_KEPT: Final = 9
"""Number of the newest recordings, on the screen or lately there, that no limit removes."""


class Records:
    """New folders for recordings, temporary ones where the usual place can't be written to."""

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
            record = Shelf(default_folder(os.environ)).new(program)
        except ShelfError as error:
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
            shelf, kept = Shelf(default_folder(os.environ)), list(self._kept)
            threading.Thread(target=_prune, args=(shelf, kept), daemon=True).start()

    def close(self) -> None:
        """Remove the recordings that were kept only until the app ends."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)
            self._temporary = None

    def _new_temporary(self, program: str) -> Path | None:
        try:
            if self._temporary is None:
                self._temporary = Path(tempfile.mkdtemp(prefix="coroplay-"))
            return Shelf(self._temporary).new(program)
        except (OSError, ShelfError):
            return None


def _prune(shelf: Shelf, keep: list[Path]) -> None:
    try:
        shelf.prune(limit(os.environ), keep)
    except ShelfError:
        return  # The command line tells of a bad limit.
