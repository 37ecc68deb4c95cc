"""The lessons that a command knows: the built-in ones and those of the person's own."""

from __future__ import annotations

import os
from argparse import Namespace
from pathlib import Path

from coroplay import lessons
from coroplay.cli.errors import USAGE, CommandError, say


def load(parsed: Namespace) -> lessons.Catalogue:
    """Load all lessons. Raises CommandError if the folder named with ``--lessons`` is none."""
    extra = None if parsed.lessons is None else Path(parsed.lessons)
    if extra is not None and not extra.is_dir():
        raise CommandError(USAGE, f"{extra} is not a folder; name a folder of lessons")
    return lessons.load(lessons.folders(extra, os.environ))


def report_faults(catalogue: lessons.Catalogue) -> None:
    """Report on standard error which lessons are left out, and why."""
    for fault in catalogue.faults:
        say(str(fault))
