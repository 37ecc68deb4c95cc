"""Opening the recording that a command names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from coroplay.cli.errors import NOT_FOUND, USAGE, CommandError
from coroplay.host.recordings import (
    NoSuchRecordingError,
    Recordings,
    RecordingsError,
    default_folder,
)
from coroplay.trace import Recording, RecordingError


@contextmanager
def open_recording(wanted: str) -> Iterator[Recording]:
    """Open a recording by path, name or "last". Raises CommandError if anything is wrong."""
    try:
        path = Recordings(default_folder(os.environ)).find(wanted)
        with Recording(path) as recording:
            yield recording
    except RecordingsError as error:
        raise CommandError(USAGE, str(error)) from None
    except (NoSuchRecordingError, RecordingError) as error:
        raise CommandError(NOT_FOUND, str(error)) from None
