"""Look, guided by coverage, for a damaged recording that the reader has no sentence for.

`python -m tests.fuzz SECONDS` goes on from the corpus beside this file and keeps what it finds in
the folder ``build/fuzz``; `make fuzz` runs it. `python -m tests.fuzz FILE` replays a finding.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

import atheris

CORPUS: Final = Path(__file__).with_name("corpus")
FOUND: Final = Path("build", "fuzz")
_MEMORY: Final = 1 << 30
"""Bytes of memory that one recording may take."""
_LONGEST: Final = 60
"""Seconds that one recording may take; four are enough for any, on a machine that is not busy."""

with atheris.instrument_imports(include=["coroplay"]):
    from tests.fuzz.damage import BLOW, MOST_BLOWS, damaged
    from tests.support.every_reader import faults

_MEMORY_DISK: Final = Path("/dev/shm")


def one(data: bytes, folder: Path) -> None:
    """Damage a recording and look at all of it."""
    faults(damaged(data, folder))


def main() -> None:
    """Fuzz for so many seconds, or replay a finding."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "60"
    FOUND.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_len={1 + BLOW.size * MOST_BLOWS}",
        f"-timeout={_LONGEST}",
        f"-artifact_prefix={FOUND}/",
        f"-rss_limit_mb={_MEMORY >> 20}",
        "-len_control=0",
    ]
    if asked.isdigit():
        options += [f"-max_total_time={asked}", str(FOUND / "seen"), str(CORPUS)]
        (FOUND / "seen").mkdir(exist_ok=True)
    else:
        options.append(asked)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(dir=_MEMORY_DISK if _MEMORY_DISK.is_dir() else None) as folder:
        atheris.Setup([sys.argv[0], *options], partial(one, folder=Path(folder)))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
