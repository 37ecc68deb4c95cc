"""Whose lines are recorded: those of the person's own project, wherever it is started from."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Line, Recording
from tests.support.programs import Workbench

LIBRARY = """
def numbers(n):
    for i in range(n):
        yield i
"""
USES = """
import os, sys
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from lib.util import numbers
print(list(numbers(2)))
"""
TESTS = """
import unittest
from lib.util import numbers
class Test(unittest.TestCase):
    def test_numbers(self):
        self.assertEqual(list(numbers(2)), [0, 1])
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a package, a script and a library side by side."""
    folder = tmp_path / "project"
    files = {
        "lib/__init__.py": "",
        "lib/util.py": LIBRARY,
        "app/__init__.py": "",
        "app/__main__.py": "from lib.util import numbers\nprint(list(numbers(2)))\n",
        "scripts/run.py": USES,
        "test_it.py": TESTS,
    }
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    return folder


@pytest.fixture
def inside(project: Path) -> Workbench:
    """Programs that are run in the project's folder."""
    return Workbench(project)


@pytest.fixture
def outside(tmp_path: Path) -> Workbench:
    """Programs that are run in another folder."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Workbench(folder)


def own_files(recording: Recording, folder: Path) -> set[str]:
    """The files of which lines are recorded, as paths in a folder where they lie there."""
    with recording:
        places = [step.place for step in recording if isinstance(step, Line)]
    names = {place.file for place in places if place is not None}
    return {name.removeprefix(f"{folder}/") for name in names}


@pytest.mark.parametrize("is_marked", [False, True], ids=["", "pyproject"])
@pytest.mark.parametrize(
    ("target", "file"),
    [
        (("-m", "app"), "app/__main__.py"),
        (("scripts/run.py",), "scripts/run.py"),
        (("-m", "unittest", "-q"), "test_it.py"),
    ],
    ids=["module", "script", "unittest"],
)
def test_all_of_a_project_is_own_and_nothing_else(
    inside: Workbench, project: Path, target: tuple[str, ...], file: str, is_marked: bool
) -> None:
    if is_marked:
        (project / "pyproject.toml").touch()
    found = own_files(inside.record(*target), project)
    assert found >= {file, "lib/util.py"}
    assert not any(name.startswith("/") for name in found)


def test_a_project_is_found_from_any_folder(outside: Workbench, project: Path) -> None:
    (project / ".git").mkdir()
    script = project / "scripts" / "run.py"
    found = own_files(outside.record(str(script)), project)
    assert found == {"scripts/run.py", "lib/__init__.py", "lib/util.py"}


def test_without_a_sign_of_a_project_the_folder_of_the_script_is_own(
    outside: Workbench, project: Path
) -> None:
    script = project / "scripts" / "run.py"
    assert own_files(outside.record(str(script)), project) == {"scripts/run.py"}


def test_an_environment_in_a_project_is_not_own(inside: Workbench, project: Path) -> None:
    (project / "lib" / "pyvenv.cfg").touch()
    assert own_files(inside.record("-m", "app"), project) == {"app/__main__.py", "app/__init__.py"}


def test_of_a_home_folder_only_the_files_in_it_are_own(inside: Workbench, project: Path) -> None:
    (project / ".git").mkdir()
    (project / "run.py").write_text("from lib.util import numbers\nprint(list(numbers(2)))\n")
    recording = inside.record("run.py", HOME=str(project))
    assert own_files(recording, project) == {"run.py"}


def test_the_command_of_an_installed_package_is_not_own_but_the_current_folder_is(
    inside: Workbench, project: Path, tmp_path: Path
) -> None:
    command = tmp_path / "environment" / "bin" / "runs-tests"
    command.parent.mkdir(parents=True)
    (tmp_path / "environment" / "pyvenv.cfg").touch()
    command.write_text("import sys, unittest\nsys.path.insert(0, '')\nunittest.main('test_it')\n")
    found = own_files(inside.record(str(command)), project)
    assert found == {"test_it.py", "lib/util.py", "lib/__init__.py"}


def test_a_person_may_name_what_is_own_and_what_is_not(inside: Workbench, project: Path) -> None:
    options = ["--own", f"{project}/lib/util.py", "--not-own", f"{project}/lib"]
    recording = inside.record("-m", "app", options=[*options, "--not-own", f"{project}/app"])
    assert own_files(recording, project) == {"lib/util.py"}
