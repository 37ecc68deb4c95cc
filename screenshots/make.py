"""Draws the pictures in this folder from the real app on real runs.

`python screenshots/make.py` draws them all, or those that are named; with `--check` it draws them
into a folder of its own and says which of those here show other words than they would now.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from coroplay.lessons import built_in, load  # noqa: E402
from coroplay.trace import How, Switch  # noqa: E402
from coroplay.tui.app import Playground, Start  # noqa: E402
from tests.tui.playing import Play  # noqa: E402

Scene = Callable[[Play], Awaitable[None]]
PATIENCE: Final = 60
TRIES: Final = 6
WIDE: Final = (190, 46)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: the lesson, the size of the terminal, and what is done in it."""

    lesson: str
    size: tuple[int, int]
    scene: Scene
    theme: str = "coroplay-dark"


async def running(play: Play) -> None:
    """Lesson 1, in the middle of its run."""
    await play.press("enter")
    await play.until(lambda: sum("hears" in line for line in play.lines()) == 2)


async def stepping(play: Play) -> None:
    """Lesson 1 at a step at which a value is on its way."""
    await run_quickly(play)
    recording = play.program.recording
    assert recording is not None
    sends = [s.step for s in recording if isinstance(s, Switch) and s.how is How.SEND]
    await go_to(play, sends[2])


async def timeline(play: Play) -> None:
    """Lesson 5, run to its end, with the timeline."""
    await play.press("enter")
    await play.until_ended()
    await play.press("shift+left", "shift+left", "shift+left")


async def compared(play: Play) -> None:
    """Lesson 7: two programs and how they compare."""
    await play.press("enter")
    await play.until_ended()
    await play.press("p", "2")


async def typing(play: Play) -> None:
    """Lesson 9: typing to the client."""
    await play.press("enter")
    await play.until(lambda: play.programs[1].wants_input)
    await play.press(*"hello", "enter")
    await play.until(lambda: any("HELLO" in line for line in play.lines(1)))
    await play.press(*"is anybody")
    # Which lines of its source are in sight depends on what was seen of it in passing.
    for move in (play.playhead.first, play.playhead.last):
        move()
        play.main.run_display.draw()
        await settled(play)


async def narrow(play: Play) -> None:
    """Lesson 1 on 80 columns, stepping."""
    await stepping(play)
    await play.press("3")


async def run_quickly(play: Play) -> None:
    """Run the chosen lesson, its pauses short."""
    await play.press("e", "tab", *"0.1", "enter")
    await play.until_ended()


async def go_to(play: Play, step: int) -> None:
    """Stand on a step."""
    play.playhead.go_to(step)
    play.main.run_display.draw()


PICTURES: Final = {
    "running": Picture("yield", WIDE, running),
    "stepping": Picture("yield", WIDE, stepping),
    "timeline": Picture("switch-on-wait", WIDE, timeline),
    "compared": Picture("sync-async", WIDE, compared),
    "typing": Picture("echo-server", WIDE, typing),
    "narrow": Picture("yield", (80, 24), narrow),
    "light": Picture("yield", WIDE, stepping, "coroplay-light"),
}


async def draw(picture: Picture) -> str:
    """The picture as SVG."""
    lessons = load([built_in()])
    app = Playground(lessons, Start(lessons.find(picture.lesson)))
    app.theme = picture.theme
    # Else the panes grow when the welcome goes, and other lines of a source are in sight.
    app.settings.welcomed = True
    async with app.run_test(size=picture.size) as pilot:
        await pilot.pause()
        play = Play(app, pilot)
        async with asyncio.timeout(PATIENCE):
            await play.until(lambda: app.main.query("Markdown"))
            await picture.scene(play)
            return await settled(play)


async def settled(play: Play) -> str:
    """The picture once several looks in a row show the same words."""
    pictures: list[str] = []
    while len(pictures) < 4 or any(words(one) != words(pictures[-1]) for one in pictures[-4:]):
        await play.app.workers.wait_for_complete()
        await play.pilot.pause(0.02)
        pictures.append(play.app.export_screenshot(title="coroplay"))
    return pictures[-1]


def is_up_to_date(name: str) -> bool:
    """Whether a picture shows the words it would show now.

    A program that runs goes on while it is looked at: the same moment may take a second try.
    """
    file = HERE / f"{name}.svg"
    if not file.exists():
        return False
    shown = words(file.read_text())
    return any(words(asyncio.run(draw(PICTURES[name]))) == shown for _ in range(TRIES))


def words(svg: str) -> set[str]:
    """The words that a picture shows, without numbers, which differ from run to run."""
    text = unescape(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg)))
    return set(re.findall(r"[A-Za-z]{3,}", text))


def main() -> int:
    """Draw, or check; the status says whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="say which are out of date")
    parser.add_argument("names", nargs="*", choices=[[], *PICTURES], help="which; all without")
    options = parser.parse_args()
    stale: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["XDG_STATE_HOME"] = home
        for name in options.names or PICTURES:
            if not options.check:
                (HERE / f"{name}.svg").write_text(asyncio.run(draw(PICTURES[name])))
            elif not is_up_to_date(name):
                stale.append(name)
    for name in stale:
        print(f"{name}.svg is out of date: python screenshots/make.py {name}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
