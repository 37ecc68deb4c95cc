"""Keys run programs, step through them and end them: each is pressed on real ones."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import psutil
import pytest
from textual.events import Key, Paste

from coroplay.trace import EndingKind, Line, Recording, Switch
from coroplay.tui.lessons.listing import Mark
from coroplay.tui.output.input_line import InputLine
from coroplay.tui.runs.steering import ProgramState
from tests.tui.playing import TURNS, Play, played

COUNTS = """
    for n in range(3):
        print("line", n)
"""
WAITS = """
    import time
    print("ready", flush=True)
    while True:
        time.sleep(0.01)
"""
ASKS = """
    import sys
    name = input("who? ")
    print("hello", name)
    for line in sys.stdin:
        print("also", line.strip())
    print("end")
"""
STUBBORN = """
    import signal, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        time.sleep(0.01)
"""


@played(COUNTS)
async def test_enter_runs_the_script_and_shows_its_output(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    assert play.lines() == ["line 0", "line 1", "line 2"]
    assert play.program.ending is not None
    assert play.program.ending.status == 0
    await play.until(lambda: "■ ended" in play.shown("#header"))


@played(COUNTS)
async def test_the_gutter_names_when_and_by_whom_each_line_was_written(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.until(lambda: "◆" in play.shown("OutputView"))
    first = play.shown("OutputView").splitlines()[0]
    assert first.split() == [first.split()[0], "◆", "│line", "0"]
    assert float(first.split()[0]) < 30


@played(TURNS)
async def test_step_mode_begins_before_the_first_line(play: Play) -> None:
    await play.press("s")
    await play.until_paused()
    assert play.lines() == []
    await play.press("right")
    await play.until(lambda: play.playhead.cursor >= 0)
    assert play.program.state is ProgramState.PAUSED or play.playhead.cursor == 0


@played(TURNS)
async def test_right_makes_a_paused_program_take_one_more_step(play: Play) -> None:
    await play.press("s")
    for wanted in range(6):
        await play.press("right")
        await play.until(lambda: play.playhead.cursor >= wanted)  # noqa: B023
        await play.until_paused()
        assert play.playhead.cursor == wanted
    assert play.program.alive


@played(TURNS)
async def test_left_and_right_move_in_what_is_recorded(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    last = play.program.last
    await play.until(lambda: play.playhead.cursor == last)
    await play.press("left", "left", "right")
    assert play.playhead.cursor == last - 1
    await play.press("home")
    assert play.playhead.cursor == 0
    await play.press("end")
    assert play.playhead.cursor == last


@played(TURNS)
async def test_shift_and_arrows_go_from_switch_to_switch(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("home", "shift+right")
    recording = play.program.recording
    assert recording is not None
    first = play.playhead.cursor
    assert isinstance(recording[first], Switch)
    await play.press("shift+right", "shift+left")
    assert play.playhead.cursor == first


@played(TURNS)
async def test_shift_right_lets_a_paused_program_run_to_its_next_switch(play: Play) -> None:
    await play.press("s", "shift+right")
    await play.until(lambda: play.playhead.cursor > 0)
    await play.until_paused()
    recording = play.program.recording
    assert recording is not None
    assert isinstance(recording[play.playhead.cursor], Switch)
    assert play.program.alive


@played(TURNS)
async def test_brackets_stay_with_one_coroutine(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press("home", "shift+right", "right")
    recording = play.program.recording
    assert recording is not None
    own = recording[play.playhead.cursor].coroutine
    before = play.playhead.cursor
    await play.press("]", "]")
    assert play.playhead.cursor > before + 1
    assert recording[play.playhead.cursor].coroutine == own
    await play.press("[", "[")
    assert play.playhead.cursor == before


@played(WAITS)
async def test_space_pauses_a_running_program_on_a_real_step(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: play.lines() == ["ready"])
    await play.press("space")
    await play.until_paused()
    await play.until(lambda: play.playhead.cursor == play.program.last)
    before = play.program.last
    await play.press("right")
    await play.until(lambda: play.playhead.cursor == before + 1)
    await play.press("c")
    await play.until(
        lambda: play.program.state is ProgramState.RUNNING and play.program.last > before + 9
    )
    await play.press("x")
    await play.until_ended()


@played(COUNTS)
async def test_space_plays_a_finished_run_from_its_beginning(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.press(",", ",", "space")
    assert play.playhead.playing
    assert play.playhead.cursor < play.program.last
    await play.press(".", ".", ".", ".", ".", ".")
    await play.until(lambda: play.playhead.cursor == play.program.last)
    await play.until(lambda: not play.playhead.playing)


@played(COUNTS)
async def test_comma_and_full_stop_change_the_speed(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    before = play.playhead.speed
    await play.press(".")
    assert play.playhead.speed == before + 1
    await play.press(",", ",")
    assert play.playhead.speed == before - 1


@played(TURNS)
async def test_a_breakpoint_is_kept_for_the_next_run_and_continue_comes_to_it(play: Play) -> None:
    await play.press("s", "right")
    await play.until(lambda: play.playhead.cursor >= 0)

    def at_print() -> bool:
        recording, cursor = play.program.recording, play.playhead.cursor
        step = recording[cursor] if recording is not None and cursor >= 0 else None
        return isinstance(step, Line) and step.place is not None and step.place.line == 7

    while not at_print():
        before = play.playhead.cursor
        await play.press("right")
        await play.until(lambda: play.playhead.cursor > before)  # noqa: B023
    await play.press("b")
    assert [line for _, line in play.main.run_display.runs.breakpoints] == [7]
    before = play.program.last
    await play.press("c")
    await play.until(
        lambda: play.program.last > before and play.program.state is ProgramState.PAUSED
    )
    await play.until(at_print)
    await play.press("r")
    # It stands still for an instant before its first line, too, to hear of breakpoints.
    await play.until(lambda: play.program.state is ProgramState.PAUSED and at_print())
    await play.press("b")
    await play.until(lambda: not play.main.run_display.runs.breakpoints)


@played(WAITS)
async def test_x_ends_the_program(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: play.lines() == ["ready"])
    await play.press("x")
    await play.until_ended()
    assert play.program.ending is not None
    assert play.program.ending.kind is EndingKind.STOPPED


@played(STUBBORN)
async def test_x_forces_a_program_that_will_not_end(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: play.lines() == ["ready"])
    await play.press("x")
    await play.until_ended()
    assert play.program.ending is not None
    assert play.program.ending.status == 128 + signal.SIGKILL


@played(WAITS)
async def test_ctrl_c_interrupts_the_program_and_not_the_app(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: play.lines() == ["ready"])
    await play.press("ctrl+c")
    await play.until_ended()
    assert "KeyboardInterrupt" in play.lines()
    assert play.app.is_running


@played(COUNTS)
async def test_r_runs_again(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    first = play.session
    await play.press("r")
    await play.until(lambda: play.session is not first)
    await play.until_ended()
    assert play.lines() == ["line 0", "line 1", "line 2"]


@played(ASKS)
async def test_input_is_typed_and_ended_with_ctrl_d(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: isinstance(play.main.focused, InputLine))
    await play.press(*"Ada", "enter")
    await play.until(lambda: "hello Ada" in play.lines())
    await play.press(*"Bo", "enter")
    await play.until(lambda: "also Bo" in play.lines())
    await play.press("ctrl+d")
    await play.until_ended()
    assert play.lines()[0] == "who? Ada"
    assert play.lines()[-1] == "end"


@played(ASKS)
async def test_what_is_typed_ahead_comes_line_by_line(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: isinstance(play.main.focused, InputLine))
    # All at once: the app has not seen the first line's end when the next line begins.
    for character in "Ada\rBo\rCy\r":
        key, text = ("enter", None) if character == "\r" else (character, character)
        play.app.post_message(Key(key, text))
    await play.until(lambda: "also Cy" in play.lines())
    told = [line for line in play.lines() if line.startswith(("hello", "also"))]
    assert told == ["hello Ada", "also Bo", "also Cy"]


@played(ASKS)
async def test_each_line_that_is_pasted_comes_and_the_last_is_typed_on(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: isinstance(play.main.focused, InputLine))
    await play.press(*"A", "!", "left")
    play.app.post_message(Paste("nn\nfirst\r\nsecond\rthi"))
    await play.press(*"rd", "ctrl+j")
    await play.until(lambda: "also third!" in play.lines())
    told = [line for line in play.lines() if line.startswith(("hello", "also"))]
    assert told == ["hello Ann", "also first", "also second", "also third!"]


ASKS_LAST = """
    import time
    for n in range(1_000_000):
        time.sleep(0.001)
        if n == 20:
            print("twenty")
        if n > 20 and input("more? ") == "no":
            break
"""


@played(ASKS_LAST, size=(120, 40))
async def test_a_paused_program_takes_no_keys_though_it_will_ask_for_input(play: Play) -> None:
    await play.press("s")
    await play.until_paused()
    for _ in range(30):  # As many looks at the program as it takes to see it wait.
        await play.pilot.pause(0.01)
    assert not isinstance(play.main.focused, InputLine)
    assert not play.main.panes.output.has_class("-input")
    before = play.playhead.cursor
    await play.press("right")
    await play.until(lambda: play.playhead.cursor > before)
    await play.press("c")
    await play.until(lambda: isinstance(play.main.focused, InputLine))
    assert "twenty" in play.lines()
    await play.until(lambda: "esc leave" in play.shown("#keybar"))
    assert "space" not in play.shown("#keybar")
    await play.press("escape")
    await play.until(lambda: not isinstance(play.main.focused, InputLine))
    await play.press("x")
    await play.until_ended()


@played("import sys; print('out'); print('bad', file=sys.stderr); sys.exit(3)")
async def test_a_failure_is_told_and_stderr_is_told_apart(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.until(lambda: "✗ ended with status 3" in play.shown("#header"))
    assert "!bad" in play.shown("OutputView")
    assert "│out" in play.shown("OutputView")


@played("def broken(:\n    pass\n")
async def test_a_syntax_error_is_a_sentence_and_running_it_shows_what_python_says(
    play: Play,
) -> None:
    await play.until(lambda: "line 1" in play.shown("#keybar"))
    await play.press("enter")
    await play.until_ended()
    assert any("SyntaxError" in line for line in play.lines())


def test_quitting_leaves_no_process(tmp_path: Path) -> None:
    children: list[psutil.Process] = []

    @played(WAITS)
    async def quit_while_it_runs(play: Play) -> None:
        await play.press("enter")
        await play.until(lambda: play.lines() == ["ready"])
        assert play.program.pid is not None
        children.append(psutil.Process(play.program.pid))
        await play.press("q")

    quit_while_it_runs(tmp_path)
    assert children
    assert not any(child.is_running() for child in children)


@played(lesson="yield")
async def test_a_lesson_runs_with_the_parameters_that_were_set(play: Play) -> None:
    await play.press("e", *"2", "tab", *"0", "enter")
    await play.until_ended()
    assert play.lines()[-1] == "producer hears 200 OK"
    assert sum("makes" in line for line in play.lines()) == 2
    marks = play.main.panes.lessons.listing._marks
    await play.until(lambda: marks.get("yield") is Mark.RAN)


@played(lesson="yield")
async def test_a_bad_parameter_is_told_and_nothing_runs(play: Play) -> None:
    await play.press("e", *"many", "enter")
    assert play.main.run_display.runs.session is None
    assert "items must be a whole number" in play.main.hint.text


@played(lesson="switch-cost")
async def test_programs_in_turn_are_compared(play: Play) -> None:
    await play.press("e", "tab", *"2000", "enter")
    await play.until_ended()
    await play.until(lambda: "times as long" in play.shown("#totals"))
    assert [p.planned.name for p in play.programs] == ["plain", "greenlet"]
    assert len(play.main.panes.output.views) == 2
    assert len(play.main.panes.timeline.timelines) == 2


@played(lesson="echo-server")
async def test_a_server_and_its_client_run_together_with_input_to_the_client(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: isinstance(play.main.focused, InputLine))
    assert play.program.planned.name == "client"
    await play.press(*"hi", "enter")
    await play.until(lambda: any("HI" in line for line in play.lines(1)))
    assert play.lines(0)
    await play.press("ctrl+d")
    await play.until_ended()
    assert not play.session.failed


@played(COUNTS)
async def test_a_click_on_a_line_goes_to_the_step_that_wrote_it(play: Play) -> None:
    await play.press("enter")
    await play.until_ended()
    await play.until(lambda: "◆" in play.shown("OutputView"))
    await play.pilot.click("OutputView", offset=(14, 1))
    recording = play.program.recording
    assert recording is not None
    await play.until(lambda: play.playhead.cursor < play.program.last)
    assert getattr(recording[play.playhead.cursor], "data", b"") == b"line 1\n"


@played(lesson="switch-cost")
async def test_in_step_mode_programs_in_turn_each_begin_before_their_first_line(
    play: Play,
) -> None:
    await play.press("e", "tab", *"3", "escape", "s")
    await play.until_paused()
    await play.press("right")
    await play.until(lambda: play.playhead.cursor == 0)
    await play.press("c")
    await play.until(lambda: play.program.planned.name == "greenlet")
    await play.until_paused()
    assert play.playhead.cursor == -1
    await play.press("right")
    await play.until(lambda: play.playhead.cursor == 0)
    await play.press("c")
    await play.until_ended()


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


HANGS = """
    import threading
    from greenlet import greenlet

    def other():
        lock = threading.Lock()
        lock.acquire()
        print("stuck", flush=True)
        lock.acquire()

    greenlet(other).switch()
"""


def lanes(play: Play) -> dict[str, str]:
    """The lane of each coroutine, by its name."""
    rows = play.shown("Timeline").splitlines()[1:]
    found = (re.match(r". (main|other) +(.*)", row) for row in rows)
    return {match[1]: match[2] for match in found if match}


@played(HANGS)
async def test_time_goes_on_while_a_program_hangs_and_never_back(play: Play) -> None:
    await play.press("enter")
    await play.until(lambda: "stuck" in play.lines())
    await play.until(lambda: play.program.elapsed > 0.3)
    await play.until(lambda: lanes(play).get("other", "").count("━") > 20)
    assert lanes(play)["main"].count("┄") > 20
    before = [play.program.elapsed]
    length = len(lanes(play)["other"])
    await play.until(lambda: len(lanes(play)["other"]) > length)
    await play.press("x")
    while play.session.alive:
        before.append(play.program.elapsed)
        await play.pilot.pause()
    before.append(play.program.elapsed)
    assert before == sorted(before)
    assert play.program.ending is not None
    assert play.program.ending.elapsed_ns == int(play.program.elapsed * 1e9 + 0.5)
    await play.until(lambda: "■ stopped" in play.shown("#header"))
    assert f"elapsed {play.program.elapsed:.2f} s" in play.shown("#header")
    await play.until(lambda: lanes(play)["other"].rstrip().endswith("━━━"))
    assert "other ran, or was stuck, on line 9 or in what that called," in play.told
