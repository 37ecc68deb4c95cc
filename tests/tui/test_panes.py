"""Panes at every size of the terminal: side by side, as tabs, zoomed; and the lines around."""

from __future__ import annotations

from tests.tui.playing import Play, played

MANY = "for n in range(500): print('line', n)"


@played("print('hello')", size=(120, 40))
async def test_the_first_start_welcomes_in_three_lines_until_there_is_a_run(play: Play) -> None:
    await see_the_welcome(play)
    assert "shows all keys" in play.shown("Welcome")
    await play.press("enter")
    await play.until(lambda: not play.main.query("Welcome"))
    await play.until_ended()
    assert play.main.settings.welcomed


@played("print('hello')", size=(40, 12))
async def test_the_welcome_has_room_on_the_smallest_terminal_too(play: Play) -> None:
    await see_the_welcome(play)


async def see_the_welcome(play: Play) -> None:
    """Three lines with the two keys to press, above the panes."""
    first, second, third = play.shown("Welcome").splitlines()
    assert first.strip() == "Welcome! Here you see coroutines run."
    assert "enter to run" in second
    assert "→ to step through" in third


@played(size=(80, 24))
async def test_a_narrow_terminal_has_all_panes_as_tabs(play: Play) -> None:
    for key, pane in zip("1234", ("lessons", "output", "stepping", "timeline"), strict=True):
        await play.press(key)
        assert [p.id for p in play.main.query(".pane") if p.display] == [pane]
    await play.press("tab")
    assert play.main.panes.current == "lessons"
    await play.press("shift+tab")
    assert play.main.panes.current == "timeline"


@played(size=(40, 12), lesson="yield")
async def test_forty_by_twelve_can_be_used(play: Play) -> None:
    await play.press("e", *"1", "tab", *"0", "enter")
    await play.until_ended()
    await play.until(lambda: "producer makes 1" in play.shown("OutputView"))
    await play.press("3", "left")
    assert play.main.query_one("StepThrough").size.height > 5


@played(size=(40, 12), lesson="yield")
async def test_the_smallest_screen_has_the_step_keys_and_each_can_be_clicked(play: Play) -> None:
    await play.press("e", *"1", "tab", *"0", "enter")
    await play.until_ended()
    await play.until(lambda: "enter run  ← → step" in play.shown("#keybar"))
    last = play.program.last
    bar = play.shown("#keybar")
    for sign, wanted in (("←", last - 1), ("←", last - 2), ("→", last - 1)):
        await play.pilot.click("#keybar", offset=(bar.index(sign), 0))
        assert play.playhead.cursor == wanted


@played(MANY)
async def test_the_footer_has_the_keys_of_the_pane_that_is_looked_at(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    for pane, keys in (("2", "/ search  f follow"), ("3", "↑ ↓ pick a line"), ("4", "+ - zoom")):
        await play.press(pane)
        await play.until(lambda: keys in play.shown("#keybar"))  # noqa: B023
    before = play.main.panes.timeline.timelines[0].columns.window
    await play.pilot.click("#keybar", offset=(play.shown("#keybar").index("+ -"), 0))
    await play.until(
        lambda: play.main.panes.timeline.timelines[0].columns.window.span_ns < before.span_ns
    )


@played(size=(80, 24), lesson="yield")
async def test_where_panes_are_tabs_step_mode_shows_the_step_through(play: Play) -> None:
    await play.press("s")
    await play.until_paused()
    await play.until(lambda: play.main.panes.current == "stepping")
    await play.until(lambda: "You stand before the first step" in play.shown("SentenceView"))


@played()
async def test_z_gives_a_pane_the_whole_screen_and_escape_takes_it_back(play: Play) -> None:
    await play.press("2", "z")
    await play.until(lambda: play.main.panes.output.size.width > 170)
    await play.press("escape")
    await play.until(lambda: play.main.panes.output.size.width < 100)
