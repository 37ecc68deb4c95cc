"""Keys that come between two things that belong together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events

from coroplay.tui.app import Playground
from coroplay.tui.lessons.listing import LessonList
from coroplay.tui.lessons.parameters import Field
from tests.tui.playing import TURNS, Play, played


def edit(play: Play) -> None:
    play.main.query(Field).first().post_message(events.Focus())


def look_for_commands(play: Play) -> None:
    play.app.action_command_palette()


@played(TURNS)
async def test_keys_in_the_panes_find_what_they_show_until_the_next_run_is_there(
    play: Play,
) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("4")
    play.main.run_display.runs.again()  # Its panes are not there yet.
    await play.press("plus", "h", "3", "up", "down", "4", "minus", "l")
    await play.main.run_display.show_session(play.session)
    await play.until_ended()


@played(TURNS)
async def test_a_lesson_that_is_told_of_late_does_not_take_the_scripts_place(play: Play) -> None:
    listing = play.main.panes.lessons.listing
    listing.post_message(LessonList.Chosen(play.main.catalogue.lessons[2]))
    await play.pilot.pause()
    await play.press("enter")
    await play.until_ended()
    assert play.lines()[0] == "got 0"


@pytest.mark.parametrize("begun", [edit, look_for_commands])
def test_quitting_wins_over_what_a_key_before_it_has_begun(
    tmp_path: Path, begun: Callable[[Play], object]
) -> None:
    apps: list[Playground] = []

    @played(lesson="yield")
    async def quit_at_once(play: Play) -> None:
        apps.append(play.app)
        begun(play)
        play.app.exit()

    quit_at_once(tmp_path)
    assert [app.return_code for app in apps] == [0]
