"""`coroplay completion`: what Tab offers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Coroplay

ASK = """
    source "$1"
    shift
    COMP_WORDS=("$@")
    COMP_CWORD=$(( $# - 1 ))
    _shtab_coroplay
    printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def script(coroplay: Coroplay) -> Path:
    path = coroplay.folder / "script"
    path.write_bytes(coroplay("completion", "bash").stdout)
    return path


def offered(script: Path, typed: str) -> list[str]:
    """What bash offers for the last word."""
    done = subprocess.run(
        ["bash", "-c", ASK, "bash", str(script), *typed.split(" ")],
        cwd=script.parent,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("coroplay li", ["list"]),
        ("coroplay run yi", ["yield"]),
        ("coroplay run 1", ["1", "10", "11"]),
        ("coroplay run sc", ["script"]),
        ("coroplay run 3 --program pla", ["plain"]),
        ("coroplay run --lev", ["--level"]),
        ("coroplay run 1 --level sw", ["switches"]),
        ("coroplay steps la", ["last"]),
        ("coroplay completion fi", ["fish"]),
    ],
)
def test_bash_offers_what_fits(script: Path, typed: str, offer: list[str]) -> None:
    assert offered(script, typed) == offer


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_a_teachers_lessons_are_offered_too(coroplay: Coroplay, lesson: str) -> None:
    script = coroplay.folder / "script"
    script.write_bytes(coroplay("completion", "bash", "--lessons", lesson).stdout)
    assert offered(script, "coroplay run cla") == ["class"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell_and_the_shell_takes_it(
    coroplay: Coroplay, shell: str
) -> None:
    done = coroplay("completion", shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"switch-cost" in done.stdout
    if shutil.which(shell):
        subprocess.run([shell, "-n", "/dev/stdin"], input=done.stdout, check=True)
