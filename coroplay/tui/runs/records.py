"""Folders for the recordings of runs: on the shelf, or only until the app ends."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Final

from coroplay.host.shelf import ELSEWHERE, Shelf, ShelfError, default_folder, limit

_KEPT: Final = 9
"""The newest recordings, which are on the screen or were: they stay, whatever the limit is."""


class Records:
    """Where the shelf can't be written to, there is still something to step through."""

    def __init__(self) -> None:
        self.notice = ""
        """Why the last recording is not kept, as a sentence; nothing where it is."""
        self._kept: list[Path] = []
        self._untidy = False
        self._passing: Path | None = None

    def new(self, program: str) -> Path | None:
        """An empty folder for a recording; None where there can't be one."""
        self.notice = ""
        try:
            record = Shelf(default_folder(os.environ)).new(program)
        except ShelfError as error:
            passing = self._new_passing(program)
            what = "isn't recorded" if passing is None else "is kept only until you quit"
            self.notice = f"{error}. This run {what}. {ELSEWHERE}."
            return passing
        self._kept = [*self._kept, record][-_KEPT:]
        self._untidy = True
        return record

    def tidy(self) -> None:
        """Remove the oldest recordings, where there are too many: meanwhile the app goes on."""
        if self._untidy:
            self._untidy = False
            shelf, kept = Shelf(default_folder(os.environ)), list(self._kept)
            threading.Thread(target=_prune, args=(shelf, kept), daemon=True).start()

    def close(self) -> None:
        """Remove what was to be kept only until now."""
        if self._passing is not None:
            shutil.rmtree(self._passing, ignore_errors=True)
            self._passing = None

    def _new_passing(self, program: str) -> Path | None:
        try:
            if self._passing is None:
                self._passing = Path(tempfile.mkdtemp(prefix="coroplay-"))
            return Shelf(self._passing).new(program)
        except (OSError, ShelfError):
            return None


def _prune(shelf: Shelf, keep: list[Path]) -> None:
    try:
        shelf.prune(limit(os.environ), keep)
    except ShelfError:
        return  # The command line tells of a bad limit.
