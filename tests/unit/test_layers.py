"""Looks at what really gets imported, in a fresh interpreter.

import-linter reads the sources (`make check`); this sees what a running Python has loaded.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

COLLECT = """
import json, sys
already = set(sys.modules)
import {module}
print(json.dumps(sorted(set(sys.modules) - already)))
"""

SCREEN = {"rich", "textual"}
SUBJECTS = {"gevent", "greenlet"}


def imported_by(module: str, folder: Path) -> set[str]:
    """Names of all the modules that `import module` loads."""
    program = COLLECT.format(module=module)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True
    )
    return set(json.loads(done.stdout))


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def parts_of_ours(modules: set[str]) -> set[str]:
    """Which of coroplay's own packages are among them."""
    return {name.split(".")[1] for name in modules if name.startswith("coroplay.")}


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("coroplay.cli", SCREEN | SUBJECTS),
        ("coroplay.host", SCREEN | SUBJECTS),
        ("coroplay.trace", SCREEN | SUBJECTS | {"asyncio", "multiprocessing", "subprocess"}),
        ("coroplay.probe", SCREEN | {"asyncio", "gevent", "multiprocessing", "subprocess"}),
        # Every program that is watched waits for what the probe loads: these take 10 ms.
        ("coroplay.probe.child", {"dataclasses", "inspect", "socket", "sysconfig", "threading"}),
    ],
)
def test_import_loads_nothing_it_must_not(module: str, kept_out: set[str], tmp_path: Path) -> None:
    assert not packages(imported_by(module, tmp_path)) & kept_out


@pytest.mark.parametrize(
    ("module", "may_load"),
    [
        ("coroplay.cli", {"cli", "host", "lessons", "trace"}),
        ("coroplay.host", {"host", "trace"}),
        ("coroplay.lessons", {"lessons"}),
        ("coroplay.probe", {"probe", "trace"}),
        ("coroplay.trace", {"trace"}),
    ],
)
def test_import_loads_only_the_layers_below(
    module: str, may_load: set[str], tmp_path: Path
) -> None:
    assert parts_of_ours(imported_by(module, tmp_path)) <= may_load


def test_lessons_need_only_the_standard_library(tmp_path: Path) -> None:
    loaded = packages(imported_by("coroplay.lessons", tmp_path))
    assert loaded <= sys.stdlib_module_names | {"coroplay"}
    assert "subprocess" not in loaded


def test_listing_the_lessons_never_loads_textual(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "coroplay", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    timings = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    loaded = {line.rpartition("|")[2].strip() for line in timings}
    assert "coroplay.cli" in loaded
    assert not packages(loaded) & (SCREEN | SUBJECTS)
