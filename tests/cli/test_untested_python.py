"""A person whose Python was not tested, or can't be used, is told so in a sentence."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Coroplay, Writer
from tests.support.faked_python import ALPHA, FREE_THREADED, NEWER, faked


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="what comes after 3.15 watches code by sys.monitoring"
)
@pytest.mark.parametrize(
    ("fake", "why"),
    [
        (NEWER, "it is for Python 3.11 to 3.15, and this is 3.16"),
        (ALPHA, "it is for releases of Python, and this is 3.15.0a7"),
    ],
    ids=["3.16", "an alpha"],
)
def test_a_run_and_its_recording_say_that_the_python_is_untested(
    coroplay: Coroplay,
    write: Writer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fake: str,
    why: str,
) -> None:
    monkeypatch.setenv("PYTHONPATH", faked(tmp_path / "faked", fake))
    ran = coroplay("run", write("x.py", "print('as usual')\n"))
    sentence = f"coroplay was not tested on this Python: {why}. It uses documented".encode()
    assert (ran.returncode, ran.stdout) == (0, b"as usual\n")
    assert sentence in ran.stderr
    said = coroplay("info", "last").stdout
    assert b"\nnote        " + sentence in said
    assert f"\nwritten     in Python; no accelerator: {why}\n".encode() in said


@pytest.mark.parametrize("arguments", [("run", "x.py"), ("list",), ()], ids=" ".join)
def test_a_free_threaded_python_is_refused_with_the_reason(
    coroplay: Coroplay,
    write: Writer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
) -> None:
    write("x.py", "print('never')\n")
    monkeypatch.setenv("PYTHONPATH", faked(tmp_path / "faked", FREE_THREADED))
    refused = coroplay(*arguments)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.startswith(b"coroplay: this Python is free-threaded")
    assert refused.stderr.count(b"\n") == 1
