"""Build the wheel from a source archive, install it far from the checkout and try it.

setuptools comes from the environment that runs the tests, so constraints.txt holds for the build.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from coroplay.probe.base import accelerator

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
    """The two archives of one build."""

    wheel: Path
    sdist: Path


@dataclass(frozen=True, slots=True)
class Installed:
    """A Python that has coroplay, and a folder to run it in."""

    bin: Path
    folder: Path

    def run(self, *command: str) -> str:
        """Return the standard output of a command that came with this Python."""
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
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A source archive, and a wheel made from that archive rather than from the checkout."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    subprocess.run([*command, str(CHECKOUT)], check=True)
    if kept := request.config.getoption("--keep", default=None):
        shutil.copytree(target, kept, dirs_exist_ok=True)
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
    """Paths, from the checkout on, of all files of lessons."""
    return {
        str(path.relative_to(CHECKOUT))
        for path in (CHECKOUT / "demos").rglob("*")
        if path.is_file() and path.suffix != ".pyc" and not path.name.startswith(".")
    }


def below(names: list[str], prefix: str) -> Iterator[str]:
    """Names of the files under a prefix, which is cut off."""
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
    assert tops == {"coroplay", f"{'-'.join(built.wheel.name.split('-')[:2])}.dist-info"}


def test_the_wheel_carries_the_accelerator_and_not_its_source(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as wheel:
        names = wheel.namelist()
    assert not [name for name in names if name.endswith((".c", ".h"))]
    if not accelerator.used:
        pytest.skip(f"this Python has no accelerator: {accelerator.why_not}")
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    assert f"coroplay/probe/native/_accelerator{suffix}" in names


def test_the_wheel_records_lesson_1_with_the_same_recorder_as_the_checkout(
    from_wheel: Installed,
) -> None:
    from_wheel.run("coroplay", "run", "1", "--set", "items=1", "--set", "pace=0")
    recorder = (
        "by the accelerator, in C"
        if accelerator.used
        else f"in Python; no accelerator: {accelerator.why_not}"
    )
    assert f"written     {recorder}\n" in from_wheel.run("coroplay", "info", "last")


def test_without_a_compiler_it_installs_and_records_in_python(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (root,) = tmp_path.iterdir()
    done = subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build", "--build-lib", "built"],
        cwd=root,
        env={**os.environ, "CC": "no-such-compiler"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not list((root / "built").rglob("*.so"))
    script = tmp_path / "program.py"
    script.write_text("print('words')")
    command = [sys.executable, "-m", "coroplay"]
    for arguments in (["run", str(script), "--record", "made"], ["info", "made", "--json"]):
        done = subprocess.run(
            [*command, *arguments],
            cwd=root / "built",
            env={**os.environ, "PYTHONPATH": str(root / "built")},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["accelerator"], told["accelerator_why_not"]) == ("python", "it was not built")


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
