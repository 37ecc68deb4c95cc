"""Builds the wheel the way a release does, installs it far from the checkout and tries it."""

import json
import subprocess
import sys
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(300)]

CHECKOUT = Path(__file__).resolve().parents[2]
LESSONS = 11

CATALOGUE = """
import json
from coroplay.lessons import built_in, load
catalogue = load([built_in()])
lessons = [[lesson.order, lesson.id, lesson.title, [program.name for program in lesson.programs]]
           for lesson in catalogue.lessons]
print(json.dumps({"faults": [str(fault) for fault in catalogue.faults], "lessons": lessons}))
"""


@dataclass(frozen=True, slots=True)
class Built:
    """What one build made."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True, slots=True)
class Installed:
    """One Python that has coroplay, and a folder to run it in."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> str:
        """Runs a command of that Python's; its standard output."""
        done = subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A source archive, and a wheel made from that archive rather than from the checkout."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    subprocess.run([*command, str(CHECKOUT)], check=True)
    return Built(next(target.glob("*.whl")), next(target.glob("*.tar.gz")))


@pytest.fixture(scope="module")
def from_wheel(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=True)
    installed = Installed(folder / "venv" / "bin", folder)
    installed.run(
        *("python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--constraint", str(CHECKOUT / "constraints.txt"), str(built.wheel)),
    )
    return installed


@pytest.fixture
def from_checkout(tmp_path: Path) -> Installed:
    return Installed(Path(sys.executable).parent, tmp_path)


def lesson_files_of_checkout() -> set[str]:
    """Everything under demos/ that is a lesson's, as paths from the checkout."""
    return {
        str(path.relative_to(CHECKOUT))
        for path in (CHECKOUT / "demos").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }


def below(names: list[str], prefix: str) -> Iterator[str]:
    """The names of files under a prefix, without it."""
    for name in names:
        if name.startswith(prefix) and not name.endswith("/"):
            yield name.removeprefix(prefix)


def test_the_wheel_carries_the_lesson_files_and_no_others(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
    carried = {f"demos/{name}" for name in below(names, "coroplay/demos/")}
    assert carried == lesson_files_of_checkout()


def test_the_wheel_carries_the_type_marker_and_nothing_of_the_tests(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
    assert "coroplay/py.typed" in names
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"coroplay", f"{built.wheel.name.partition('-py3')[0]}.dist-info"}


def test_the_source_archive_carries_lessons_and_tests(built: Built) -> None:
    root = built.sdist.name.removesuffix(".tar.gz") + "/"
    with tarfile.open(built.sdist) as archive:
        names = list(below([member.name for member in archive if member.isfile()], root))
    assert lesson_files_of_checkout() <= set(names)
    assert str(Path(__file__).relative_to(CHECKOUT)) in names
    assert not [name for name in names if "__pycache__" in name]


def test_wheel_and_checkout_find_the_same_lessons(
    from_wheel: Installed, from_checkout: Installed
) -> None:
    found = json.loads(from_wheel.run("python", "-c", CATALOGUE))
    assert found["faults"] == []
    assert len(found["lessons"]) == LESSONS
    assert found == json.loads(from_checkout.run("python", "-c", CATALOGUE))


def test_wheel_and_checkout_list_the_same(from_wheel: Installed, from_checkout: Installed) -> None:
    assert from_wheel.run("coroplay", "list") == from_checkout.run("coroplay", "list")


def test_the_installed_package_is_not_the_checkout(from_wheel: Installed) -> None:
    where = from_wheel.run("python", "-c", "import coroplay; print(coroplay.__file__)")
    assert Path(where.strip()).is_relative_to(from_wheel.folder)


def test_lesson_2_of_the_wheel_prints_what_plain_python_prints(from_wheel: Installed) -> None:
    plain = """
import runpy
from coroplay.lessons import built_in, load
program = load([built_in()]).find("2").programs[0]
runpy.run_path(str(program.file), run_name="__main__")
"""
    printed = from_wheel.run("coroplay", "run", "2")
    assert printed
    assert printed == from_wheel.run("python", "-c", plain)
