"""The output is searched, scrolled, coloured and copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.tui.runs.buffer import Stream
from tests.tui.playing import Play, played

MANY = "for n in range(500): print('line', n)"
COLOURS = r"print('\x1b[31mred\x1b[0m plain'); print('10%\r100%')"


@played(MANY)
async def test_search_finds_lines_from_the_end_and_n_goes_on_and_around(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "/", *"line 4", "enter")
    view = play.main.panes.output.view
    assert view is not None
    await play.until(lambda: "111 of 111" in play.shown("#matches"))
    assert view.found == 499
    await play.press("N")
    await play.until(lambda: view.found == 498)
    assert "110 of 111" in play.shown("#matches")
    await play.press("n")
    await play.until(lambda: view.found == 499)
    await play.press("n")
    await play.until(lambda: view.found == 4)
    assert "1 of 111 · from the top again" in play.shown("#matches")
    assert "line 4" in play.shown("OutputView")
    await play.press("N")
    await play.until(lambda: view.found == 499)
    assert "111 of 111 · from the bottom again" in play.shown("#matches")


@played(MANY)
async def test_escape_puts_the_search_away_and_n_says_how_to_search(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "z", "/", *"line 4", "enter")
    await play.until(lambda: "of 111" in play.shown("#matches"))
    await play.press("escape")
    assert not play.main.query_one("#search-row").display
    assert play.main.settings.zoomed
    await play.press("n")
    assert "/ in the output searches" in play.main.hint.text
    await play.press("escape")
    assert not play.main.settings.zoomed


@played(MANY)
async def test_what_is_not_there_is_said_and_what_comes_later_is_found(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "/", *"later", "enter")
    await play.until(lambda: "no “later” in the output" in play.shown("#matches"))
    view = play.main.panes.output.view
    assert view is not None
    view.buffer.append(Stream.OUT, b"a later line\n")
    play.main.run_display.draw()
    await play.press("n")
    await play.until(lambda: "1 of 1" in play.shown("#matches"))
    assert view.found == 500


@played("print('x' * 900 + '漢字 here'); print('漢字漢字' * 100)")
async def test_a_match_far_to_the_right_is_brought_into_sight(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("w", "2", "/", *"字 he", "enter")
    await play.until(lambda: "漢字 here" in play.shown("OutputView"))
    view = play.main.panes.output.view
    assert view is not None
    assert any(part.text == "字 he" for part in view.render_line(0))
    assert {view.render_line(y).cell_length for y in range(view.size.height)} == {view.size.width}


@played(MANY)
async def test_scrolling_up_stops_following_and_f_follows_again(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "g")
    view = play.main.panes.output.view
    assert view is not None
    assert not view.scroll.following
    assert "line 0" in play.shown("OutputView")
    view.buffer.append(Stream.OUT, b"one more\n")
    play.main.panes.output.refresh_titles()
    assert "▼" in str(play.main.panes.output.border_subtitle)
    await play.press("f")
    assert view.scroll.following
    assert "one more" in play.shown("OutputView")


@played(COLOURS)
async def test_colours_are_kept_and_a_line_may_be_written_over(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    view = play.main.panes.output.view
    assert view is not None
    await play.until(lambda: "100%" in play.shown("OutputView"))
    first = view.render_line(0)
    red = [s for s in first if s.text == "red"]
    assert red
    assert red[0].style is not None
    assert red[0].style.color is not None
    assert "10%" not in play.shown("OutputView").splitlines()[1].replace("100%", "")


@played(MANY)
async def test_a_selection_is_copied_without_the_gutter(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "g")
    await play.until(lambda: "line 1" in play.shown("OutputView"))
    await play.pilot.mouse_down("OutputView", offset=(10, 0))
    await play.pilot.hover("OutputView", offset=(15, 1))
    await play.pilot.mouse_up("OutputView", offset=(15, 1))
    await play.until(play.main.get_selected_text)
    text = play.main.get_selected_text()
    assert text is not None
    assert text.startswith("line 0\nline")
    await play.press("ctrl+c")
    assert play.app.clipboard.startswith("line 0\nline")


def test_without_colour_everything_is_still_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    @played("import sys; print('out'); print('bad', file=sys.stderr)")
    async def run(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        await play.until(lambda: "◆ !bad" in play.shown("OutputView"))

    run(tmp_path)
