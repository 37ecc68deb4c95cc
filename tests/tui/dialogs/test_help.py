"""The help names every key."""

from __future__ import annotations

from coroplay.tui.bindings import KEYS
from coroplay.tui.dialogs.help import HelpScreen
from tests.tui.playing import Play, played


@played()
async def test_the_help_names_every_key(play: Play) -> None:
    await play.press("?")
    await play.until(lambda: isinstance(play.app.screen, HelpScreen))
    text = str(play.app.screen.query_one("Static").render())
    assert all(key.tooltip in text for key in KEYS)
    await play.press("escape")
    await play.until(lambda: play.app.screen is play.main)
