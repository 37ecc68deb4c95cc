"""Timelines below each other share an axis and a legend, and leave keys of the run alone."""

from __future__ import annotations

from coroplay.tui.timeline.timeline import Timeline
from tests.tui.playing import Play, played


@played(lesson="sync-async")
async def test_programs_that_are_compared_share_one_time_axis(play: Play) -> None:
    await play.press("e", "tab", "tab", *"0.05", "enter")
    await play.until_ended()
    slow, fast = play.main.panes.timeline.timelines

    def ends() -> list[int]:
        """The last column of the main lane of each."""
        return [len(one.render_line(1).text.rstrip()) for one in (slow, fast)]

    await play.press("home")
    await play.until(lambda: slow.columns.window == fast.columns.window)
    assert slow.columns.indent == fast.columns.indent
    assert ends()[0] > 1.3 * ends()[1]
    whole = slow.columns.window
    await play.press("4", "+")
    await play.until(lambda: slow.columns.window == fast.columns.window != whole)
    await play.press("0")
    await play.until(lambda: slow.columns.window == fast.columns.window == whole)


@played(lesson="sync-async", size=(120, 20))
async def test_home_and_end_move_in_the_run_also_where_timelines_scroll(play: Play) -> None:
    await play.press("e", "tab", "tab", *"0.01", "enter")
    await play.until_ended()
    await play.press("4")
    await play.until(lambda: play.main.panes.timeline.max_scroll_y > 0)
    await play.press("home")
    await play.until(lambda: play.playhead.cursor == 0)
    await play.press("end")
    await play.until(lambda: play.playhead.cursor == play.program.last)


@played(lesson="sync-async")
async def test_of_timelines_below_each_other_one_explains_the_signs(play: Play) -> None:
    await play.press("e", "tab", "tab", *"0.01", "enter")
    await play.until_ended()
    slow, fast = play.main.panes.timeline.timelines

    def rows(timeline: Timeline) -> list[str]:
        return [timeline.render_line(y).text for y in range(timeline.size.height)]

    await play.until(lambda: "you are here" in rows(fast)[-1])
    assert not any("suspended" in row for row in rows(slow))
    assert slow.size.height == 1 + 2  # The axis, and a lane each for main and the hub.
