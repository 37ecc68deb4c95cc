"""Looks at what really gets imported, in a fresh interpreter.

import-linter reads the sources (`make check`); this sees what a running Python has loaded.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import coroplay

COLLECT = """
import json, sys
already = set(sys.modules)
import {module}
print(json.dumps(sorted(set(sys.modules) - already)))
"""

FIRST_FRAME = """
import json, sys
from pathlib import Path
from {module} import {app}

class Seen({app}):
    CSS_PATH = {css!r}

    def on_mount(self):
        self.call_after_refresh(self.tell)

    def tell(self):
        Path("modules").write_text(json.dumps(sorted(sys.modules)))
        self.exit()

{lessons}
Seen({arguments}).run(headless=True, size=(120, 40))
"""
MINIMAL: dict[str, str | None] = {
    "module": "textual.app",
    "app": "App",
    "css": None,
    "lessons": "",
    "arguments": "",
}
PLAYGROUND: dict[str, str | None] = {
    "module": "coroplay.tui.app",
    "app": "Playground",
    "css": str(Path(coroplay.__file__).with_name("tui") / "screen.tcss"),
    "lessons": "from coroplay.lessons import built_in, load",
    "arguments": "load([built_in()])",
}

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
    """Those they belong to; what mypyc adds to a compiled one, named by a checksum, isn't one."""
    names = {name.partition(".")[0] for name in modules}
    return {name for name in names if not name.endswith("__mypyc")}


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
        ("coroplay.cli", {"cli", "host", "lessons", "pythons", "trace"}),
        ("coroplay.host", {"host", "trace"}),
        ("coroplay.lessons", {"lessons"}),
        ("coroplay.probe", {"probe", "pythons", "trace"}),
        ("coroplay.trace", {"trace"}),
    ],
)
def test_import_loads_only_the_layers_below(
    module: str, may_load: set[str], tmp_path: Path
) -> None:
    assert parts_of_ours(imported_by(module, tmp_path)) <= may_load


def test_lessons_need_only_the_standard_library_and_tomli(tmp_path: Path) -> None:
    loaded = packages(imported_by("coroplay.lessons", tmp_path))
    assert loaded <= sys.stdlib_module_names | {"coroplay", "tomli"}
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


def loaded_at_first_frame(app: dict[str, str | None], folder: Path) -> set[str]:
    """Names of all the modules that an app has loaded when its first frame has been drawn."""
    environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
    program = [sys.executable, "-c", FIRST_FRAME.format(**app)]
    subprocess.run(program, cwd=folder, env=environment, check=True)
    return set(json.loads((folder / "modules").read_text()))


@pytest.fixture(scope="module")
def at_first_frame(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What the playground has loaded then, and a minimal app has not."""
    folder = tmp_path_factory.mktemp("first-frame")
    return loaded_at_first_frame(PLAYGROUND, folder) - loaded_at_first_frame(MINIMAL, folder)


def test_the_first_frame_needs_hardly_a_library_that_a_minimal_app_does_without(
    at_first_frame: set[str],
) -> None:
    glyphs = "rich._unicode_data."  # rich's table of how wide they are
    others = {name for name in at_first_frame if not name.startswith(("coroplay", glyphs))}
    assert packages(others) - set(sys.builtin_module_names) <= {"tomli"}


def test_the_first_frame_waits_for_nothing_that_only_runs_need(at_first_frame: set[str]) -> None:
    assert parts_of_ours(at_first_frame) == {"coroutine_colours", "lessons", "sanitizing", "tui"}
    later = {"host", "lessons.checking", "tui.dialogs", "tui.runs", "tui.drawing.ansi"}
    later |= {"tui.output.view", "tui.stepping.step_through", "tui.timeline.timeline"}
    assert not {f"coroplay.{name}" for name in later} & at_first_frame
