"""Damaged recordings in the playground: it opens them, moves in them and says what is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from coroplay.lessons import built_in, load
from coroplay.trace import Recording, layout
from coroplay.tui.app import Playground, Start
from tests.support.writing import Written, busy
from tests.tui.playing import Play

KEYS = ("right", "shift+right", "end", "left", "shift+left", "home", "space", "tab")


def no_text_for_output(made: Written) -> None:
    texts = made.tables[layout.TEXTS]
    at = texts.index(b"\x1b[1m\n") - layout.LENGTH.size
    texts[at : at + layout.LENGTH.size] = b"\0\0\0\x78"


def no_name_for_a_function(made: Written) -> None:
    rows = made.tables[layout.LOCATIONS]
    rows[layout.HEADER_SIZE + 4 : layout.HEADER_SIZE + 8] = b"\0\0\0\x78"


def no_such_coroutine(made: Written) -> None:
    rows = made.tables[layout.DETAILS]
    for at in range(layout.HEADER_SIZE + 64, len(rows), 7 * layout.DETAIL.size):
        rows[at : at + 4] = b"\xff\0\0\0"


def no_such_verb(made: Written) -> None:
    made.step(15, 1)


async def open_and_move(folder: Path) -> str:
    """Open the recording, press the keys, and tell what stands on the screen."""
    app = Playground(load([built_in()]), Start(recording=Recording(folder)))
    async with app.run_test(size=(180, 45)) as pilot:
        await pilot.pause()
        play = Play(app, pilot)
        await play.until(lambda: play.main.run_display.ready and play.main.run_display.runs.session)
        await play.until_ended()
        for key in KEYS:
            await play.press(key)
        await pilot.pause()
        return play.program.problem


@pytest.mark.parametrize(
    "damage", [no_text_for_output, no_name_for_a_function, no_such_coroutine, no_such_verb]
)
def test_a_damaged_recording_can_be_looked_at(
    tmp_path: Path, damage: Callable[[Written], None]
) -> None:
    made = busy()
    damage(made)
    problem = asyncio.run(open_and_move(made.save(tmp_path)))
    assert ("texts is damaged" in problem) is (damage is no_text_for_output)


def test_an_ending_that_is_not_one_is_told(tmp_path: Path) -> None:
    folder = busy().save(tmp_path)
    (folder / layout.ENDING).write_text('{"kind": "\\u001b[2J"}')
    assert "ending.json is damaged" in asyncio.run(open_and_move(folder))
