"""The accelerator knows the insides of some versions of Python, and keeps away from all others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHOICE = """
import sys
sys.version_info = {version}
from coroplay.probe import accelerator
print(accelerator.name, accelerator.why_not, "coroplay.probe._accelerator" in sys.modules)
"""


@pytest.mark.parametrize("version", [(3, 14, 0, "final", 0), (4, 0, 0, "alpha", 1)])
def test_a_newer_python_than_it_was_tested_with_has_to_do_without(
    version: tuple[int | str, ...],
) -> None:
    command = [sys.executable, "-c", CHOICE.format(version=version)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    reason = f"it is for Python 3.11 to 3.13, and this is {version[0]}.{version[1]}"
    assert said == f"python {reason} False\n"
