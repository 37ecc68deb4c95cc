"""The probe's own code, recognised by the folder of its files."""

from __future__ import annotations

import os
from types import CodeType
from typing import Final

PROBE: Final = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")
"""The folder of the probe."""
COROPLAY: Final = os.path.dirname(os.path.dirname(PROBE))
"""The folder of coroplay."""


def is_own(code: CodeType) -> bool:
    """Tell whether code is the probe's own."""
    return code.co_filename.startswith(PROBE)
