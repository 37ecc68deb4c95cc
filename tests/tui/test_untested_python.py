"""A person whose Python was not tested is told so, once and after all that is more important."""

from __future__ import annotations

import sys
from collections import namedtuple
from pathlib import Path

import pytest

from coroplay.trace import Recording
from tests.support.faked_python import VERSION, faked
from tests.tui.playing import TURNS, Play, played

SENTENCE = "coroplay was not tested on this Python: it is for releases of Python, and this is"
# The number stays, and so does all that is chosen by it.
ALPHA = (*sys.version_info[:3], "alpha", 7)
Version = namedtuple("Version", "major minor micro releaselevel serial")


@pytest.fixture
def untested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The app and the programs that it runs take their Python for an alpha version."""
    monkeypatch.setattr(sys, "version_info", Version(*ALPHA))
    source = VERSION.format(version=ALPHA, name="an alpha")
    monkeypatch.setenv("PYTHONPATH", faked(tmp_path / "faked", source))


@pytest.mark.usefixtures("untested")
def test_the_first_run_says_so_and_so_does_its_recording_when_it_is_opened(tmp_path: Path) -> None:
    @played(TURNS)
    async def run_twice_and_open(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        await play.until(lambda: play.told.startswith(SENTENCE))
        assert play.told.endswith("signs of being watched.")
        assert not play.main.query_one("#totals").has_class("-failed")
        recording = play.program.recording
        assert recording is not None
        first = recording.path
        await play.press("r")
        await play.until_ended()
        await play.until(lambda: not play.told)
        await play.main.run_display.open_recording(Recording(first))
        await play.until(lambda: play.told.startswith(SENTENCE))

    run_twice_and_open(tmp_path)


@pytest.mark.usefixtures("untested")
def test_it_is_said_after_what_is_wrong_with_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    @played("raise SystemExit(3)")
    async def run(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        await play.until(lambda: "r runs it again." in play.told)
        said = [play.told.index(words) for words in ("can't be written to", "status 3", SENTENCE)]
        assert said == sorted(said)

    run(tmp_path)


def test_on_a_tested_python_nothing_is_said_below_the_output(tmp_path: Path) -> None:
    @played(TURNS)
    async def run(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        await play.until(lambda: "■ ended" in play.shown("#header"))
        assert not play.told

    run(tmp_path)
