"""Long lines of output: wrapped as in a terminal, or cut off and scrolled sideways."""

from __future__ import annotations

import string

from coroplay.tui import settings
from coroplay.tui.output.view import OutputView
from coroplay.tui.runs.buffer import Stream
from tests.tui.playing import Play, played

TEXT = "".join(f"{n:03}{string.ascii_letters}" for n in range(5))
LONG = f"""
    print("before")
    print("{TEXT}")
    print("after")
"""
HUGE = """
    import sys
    sys.stdout.write("x" * 10_000_000 + "\\n" + "\\n".join(map(str, range(100))))
"""


def view_of(play: Play) -> OutputView:
    view = play.main.panes.output.view
    assert view is not None
    return view


def rows(play: Play) -> list[tuple[str, str]]:
    """The rows on the screen: the gutter of each, and its text."""
    shown = play.shown("OutputView").rstrip("▐ \n").split("\n")
    cut = [row.rstrip("▐ ").partition("│") for row in shown]
    return [(gutter.strip(), text) for gutter, _, text in cut if text]


def together(play: Play) -> str:
    """The texts of the rows without the breaks between them."""
    return "".join(text for _, text in rows(play))


async def run(play: Play, last: str) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2")
    await play.until(lambda: rows(play) and rows(play)[-1][1] == last)


@played(LONG)
async def test_a_long_line_takes_as_many_rows_as_it_needs(play: Play) -> None:
    await run(play, "after")
    assert together(play) == f"before{TEXT}after"
    before, first, *others, after = [bool(gutter) for gutter, _ in rows(play)]
    assert all((before, first, after))
    assert len(others) > 3
    assert not any(others)


@played(LONG)
async def test_w_cuts_long_lines_off_and_h_and_l_go_sideways(play: Play) -> None:
    await run(play, "after")
    await play.press("w")
    await play.until(lambda: len(rows(play)) == 3)
    cut = rows(play)[1][1]
    assert cut.endswith("…")
    assert TEXT.startswith(cut[:-1])
    for _ in range(len(TEXT) // 8):
        await play.press("l")
    await play.until(lambda: rows(play)[0][1].endswith(TEXT[-3:]))
    await play.press(*"hh")
    await play.until(lambda: TEXT[-15:] in rows(play)[0][1])
    assert settings.load({}).settings.wrap
    assert not play.main.settings.wrap
    await play.press("w", "r")
    await play.until_ended()
    await play.until(lambda: together(play) == f"before{TEXT}after")


@played(LONG)
async def test_a_click_on_any_row_of_a_line_goes_to_the_step_that_wrote_it(play: Play) -> None:
    await run(play, "after")
    y = len(rows(play)) - 2
    await play.pilot.click("OutputView", offset=(12, y))
    await play.until(lambda: play.playhead.cursor < play.program.last)
    assert play.program.author(Stream.OUT, len("before\n")) == play.playhead.cursor


@played(LONG)
async def test_what_is_copied_has_no_breaks_of_the_screen_in_it(play: Play) -> None:
    await run(play, "after")
    await play.pilot.mouse_down("OutputView", offset=(10, 1))
    await play.pilot.hover("OutputView", offset=(13, len(rows(play)) - 1))
    await play.pilot.mouse_up("OutputView", offset=(13, len(rows(play)) - 1))
    await play.until(play.main.get_selected_text)
    assert play.main.get_selected_text() == f"{TEXT}\nafte"


@played(LONG + "    print('\\n' * 200)")
async def test_the_row_with_what_is_searched_is_brought_into_sight(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("2", "/", *"004abc", "enter")
    await play.until(lambda: "004abc" in together(play))
    assert view_of(play).found == 1


@played(HUGE, size=(120, 30))
async def test_all_that_is_shown_of_a_huge_line_is_scrolled_through(play: Play) -> None:
    await run(play, "99")
    view = view_of(play)
    last = view.scroll.top
    await play.press("g")
    await play.until(lambda: rows(play)[0][1].startswith("xxx"))
    seen = set()
    while not view.scroll.following:
        seen.add(view.scroll.top)
        await play.press("pagedown")
    assert view.scroll.top == last
    assert sum(place.line == 0 for place in seen) > 20
    await play.press(*["pageup"] * 14)
    await play.until(lambda: "bytes more in this line" in together(play))


@played(HUGE, size=(120, 30))
async def test_the_scroll_bar_is_dragged_from_end_to_end(play: Play) -> None:
    await run(play, "99")
    view = view_of(play)
    right, bottom = view.size.width - 1, view.size.height - 1
    assert view.render_line(bottom).text.endswith("▐")
    await play.pilot.mouse_down(view, offset=(right, 0))
    await play.until(lambda: view.scroll.top == (0, 0))
    assert view.render_line(0).text.endswith("▐")
    await play.pilot.hover(view, offset=(right, bottom))
    await play.pilot.mouse_up(view, offset=(right, bottom))
    await play.until(lambda: view.scroll.following)
    assert view.render_line(bottom).text.endswith("▐")
