"""Pictures of the playground's main states, compared with those that a person has looked at.

After a change that is meant: `pytest tests/tui/pictures --snapshot-update`, and look at them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from coroplay.lessons import built_in, load
from coroplay.planning import plan_lesson
from coroplay.trace import How, Recording, Switch
from coroplay.tui import screen
from coroplay.tui.app import Playground, Start
from coroplay.tui.runs.session import Session
from coroplay.tui.settings import Settings, save
from coroplay.tui.stepping.source_pane import SourcePane
from tests.tui.pictures.recorded import unpacked
from tests.tui.playing import Play

WIDE, NARROW, TINY = (160, 45), (80, 24), (40, 12)
Scene = Callable[[Play], Awaitable[None]]
PICTURE_ID = re.compile(r"(?<=terminal-)\d+")
SHOWN = re.compile(r"(<text[^>]*>)([^<]*)")
DIGIT = re.compile(r"(?:&#160;|\d)*\d\.\d\d|&#\w+;|\d")
"""A time with the blanks before it, what is no digit though it has some, a digit."""

TIMED_ROW = re.compile(r'line-(\d+)\)">[^<]*\d\.\d\d&#160;s&#160;')
IN_ROW = r'<rect fill[^>]* y="{top}"[^>]*/>|<text[^>]*line-{row}\)">[^<]*</text>'
"""All that is in a row of the terminal, by its number and by where it is."""


class Steady(Playground):
    """The app on a real run, with a 0 for each digit, as times and ports never come again.

    Rows that say how long a program has run are left out: on a slow machine they have a digit more.
    The one place in which a picture is not what the app shows.
    """

    CSS_PATH = os.fspath(Path(screen.__file__).with_suffix(".tcss"))

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        picture = super().export_screenshot(title=title, simplify=simplify)
        for row in set(TIMED_ROW.findall(picture)):
            picture = re.sub(IN_ROW.format(row=row, top=f"{24.4 * int(row) + 1.5:g}"), "", picture)
        return SHOWN.sub(lambda text: text[1] + DIGIT.sub(_zero, text[2]), picture)


def _zero(found: re.Match[str]) -> str:
    if found[0].endswith(";"):
        return found[0]
    whole, dot, part = found[0].replace("&#160;", "0").partition(".")
    return "0" * len(whole) + dot + "0" * len(part)


class Compare(Protocol):
    """The plugin's fixture, as it is called."""

    def __call__(
        self,
        app: App[None],
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[None]], Awaitable[None]],
    ) -> bool: ...


@pytest.fixture
def picture(snap_compare: Compare, tmp_path: Path) -> Callable[..., bool]:
    """Compares what is seen after a scene."""

    def compare(
        scene: Scene,
        *,
        size: tuple[int, int] = WIDE,
        lesson: str = "yield",
        recordings: tuple[str, ...] = (),
        settings: Settings | None = None,
        start: Start | None = None,
        app: type[Playground] = Playground,
    ) -> bool:
        save(settings or Settings(lesson=lesson, welcomed=True), os.environ)
        playground = app(load([built_in()]), start)

        async def play(pilot: Pilot[None]) -> None:
            play = Play(playground, pilot)
            await play.until(lambda: playground.main.query("Markdown") or start)
            if recordings:
                await _open(play, lesson, [unpacked(one, tmp_path) for one in recordings])
            await scene(play)
            await _settle(play)

        return snap_compare(playground, terminal_size=size, run_before=play)

    return compare


async def _open(play: Play, lesson: str, recordings: list[Recording]) -> None:
    plan = plan_lesson(play.app._catalogue.find(lesson), {})
    await play.main.run_display.show_session(
        play.main.run_display.runs.open_session(Session.of_recordings(plan, recordings))
    )
    await play.until_ended()
    await play.press("end")
    await _settle(play)
    # Which lines are in sight depends on how high a pane was while the others found their room.
    for source in play.main.query(SourcePane):
        source.forget()
    play.main.run_display.draw()


async def _settle(play: Play) -> None:
    """Wait for late changes: several checks in a row must see the same."""
    for one in play.app.screen.query(Input):
        one.cursor_blink = False
    seen: list[str] = []
    while len(seen) < 5 or len(set(seen[-5:])) > 1:
        await play.app.workers.wait_for_complete()
        for _ in range(3):
            await play.pilot.pause(0.02)
        seen.append(PICTURE_ID.sub("", play.app.export_screenshot()))


async def stay(play: Play) -> None:
    """Nothing more is done."""


async def to_a_value_in_flight(play: Play) -> None:
    """Lesson 1 at the third number that is sent."""
    recording = play.program.recording
    assert recording is not None
    sends = [s.step for s in recording if isinstance(s, Switch) and s.how is How.SEND]
    play.playhead.go_to(sends[2])
    play.main.run_display.draw()


async def to_the_step_through(play: Play) -> None:
    """The same, in the pane that tells of it."""
    await play.press("3")
    await to_a_value_in_flight(play)


def test_the_first_start_with_its_welcome(picture: Callable[..., bool]) -> None:
    assert picture(stay, settings=Settings())


def test_lesson_1_is_chosen(picture: Callable[..., bool]) -> None:
    assert picture(stay)


def test_lesson_1_is_finished(picture: Callable[..., bool]) -> None:
    assert picture(stay, recordings=("lesson-1",))


def test_lesson_1_with_a_value_in_flight(picture: Callable[..., bool]) -> None:
    assert picture(to_a_value_in_flight, recordings=("lesson-1",))


def test_lesson_1_on_a_wide_screen(picture: Callable[..., bool]) -> None:
    assert picture(to_a_value_in_flight, recordings=("lesson-1",), size=(200, 50))


def test_the_light_theme(picture: Callable[..., bool]) -> None:
    settings = Settings(theme="coroplay-light", lesson="yield", welcomed=True)
    assert picture(to_a_value_in_flight, recordings=("lesson-1",), settings=settings)


def test_eighty_by_twenty_four(picture: Callable[..., bool]) -> None:
    assert picture(to_the_step_through, recordings=("lesson-1",), size=NARROW)


def test_forty_by_twelve(picture: Callable[..., bool]) -> None:
    assert picture(to_the_step_through, recordings=("lesson-1",), size=TINY)


def test_lesson_5_and_its_timeline(picture: Callable[..., bool]) -> None:
    async def back(play: Play) -> None:
        await play.press("4", *["shift+left"] * 4)

    assert picture(back, lesson="switch-on-wait", recordings=("lesson-5",))


def test_lesson_7_compared(picture: Callable[..., bool]) -> None:
    recordings = ("lesson-7-synchronous", "lesson-7-asynchronous")
    assert picture(stay, lesson="sync-async", recordings=recordings)


def test_lesson_9_with_input(picture: Callable[..., bool]) -> None:
    async def type_to_the_client(play: Play) -> None:
        play.main.query_one("#header").display = False  # It ticks.
        await play.press("enter")
        await play.until(lambda: play.main.panes.typing_input)
        await play.press(*"hi", "enter")
        await play.until(lambda: any("HI" in line for line in play.lines(1)))
        await play.press(*"ok?")

    settings = Settings(lesson="echo-server", pane="output", zoomed=True, welcomed=True)
    assert picture(type_to_the_client, settings=settings, app=Steady)


def test_a_filter_that_matches_nothing(picture: Callable[..., bool]) -> None:
    async def filter_(play: Play) -> None:
        await play.press("/", *"xyzzy")

    assert picture(filter_)


def test_a_script_with_a_syntax_error(
    picture: Callable[..., bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("def broken(:\n    pass\n")
    assert picture(stay, start=Start(script=Path("mine.py")))


def test_the_keys(picture: Callable[..., bool]) -> None:
    async def ask(play: Play) -> None:
        await play.press("?")

    assert picture(ask)
