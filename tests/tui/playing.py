"""Playing the app in a test: on a screen in memory, with real programs as its children."""

from __future__ import annotations

import asyncio
import functools
import textwrap
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from coroplay.lessons import Catalogue, built_in, load
from coroplay.tui.app import Playground, Start
from coroplay.tui.drawing.ansi import plain
from coroplay.tui.runs.playhead import Playhead
from coroplay.tui.runs.program import Running
from coroplay.tui.runs.session import Session
from coroplay.tui.runs.steering import ProgramState
from coroplay.tui.screen import MainScreen

PATIENCE = 30.0
"""Seconds until a condition that never comes true fails the test."""

TURNS = """
    def counter():
        for n in range(4):
            yield n

    for n in counter():
        print("got", n)
"""
"""A program in which a generator and its caller take turns."""

Test = Callable[["Play"], Awaitable[None]]


@dataclass
class Play:
    """The app under test, and what a person sees and does."""

    app: Playground
    pilot: Pilot[None]

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def session(self) -> Session:
        assert self.main.run_display.runs.session is not None
        return self.main.run_display.runs.session

    @property
    def program(self) -> Running:
        return self.session.program

    @property
    def playhead(self) -> Playhead:
        assert self.main.run_display.runs.playhead is not None
        return self.main.run_display.runs.playhead

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await self.pilot.pause()

    async def until_ended(self) -> None:
        await self.until(lambda: not self.session.alive)
        await self.until(lambda: not any(p.survey and p.survey.behind for p in self.programs))

    async def until_paused(self) -> None:
        await self.until(lambda: self.program.state is ProgramState.PAUSED)

    @property
    def programs(self) -> list[Running]:
        return self.session.programs

    def lines(self, program: int | None = None) -> list[str]:
        """The lines of the output."""
        chosen = self.program if program is None else self.programs[program]
        buffer = chosen.output
        return [plain(buffer.line(n).data) for n in range(buffer.first_line, buffer.end)]

    @property
    def told(self) -> str:
        """The sentences below the output, on one line."""
        return " ".join(self.shown("#totals").split())

    def shown(self, selector: str) -> str:
        """The text that a widget shows."""
        widget = self.main.query_one(selector)
        rows = [widget.render_line(y) for y in range(widget.size.height)]
        return "\n".join("".join(s.text for s in row).rstrip() for row in rows)


def played(
    script: str | None = None,
    *,
    size: tuple[int, int] = (180, 45),
    lesson: str = "",
    catalogue: Callable[[], Catalogue] | None = None,
) -> Callable[[Test], Callable[[Path], None]]:
    """The test is played in an app that has that script open, or that lesson chosen."""

    def wrap(test: Test) -> Callable[[Path], None]:
        @functools.wraps(test)
        def run(tmp_path: Path) -> None:
            asyncio.run(_play(test, tmp_path, script, size, lesson, catalogue))

        # pytest looks at the signature, which must be that of `run`.
        del run.__wrapped__
        return run

    return wrap


async def _play(
    test: Test,
    folder: Path,
    script: str | None,
    size: tuple[int, int],
    lesson: str,
    catalogue: Callable[[], Catalogue] | None,
) -> None:
    lessons = catalogue() if catalogue else load([built_in()])
    start = Start(lessons.find(lesson) if lesson else None)
    if script is not None:
        path = folder / "script.py"
        path.write_text(textwrap.dedent(script))
        start = Start(script=path)
    app = Playground(lessons, start)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await test(Play(app, pilot))
