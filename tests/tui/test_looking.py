"""Looking around: panes, tabs, zoom, filter, search, help, and what is remembered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import Input, Markdown

from coroplay.lessons import Catalogue
from coroplay.trace import Recording
from coroplay.tui import settings
from coroplay.tui.bindings import KEYS
from coroplay.tui.dialogs.command_palette import CommandPalette, Commands
from coroplay.tui.dialogs.help import HelpScreen
from coroplay.tui.dialogs.open_script import OpenScript, PathInput, completed, problem_with
from coroplay.tui.lessons.pane import LessonText
from coroplay.tui.timeline.timeline import Timeline
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


@played()
async def test_z_gives_a_pane_the_whole_screen_and_escape_takes_it_back(play: Play) -> None:
    await play.press("2", "z")
    await play.until(lambda: play.main.panes.output.size.width > 170)
    await play.press("escape")
    await play.until(lambda: play.main.panes.output.size.width < 100)


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


@played()
async def test_the_help_names_every_key(play: Play) -> None:
    await play.press("?")
    await play.until(lambda: isinstance(play.app.screen, HelpScreen))
    text = str(play.app.screen.query_one("Static").render())
    assert all(key.tooltip in text for key in KEYS)
    await play.press("escape")
    await play.until(lambda: play.app.screen is play.main)


@played()
async def test_o_opens_a_script_with_arguments(play: Play) -> None:
    folder = Path(os.environ["XDG_STATE_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "mine.py"
    script.write_text("import sys; print(sys.argv[1:])")
    await play.press("o")
    await play.until(lambda: isinstance(play.app.screen, OpenScript))
    play.app.screen.query_one(PathInput).value = str(folder / "mi")
    await play.press("tab")
    assert play.app.screen.query_one(PathInput).value == str(script)
    play.app.screen.query_one("#arguments", Input).value = "one 'two three'"
    await play.press("enter")
    await play.until(lambda: play.main.run_display.runs.session is not None)
    await play.until_ended()
    assert play.lines() == ["['one', 'two three']"]


def test_what_is_wrong_with_a_script_is_a_sentence(tmp_path: Path) -> None:
    assert "folder" in problem_with(tmp_path)
    assert "can't be read" in problem_with(tmp_path / "missing.py")
    (tmp_path / "bad.py").write_text("x = (\n")
    assert "line 1" in problem_with(tmp_path / "bad.py")
    (tmp_path / "good.py").write_text("x = 1\n")
    assert problem_with(tmp_path / "good.py") == ""


def test_paths_are_completed(tmp_path: Path) -> None:
    (tmp_path / "alpha.py").touch()
    (tmp_path / "alps.py").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "folder").mkdir()
    assert completed(f"{tmp_path}/a") == f"{tmp_path}/alp"
    assert completed(f"{tmp_path}/alph") == f"{tmp_path}/alpha.py"
    assert completed(f"{tmp_path}/f") == f"{tmp_path}/folder/"
    assert completed(f"{tmp_path}/n") is None
    assert completed(f"{tmp_path}/nowhere/x") is None


def test_lesson_and_theme_are_remembered(tmp_path: Path) -> None:
    @played()
    async def choose(play: Play) -> None:
        await play.press("j", "t")
        await play.until(lambda: play.main.settings.lesson == "greenlet")

    choose(tmp_path)
    kept = settings.load(os.environ).settings
    assert kept.lesson == "greenlet"
    assert kept.theme == "coroplay-light"

    @played()
    async def look(play: Play) -> None:
        chosen = play.main.panes.lessons.chosen
        assert chosen is not None
        assert chosen.id == "greenlet"
        assert play.app.theme == "coroplay-light"

    look(tmp_path)


@played(catalogue=lambda: Catalogue(()))
async def test_without_lessons_it_says_what_to_press(play: Play) -> None:
    assert "no lessons" in play.shown("#watch")
    await play.press("enter")
    assert "o opens a script" in play.main.hint.text


def test_without_colour_everything_is_still_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    @played("import sys; print('out'); print('bad', file=sys.stderr)")
    async def look(play: Play) -> None:
        await play.press("enter")
        await play.until_ended()
        await play.until(lambda: "◆ !bad" in play.shown("OutputView"))

    look(tmp_path)


@played(MANY)
async def test_the_palette_has_lessons_and_commands(play: Play) -> None:
    titles = [command.title for command in play.app.get_system_commands(play.main)]
    assert "Lesson 5: gevent switches when it waits" in titles
    assert "Step mode (s)" in titles


def test_a_script_with_a_hostile_name_is_shown_as_text(tmp_path: Path) -> None:
    name = "[red]x[blue]\x1b]0;t\x07.py"
    (tmp_path / name).write_text("print('fine')\n")

    @played()
    async def look(play: Play) -> None:
        play.main.choice.take_script(tmp_path / name)
        await play.until(lambda: "[red]x[blue]" in play.shown("#keybar"))
        await play.press("enter")
        await play.until_ended()
        assert play.lines() == ["fine"]
        await play.until(lambda: "[red]x" in play.shown("#header"))
        assert "\x1b" not in play.shown("#header") + play.shown("#watch")

    look(tmp_path)


@played("def g():\n    yield 1\nfor n in g(): print(n)\n")
async def test_a_recording_is_opened_and_its_output_is_there(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    recording = play.program.recording
    assert recording is not None
    path = recording.path
    last = play.program.last
    await play.main.run_display.open_recording(Recording(path))
    assert play.playhead.cursor == 0
    await play.until(lambda: play.lines() == ["1"])
    await play.press("end")
    assert play.playhead.cursor == last
    await play.press("r")
    assert "nothing was run yet" in play.main.hint.text


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


@played(lesson="switch-cost")
async def test_p_goes_to_the_next_program(play: Play) -> None:
    await play.press("e", "tab", *"3", "enter")
    await play.until_ended()
    before = play.session.current
    await play.press("p")
    assert play.session.current != before
    await play.press("p")
    assert play.session.current == before


@pytest.mark.parametrize("key", ["q", "ctrl+q"])
def test_q_and_ctrl_q_quit(tmp_path: Path, key: str) -> None:
    @played()
    async def leave(play: Play) -> None:
        await play.press(key)
        await play.until(lambda: not play.app.is_running)

    leave(tmp_path)
