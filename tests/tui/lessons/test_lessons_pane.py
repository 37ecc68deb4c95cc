"""The lessons pane: the list and its filter, a lesson's text, and a folder without lessons."""

from __future__ import annotations

from textual.widgets import Markdown

from coroplay.lessons import Catalogue
from coroplay.tui.lessons.pane import LessonText
from tests.tui.playing import Play, played


@played(lesson="queue")
async def test_the_chosen_lesson_and_its_text_are_shown(play: Play) -> None:
    chosen = play.main.panes.lessons.chosen
    assert chosen is not None
    assert chosen.id == "queue"
    assert "What to watch" in play.shown("#watch")
    await play.until(lambda: play.main.query(Markdown))


@played()
async def test_slash_filters_the_lessons_and_escape_shows_all(play: Play) -> None:
    everything = len(play.main.panes.lessons.listing.options)
    await play.press("/", *"echo", "enter")
    listed = [option.id for option in play.main.panes.lessons.listing.options if option.id]
    assert listed == ["echo-server"]
    await play.press("escape")
    assert len(play.main.panes.lessons.listing.options) == everything


@played()
async def test_a_filter_that_matches_nothing_says_how_to_go_on(play: Play) -> None:
    await play.press("/", *"xyzzy")
    await play.until(lambda: "esc" in play.shown("#watch"))


@played(size=(120, 40), lesson="yield")
async def test_the_lessons_text_is_read_by_keys(play: Play) -> None:
    text = play.main.query_one(LessonText)
    await play.until(lambda: play.main.query(Markdown) and text.max_scroll_y > 2 * text.size.height)
    page = text.size.height - 1
    await play.press("pagedown", "pagedown")
    await play.until(lambda: text.scroll_y == 2 * page)
    await play.press("pageup")
    await play.until(lambda: text.scroll_y == page)
    await play.pilot.click("LessonText", offset=(3, 0))
    await play.press("j")
    await play.until(lambda: play.main.settings.lesson == "greenlet")


@played(catalogue=lambda: Catalogue(()))
async def test_without_lessons_it_says_what_to_press(play: Play) -> None:
    assert "no lessons" in play.shown("#watch")
    await play.press("enter")
    assert "o opens a script" in play.main.hint.text
