"""The command palette finds lessons and commands, and closes only once."""

from __future__ import annotations

from textual.events import Key

from coroplay.tui.dialogs.command_palette import CommandPalette, Commands
from tests.tui.playing import Play, played


@played()
async def test_the_palette_has_lessons_and_commands(play: Play) -> None:
    titles = [command.title for command in play.app.get_system_commands(play.main)]
    assert "Lesson 5: gevent switches when it waits" in titles
    assert "Step mode (s)" in titles


@played()
async def test_ctrl_p_chooses_a_lesson_by_its_name(play: Play) -> None:
    await play.press("ctrl+p")
    await play.until(lambda: isinstance(play.app.screen, CommandPalette))
    await play.press(*"queue")
    palette = play.app.screen
    await play.until(lambda: palette.query_one(Commands).option_count == 1)
    await play.press("enter")
    await play.until(lambda: play.app.screen is play.main)
    await play.until(lambda: play.main.settings.lesson == "queue")


@played()
async def test_the_palette_is_left_in_many_ways_and_each_only_once(play: Play) -> None:
    for leave in (Key("escape", None), Key("enter", None)):
        await play.press("ctrl+p")
        await play.until(lambda: isinstance(play.app.screen, CommandPalette))
        palette = play.app.screen
        assert isinstance(palette, CommandPalette)
        for _ in range(3):
            palette.dismiss()
            play.app.post_message(leave)
        await play.until(lambda: play.app.screen is play.main)
        await play.pilot.pause()


@played()
async def test_what_no_command_has_is_told(play: Play) -> None:
    await play.press("ctrl+p", *"xyzzy", "down", "enter")
    await play.until(lambda: "esc closes" in palette_text(play))
    await play.press(*["backspace"] * 5, *"5 waits", "enter")
    await play.until(lambda: play.main.settings.lesson == "switch-on-wait")


@played()
async def test_a_click_in_the_palette_chooses_and_one_beside_it_closes(play: Play) -> None:
    await play.press("ctrl+p", *"light")
    await play.until(lambda: palette_text(play).startswith("Light or dark"))
    await play.pilot.click(offset=(1, 40))
    await play.until(lambda: play.app.screen is play.main)
    assert play.app.current_theme.dark
    await play.press("ctrl+p", *"light or")
    await play.until(lambda: palette_text(play).startswith("Light or dark"))
    await play.pilot.click(Commands, offset=(3, 0))
    await play.until(lambda: not play.app.current_theme.dark)


def palette_text(play: Play) -> str:
    """The first of the commands, as it is shown."""
    found = play.app.screen.query(Commands)
    return str(found.first().get_option_at_index(0).prompt) if found else ""
