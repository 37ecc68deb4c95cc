"""The timeline in front of a person: lanes, playhead, keys and the mouse."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from textual.geometry import Offset

from coroplay.coroutine_colours import symbol
from coroplay.trace import Recording
from coroplay.trace.layout import Kind, Verb
from coroplay.tui.timeline.timeline import Timeline
from tests.support.writing import Written
from tests.tui.playing import PATIENCE
from tests.tui.widget_text import opened, rows, text, timeline
from tests.unit.view.lessons import PING_PONG, Lessons

pytestmark = pytest.mark.asyncio

MANY = """
import gevent
def task(n):
    gevent.sleep(0.01 * n)
gevent.joinall([gevent.spawn(task, n) for n in range(20)])
"""


def playhead(widget: Timeline) -> int:
    return rows(widget)[0].index("▼")


async def test_every_coroutine_has_a_lane_with_its_symbol_and_name(lessons: Lessons) -> None:
    async with opened(lessons["greenlet"], 12) as (app, _):
        shown = rows(timeline(app))
        assert shown[1].startswith(f"{symbol(1)} main")
        assert shown[2].startswith(f"{symbol(2)} eat")
        assert shown[3].startswith(f"{symbol(3)} play")
        assert shown[-1].startswith("━ running   ─ waiting   ┄ suspended")


async def test_the_playhead_moves_with_the_cursor_and_dims_what_follows(lessons: Lessons) -> None:
    recording = lessons["greenlet"]
    async with opened(recording, 5) as (app, pilot):
        widget = timeline(app)
        before = playhead(widget)
        for _ in range(12):
            await pilot.press("right")
        after = playhead(widget)
        assert after > before
        lane = widget.render_line(1)
        assert lane.crop(after, after + 1).text in "╋┃•■"
        faint = widget.ink("faint").rich_style.color
        later = {s.style.color for s in lane.crop(after + 1) if s.text.strip() and s.style}
        assert later == {faint}


async def test_a_moved_playhead_leaves_the_same_picture_as_one_drawn_there(
    lessons: Lessons,
) -> None:
    recording = lessons["greenlet"]
    async with opened(recording, 3) as (app, _):
        widget = timeline(app)
        for step in (9, 20, 2, len(recording) - 1, 0):
            app.move(step)
            moved = rows(widget)
            widget.redraw()
            assert rows(widget) == moved


async def test_a_click_and_a_drag_move_the_cursor(tmp_path: Path) -> None:
    # Steps at even times: in a real run all of them may fall into a few columns.
    made = Written()
    main, other = made.spawn("main", Kind.MAIN), made.spawn("other", creator=1)
    for n in range(1, 20):
        made.time = n * 1_000_000
        made.switch(Verb.SWITCH, *((main, other) if n % 2 else (other, main)))
    with Recording(made.save(tmp_path / "even")) as recording:
        await _click_and_drag(recording)


async def _click_and_drag(recording: Recording) -> None:
    async with opened(recording, 0) as (app, pilot):
        widget = timeline(app)
        await pilot.click(Timeline, offset=Offset(100, 2))
        assert app.cursor > 5
        assert isinstance(app.messages[-1], Timeline.CursorMoved)
        assert app.messages[-1].control is widget
        clicked = app.cursor
        await pilot.mouse_down(Timeline, offset=Offset(100, 2))
        await pilot.hover(Timeline, offset=Offset(40, 2))
        assert app.cursor < clicked
        dragged = app.cursor
        await pilot.mouse_up(Timeline, offset=Offset(40, 2))
        await pilot.hover(Timeline, offset=Offset(110, 2))
        assert app.cursor == dragged


async def test_keys_and_wheel_move_by_a_column_and_always_by_a_step(lessons: Lessons) -> None:
    recording = lessons["greenlet"]
    async with opened(recording, 10) as (app, pilot):
        timeline(app).focus()
        await pilot.press("l")
        assert app.cursor > 10
        await pilot.press("h")
        assert app.cursor <= 10
        for _ in range(len(recording) + 100):
            timeline(app).action_column(1)
            await pilot.pause()
            if app.cursor == len(recording) - 1:
                break
        assert app.cursor == len(recording) - 1


async def test_zooming_keeps_the_cursor_in_sight_and_0_shows_all(lessons: Lessons) -> None:
    recording = lessons["queue"]
    async with opened(recording, 60) as (app, pilot):
        widget = timeline(app)
        widget.focus()
        whole = rows(widget)
        await pilot.press("plus", "plus", "plus")
        assert "▼" in rows(widget)[0]
        assert rows(widget) != whole
        assert "0 all" in rows(widget)[-1]
        await pilot.press("pagedown", "pagedown", "pagedown")
        assert "▼" not in rows(widget)[0]
        await pilot.press("right")
        assert "▼" in rows(widget)[0]
        await pilot.press("0", "left")
        assert rows(widget) == whole
        await pilot.press("plus", "minus")
        assert rows(widget) == whole


async def test_more_lanes_than_rows_scroll_and_the_running_one_is_in_sight(
    lessons: Lessons,
) -> None:
    recording = lessons.of(MANY)
    async with opened(recording, 0) as (app, pilot):
        widget = timeline(app)
        widget.focus()
        assert "lanes 1 to " in rows(widget)[-1]
        assert "main" in text(widget)
        await pilot.press("down")
        assert "lanes 2 to " in rows(widget)[-1]
        await pilot.press("up", "up")
        assert "lanes 1 to " in rows(widget)[-1]
        for step in recording:
            if recording.coroutine(step.coroutine).name == "task(15)":
                app.move(step.step)
        assert "task(15)" in text(widget)


async def test_a_long_recording_fills_in_by_itself(lessons: Lessons) -> None:
    recording = lessons.of(PING_PONG)
    async with opened(recording, 100) as (app, pilot):
        widget = timeline(app)
        async with asyncio.timeout(PATIENCE):
            # The lane of main has no gap, however long the machine lets others wait to begin.
            while "  " in rows(widget)[1][widget.columns.indent : -2]:
                await pilot.pause()
        # Where the machine let the program wait for a while, a column holds one state only.
        assert rows(widget)[2].count("•") > 10


async def test_it_follows_a_recording_that_grows(lessons: Lessons) -> None:
    source: Recording = lessons["greenlet"]
    with Recording(source.path) as growing:
        async with opened(growing, 3) as (app, pilot):
            growing._count = 8
            timeline(app).refresh_live()
            await pilot.pause()
            assert "play" not in text(timeline(app))
            growing.refresh()
            timeline(app).refresh_live()
            await pilot.pause()
            assert "play" in text(timeline(app))
