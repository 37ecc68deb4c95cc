"""A Python that passes itself off as another one, in a process and in all that it starts."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Final

from tests.support.programs import ROOT

VERSION: Final = """
    import sys
    from collections import namedtuple
    Version = namedtuple("Version", "major minor micro releaselevel serial")
    sys.version_info = Version{version}
    sys.version = "{name} (faked)"
"""
NEWER: Final = VERSION.format(version=(3, 16, 0, "final", 0), name="3.16.0")
ALPHA: Final = VERSION.format(version=(3, 15, 0, "alpha", 7), name="3.15.0a7")
FREE_THREADED: Final = """
    import sys
    sys.abiflags = "t"
"""


def faked(folder: Path, source: str) -> str:
    """Return the PYTHONPATH for such a Python: `source` runs at its start."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(textwrap.dedent(source))
    return f"{folder}:{ROOT}"
