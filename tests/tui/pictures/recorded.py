"""Recordings that lie beside the tests, so that a picture of a run is the same on every machine.

`python -m tests.tui.pictures.recorded` makes them anew: after a change of their format, or of a
lesson. They are real ones, packed; what is different from machine to machine is replaced by a mark
on the way in, and on the way out by the folder of the lessons here.
"""

from __future__ import annotations

import json
import os
import shutil
import sysconfig
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coroplay.trace import Ending, EndingKind, Recording, layout, write_ending
from tests.support.programs import DEMOS, Workbench

HERE: Final = Path(__file__).with_name("recordings")
_ROOM: Final = 200
"""Bytes of the path to the folder of the lessons, in a recording: as long as may be needed."""
_MARK: Final = "@"
_SAME: Final = {"pid": 1, "started": "2026-01-01T00:00:00+0000", "directory": "/"}
_MOMENT: Final = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Program:
    """A program of a lesson, as it is to be recorded."""

    file: str
    arguments: tuple[str, ...] = ()
    main: str = "main"


PROGRAMS: Final = {
    "lesson-1": Program("01_yield/producer_consumer.py", ("--pace", "0.25"), "producer"),
    "lesson-5": Program("05_switch_on_wait/eat_play.py"),
    "lesson-7-synchronous": Program("07_sync_async/synchronous.py", ("--pause", "0.25")),
    "lesson-7-asynchronous": Program("07_sync_async/asynchronous.py", ("--pause", "0.25")),
}


def unpacked(name: str, folder: Path) -> Recording:
    """One of the recordings, in that folder, as if it had been made here."""
    path = folder / name
    with zipfile.ZipFile(HERE / f"{name}.zip") as packed:
        packed.extractall(path)
    _replace(path, _MARK, os.fspath(DEMOS))
    return Recording(path)


def _replace(recording: Path, old: str, new: str) -> None:
    """Put the paths of files that begin with the one folder into the other."""
    texts = bytearray((recording / layout.TEXTS.name).read_bytes())
    locations = (recording / layout.LOCATIONS.name).read_bytes()[layout.HEADER_SIZE :]
    size = layout.LOCATION.size
    for file, *_ in layout.LOCATION.iter_unpack(locations[: len(locations) // size * size]):
        if not file:
            continue  # No row, but room for one.
        at = file * layout.TEXT_ALIGNMENT
        (length,) = layout.LENGTH.unpack_from(texts, at)
        start = at + layout.LENGTH.size
        was = texts[start : start + length].decode()
        if was.startswith(f"{old}/"):
            path = (new + was.removeprefix(old)).encode()
            assert len(path) <= _ROOM, f"{new} is too long a path to put a recording's lessons at"
            room = max(length, len(path))
            texts[at : start + room] = layout.LENGTH.pack(len(path)) + path.ljust(room, b"\0")
    (recording / layout.TEXTS.name).write_bytes(texts)
    meta = recording / layout.META
    meta.write_text(meta.read_text().replace(f'"{old}/', f'"{new}/'))


def _pack(recording: Path, folder: Path, file: Path) -> None:
    """Put a recording of lessons in that folder into an archive, without what isn't the same."""
    _replace(recording, os.fspath(folder), _MARK)
    _replace(recording, sysconfig.get_path("purelib"), "/library")
    write_ending(recording, Ending(EndingKind.EXIT, 0, pipe_closed=False))
    meta = recording / layout.META
    meta.write_text(json.dumps({**json.loads(meta.read_text()), **_SAME}))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in sorted(recording.iterdir()):
            data = one.read_bytes()
            if not one.suffix:
                # Without the zeros that were set aside for more; a few show where it ends.
                data = (data.rstrip(b"\0") + bytes(64)).ljust(layout.HEADER_SIZE, b"\0")
            packed.writestr(zipfile.ZipInfo(one.name, _MOMENT), data)


def main() -> None:
    """Make all of them anew."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        # File names come to at most 64 bytes, and the whole to what is set aside for a path.
        folder = Path(scratch) / "lessons"
        folder /= "x" * (_ROOM - 64 - len(os.fsencode(folder)) - 1)
        shutil.copytree(DEMOS, folder)
        bench = Workbench(Path(scratch))
        for name, program in PROGRAMS.items():
            path = os.fspath(folder / program.file)
            options = ("--main-name", program.main)
            with bench.record(path, *program.arguments, options=options) as made:
                _pack(made.path, folder, HERE / f"{name}.zip")


if __name__ == "__main__":
    main()
