"""Opening the recording that a command names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from coroplay.cli.errors import NOT_FOUND, USAGE, CommandError
from coroplay.host import shelf as shelves
from coroplay.host.shelf import NoSuchRecordingError, Shelf, ShelfError
from coroplay.trace import Recording, RecordingError


@contextmanager
def open_recording(wanted: str) -> Iterator[Recording]:
    """Open a recording by path, name or "last". Raises CommandError if anything is wrong."""
    try:
        path = Shelf(shelves.default_folder(os.environ)).find(wanted)
        with Recording(path) as recording:
            yield recording
    except ShelfError as error:
        raise CommandError(USAGE, str(error)) from None
    except (NoSuchRecordingError, RecordingError) as error:
        raise CommandError(NOT_FOUND, str(error)) from None
