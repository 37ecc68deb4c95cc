"""The step-through in front of a person: what it shows, and what keys and clicks do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from textual.geometry import Offset

from coroplay.coroutine_colours import symbol
from coroplay.trace import Line, Recording, Switch, layout
from coroplay.tui.drawing.coroutine_colours import colour
from coroplay.tui.stepping.exchange_pane import ExchangePane
from coroplay.tui.stepping.source_pane import SourcePane
from coroplay.tui.stepping.step_through import StepThrough
from coroplay.tui.stepping.text_rows import OthersView, SentenceView
from coroplay.tui.timeline.timeline import Timeline
from tests.support.programs import Workbench
from tests.support.steps import find
from tests.tui.widget_text import everything, opened, rows, stepping, text
from tests.unit.view.lessons import PING_PONG, Lessons

pytestmark = pytest.mark.asyncio


def sends(recording: Recording) -> list[int]:
    return [s.step for s in recording if isinstance(s, Switch) and s.how == "send"]


async def test_a_value_in_flight_is_seen_from_both_sides(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[1]) as (app, _):
        left, right = (text(app.query_one(f"#step-{side}")) for side in ("left", "right"))
        assert left.startswith(f"{symbol(1)} producer\n‖ suspended at line 14")
        assert right.startswith(f"{symbol(2)} consumer(0.0)\n▶ running, line 23")
        assert " ‖ 14         answer = consumer.send(n)" in left
        assert " ▶ 23         n = yield answer" in right
        assert "n        = 2" in left
        arrow = next(row for row in rows(app.query_one(ExchangePane)) if "▸" in row)
        assert arrow.startswith("▸│──")
        assert " send 2 " in arrow
        assert arrow.endswith("▶│◂")
        assert "producer sends 2 into consumer," in app.query_one(SentenceView).text


async def test_keys_move_all_panes_together(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0]) as (app, pilot):
        await pilot.press("shift+right")
        assert "yields '200 OK'" in app.query_one(SentenceView).text
        assert "▶ running, line 14" in text(app.query_one("#step-left"))
        await pilot.press("right")
        assert "▸ answer   = '200 OK'  new" in text(app.query_one("#step-left"))
        await pilot.press("left", "left")
        assert "‖ suspended at line 14" in text(app.query_one("#step-left"))
        await pilot.press("home")
        assert "The program starts." in app.query_one(SentenceView).text


async def test_a_change_tells_what_was_before(lessons: Lessons) -> None:
    recording = lessons["yield"]
    at = next(
        step.step
        for step in recording
        if isinstance(step, Line) and any((c.name, c.value) == ("n", "2") for c in step.changed)
    )
    async with opened(recording, at) as (app, _):
        assert "▸ n        = 2  was 1" in rows(app.query_one("#step-left"))


async def test_later_arrows_stand_below_the_current_one(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0]) as (app, _):
        pane = app.query_one(ExchangePane)
        shown = rows(pane)
        [current] = [y for y, row in enumerate(shown) if "▸" in row]
        assert "yield '200 OK'" in shown[current + 1]
        faint = pane.ink("faint").rich_style.color
        later = {s.style.color for s in pane.render_line(current + 1) if s.text.strip() and s.style}
        assert later == {faint}


async def test_clicking_an_arrow_goes_to_its_step(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, len(recording) - 1) as (app, pilot):
        shown = rows(app.query_one(ExchangePane))
        y = next(y for y, row in enumerate(shown) if "send 2" in row)
        await pilot.click(ExchangePane, offset=Offset(10, y))
        assert app.cursor == sends(recording)[1]
        assert isinstance(app.messages[-1], StepThrough.CursorMoved)


async def test_clicking_source_asks_to_run_there_and_its_gutter_for_a_breakpoint(
    lessons: Lessons,
) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0]) as (app, pilot):
        shown = rows(app.query_one("#step-left"))
        y = next(y for y, row in enumerate(shown) if row.lstrip().startswith("13 "))
        await pilot.click("#step-left", offset=Offset(20, y))
        ran = app.messages[-1]
        assert isinstance(ran, StepThrough.RunToHere)
        assert (Path(ran.file).name, ran.line) == ("producer_consumer.py", 13)
        assert ran.control is stepping(app)
        await pilot.click("#step-left", offset=Offset(3, y))
        stopped = app.messages[-1]
        assert isinstance(stopped, StepThrough.BreakpointToggled)
        assert (stopped.file, stopped.line) == (ran.file, 13)
        stepping(app).set_breakpoints([(stopped.file, 13)])
        assert any(row.startswith("●  13") for row in rows(app.query_one("#step-left")))
        stepping(app).set_breakpoints([])
        assert not any(row.startswith("●  13") for row in rows(app.query_one("#step-left")))


async def test_what_a_click_does_on_a_line_the_keys_do_too(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0]) as (app, pilot):
        stepping(app).focus()
        await pilot.press("enter", "b")
        assert not app.messages
        await pilot.press("down", "down", "up")
        assert any(row.startswith(" → 24 ") for row in rows(app.query_one("#step-right")))
        await pilot.press("b")
        stopped = app.messages[-1]
        assert isinstance(stopped, StepThrough.BreakpointToggled)
        assert stopped.line == 24
        await pilot.press("up", "up", "up", "up", "enter")
        ran = app.messages[-1]
        assert isinstance(ran, StepThrough.RunToHere)
        assert ran.line == 20
        assert stepping(app).picker.picked is None
        await pilot.press("down", "escape")
        assert stepping(app).picker.picked is None


async def test_wide_characters_keep_the_columns_straight(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    script = bench.script("""
        from greenlet import greenlet
        def 生产者(値):
            消息 = "世界 🙂 " * 30  # 这是一个很长的注释用来测试宽字符的显示
            main.switch(消息)
        main = greenlet.getcurrent()
        greenlet(生产者).switch("你好世界" * 9)
    """)
    with bench.record(script) as recording:
        for size in ((120, 40), (80, 24)):
            async with opened(recording, 0, size) as (app, pilot):
                for step in range(len(recording)):
                    app.move(step)
                    await pilot.pause()
                    for pane in app.query("SourcePane, ExchangePane, Timeline, OthersView"):
                        if pane.display and pane.size:
                            strips = [pane.render_line(y) for y in range(pane.size.height)]
                            assert {strip.cell_length for strip in strips} == {pane.size.width}
                switched = text(app.query_one(ExchangePane))
                assert "start '你好" in switched


@pytest.mark.parametrize("width", range(80, 92))
async def test_a_local_is_cut_with_an_ellipsis_before_the_count_of_the_rest(
    tmp_path: Path, width: int
) -> None:
    bench = Workbench(tmp_path)
    script = bench.script("""
        def run():
            kettle = orders = stove = cooks = waiters = "as long as it takes"
            tea = coffee = cake = bill = 1000
            yield bill
        next(run())
    """)
    with bench.record(script) as recording:
        async with opened(recording, len(recording) - 3, (width, 24)) as (app, _):
            panes = [app.query_one(f"#step-{side}") for side in ("left", "right")]
            counted = [row for pane in panes for row in rows(pane) if re.search(r" \+\d$", row)]
            assert counted
            for row in counted:
                assert re.fullmatch(r"( *\w+ = ('as long as it takes'|'[a-z ]*…|1000))+ +\+\d", row)


async def test_the_hub_stands_between_two_that_wait(lessons: Lessons) -> None:
    recording = lessons["queue"]
    wait = [s.step for s in recording if isinstance(s, Switch) and s.how == "wait"][3]
    hub = symbol(find(recording, "hub"))
    async with opened(recording, wait) as (app, _):
        assert f"{hub} hub" in text(app.query_one(ExchangePane))
        assert f"{hub} hub  ▶ looks for who can go on" in text(app.query_one(OthersView))


async def test_where_there_is_room_more_coroutines_have_a_pane(lessons: Lessons) -> None:
    recording = lessons["queue"]
    async with opened(recording, 70, (200, 50)) as (app, _):
        heads = [rows(one)[0] for one in app.query(SourcePane) if one.display]
        assert len([head for head in heads if head]) == 4
        padded = app.query_one("#step-third")
        assert padded.size.height > 5


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (100, 30), (80, 24), (60, 20), (40, 12)])
async def test_both_coroutines_are_told_of_at_every_size(
    lessons: Lessons, size: tuple[int, int]
) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0], size) as (app, pilot):
        shown = everything(app)
        assert "producer" in shown
        assert "consume" in shown
        assert "▶" in shown
        for _ in range(12):
            await pilot.press("right")
        for widget in app.query("SentenceView, SourcePane, ExchangePane, OthersView, Timeline"):
            if widget.display and widget.size:
                widths = {widget.render_line(y).cell_length for y in range(widget.size.height)}
                assert widths == {widget.size.width}


async def test_empty_states_say_what_to_press(lessons: Lessons) -> None:
    async with opened(None) as (app, _):
        shown = everything(app)
        assert "Press enter to run the program, or s to step" in shown
        assert "Press enter to run it." in shown
    async with opened(lessons["yield"], -1) as (app, _):
        assert "You stand before the first step. Press →" in app.query_one(SentenceView).text


async def test_before_there_are_two_the_other_pane_says_so(lessons: Lessons) -> None:
    async with opened(lessons["yield"], 3) as (app, _):
        assert "No other coroutine yet." in text(app.query_one("#step-right"))


async def test_after_the_end_nobody_is_waited_for_in_the_other_pane(lessons: Lessons) -> None:
    recording = lessons.of("print('alone')")
    async with opened(recording, len(recording) - 1) as (app, _):
        assert "There was no other coroutine." in text(app.query_one("#step-right"))


async def test_a_current_line_in_two_rows_is_seen_to_its_end_at_the_bottom(
    lessons: Lessons,
) -> None:
    words = "".join(f"word{n} " for n in range(9))
    recording = lessons.of("pass\n" * 90 + f"print('{words}')\n")
    async with opened(recording, len(recording) - 3) as (app, _):
        assert "word8" in text(app.query_one("#step-left"))


async def test_colours_follow_the_theme(lessons: Lessons) -> None:
    recording = lessons["yield"]
    async with opened(recording, sends(recording)[0]) as (app, pilot):

        def colours() -> set[str]:
            strips = [app.query_one("#step-left").render_line(y) for y in range(12)]
            found = [
                s.style.color.name for strip in strips for s in strip if s.style and s.style.color
            ]
            return set(found)

        dark = colours()
        app.theme = "textual-light"
        await pilot.pause()
        await pilot.pause()
        assert not dark & colours()
        assert colour(1).removeprefix("$") in app.theme_variables


async def test_another_recording_starts_afresh(lessons: Lessons) -> None:
    async with opened(lessons["queue"], 60) as (app, pilot):
        app.recording = lessons["yield"]
        app.move(40)
        await pilot.pause()
        shown = everything(app)
        assert "producer" in shown
        assert "produce('tea'" not in shown
        app.recording = None
        app.move(-1)
        await pilot.pause()
        assert "Nothing has run yet." in everything(app)


async def test_a_step_draws_only_the_lines_that_change(lessons: Lessons) -> None:
    recording = lessons["yield"]
    at = next(s.step for s in recording if s.place and s.place.line == 11)
    async with opened(recording, at) as (app, _):
        pane = app.query_one("#step-left", SourcePane)
        before = [pane.render_line(y) for y in range(pane.size.height)]
        app.move(at + 1)
        after = [pane.render_line(y) for y in range(pane.size.height)]
        changed = [y for y, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
        assert 2 <= len(changed) <= 5


async def test_a_long_file_is_highlighted_when_a_thread_is_done(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    script = bench.script("\n".join(f"x{n} = {n}" for n in range(600)) + "\n")
    with bench.record(script) as recording:
        async with opened(recording, len(recording) - 3) as (app, pilot):
            await app.workers.wait_for_complete()
            await pilot.pause()
            left = app.query_one("#step-left", SourcePane)
            y = next(y for y, row in enumerate(rows(left)) if "▶" in row and " = " in row)
            colours = {s.style.color for s in left.render_line(y) if s.style and s.text.strip()}
            assert len(colours) >= 3


async def test_a_file_that_is_gone_is_told_of_in_its_pane(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    script = bench.script("x = 1\ny = 2\n")
    with bench.record(script) as recording:
        Path(script).unlink()
        async with opened(recording, 2) as (app, _):
            shown = text(app.query_one("#step-left"))
            assert "The source of program.py can't be shown:" in shown


async def test_a_damaged_recording_is_told_of_in_the_panes(
    lessons: Lessons, tmp_path: Path
) -> None:
    path = tmp_path / "damaged"
    shutil.copytree(lessons["yield"].path, path)
    details = path / layout.DETAILS.name
    details.write_bytes(details.read_bytes()[: layout.HEADER_SIZE + 10 * layout.DETAIL.size])
    with Recording(path) as recording:
        async with opened(recording, len(recording) - 1) as (app, _):
            shown = app.query_one(SentenceView).text
            assert shown.startswith("This step can't be shown: ")
            assert "is damaged" in shown
            assert "The timeline can't be drawn: " in text(app.query_one(Timeline))


async def test_where_lines_are_not_recorded_that_is_said_and_no_old_locals_are_shown(
    tmp_path: Path,
) -> None:
    bench = Workbench(tmp_path)
    script = bench.script(PING_PONG)
    with bench.record(script, options=("--budget", "300")) as recording:
        async with opened(recording, len(recording) // 2) as (app, _):
            assert "only switches and output are recorded" in text(app.query_one(OthersView))
            assert "count" in text(app.query_one("#step-left"))
            assert " = " not in text(app.query_one("#step-left")).splitlines()[-1]
