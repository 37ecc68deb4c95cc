"""The measurements themselves, each on a process of its own."""

from __future__ import annotations

import asyncio
import os
import select
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import psutil

from tests.tui.terminal import Terminal

ROOT = Path(__file__).parents[2]
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("the first frame")
Minimal().run()
"""
WHOLE_SCREEN = (
    "coroplay   1 ·",
    "1 yield",
    "What to watch",
    "pace",
    "/ filter",
    "enter",
    "Nothing has run yet",
    "When a program has run",
    "enter run",
    "q quit",
)
"""A word of each part of the screen: title, list, text, parameters, the three empty panes, keys."""
HELLO = "print('first', 'words', flush=True)\nimport time\ntime.sleep(5)\n"
FLOOD = "import sys\nfor n in range(int(sys.argv[1])):\n    print('a line of output, number', n)\n"
THINKING = 1.0
"""Seconds that a person looks at the screen before the next key, at the least."""
ENDLESS = "while True:\n    print('as fast as it can')\n"
TURNS = """
def gen():
    while True:
        yield 1
g = gen()
n = 0
while True:
    n += next(g)
"""
CROWD = """
import gevent
def work():
    while True:
        gevent.sleep(0)
gevent.joinall([gevent.spawn(work) for _ in range(5000)])
"""


def _script(text: str) -> str:
    folder = Path(tempfile.mkdtemp(dir=os.environ["XDG_STATE_HOME"]))
    path = folder / "program.py"
    path.write_text(textwrap.dedent(text))
    return str(path)


def first_frame() -> float:
    """Seconds from exec to the whole screen: all that a person sees until they do something."""
    started = time.perf_counter()
    with Terminal() as terminal:
        terminal.until(*WHOLE_SCREEN)
        return time.perf_counter() - started


def first_frame_of_minimal_app() -> float:
    """Seconds from exec to the screen of an app with one text and nothing else."""
    started = time.perf_counter()
    with Terminal(source=MINIMAL) as terminal:
        terminal.until("the first frame")
        return time.perf_counter() - started


def first_byte_of_plain_python() -> float:
    """Seconds from exec to a program's first byte."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, _script(HELLO)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.read(1)
        seconds = time.perf_counter() - started
        child.kill()
    return seconds


def enter_to_output(count: int) -> list[float]:
    """Seconds from enter to a program's first output on the screen."""
    times = []
    with Terminal(_script(HELLO)) as terminal:
        terminal.until("enter runs it")
        for key in ["enter", *["r"] * (count - 1)]:
            terminal.rest(THINKING)
            started = time.perf_counter()
            terminal.press(key)
            terminal.until("first words")
            times.append(time.perf_counter() - started)
            terminal.until("running")
            terminal.press("x")
            terminal.until("ended")
    return times


def keys_while_flooded(count: int) -> tuple[list[float], float]:
    """Seconds from each key to the screen, and the app's memory in MB, during a flood."""
    times: list[float] = []
    with Terminal(_script(ENDLESS)) as terminal:
        terminal.until("enter runs it")
        terminal.press("enter")
        terminal.until("as fast as it can")
        for number in range(count):
            terminal.press("," if number % 2 else ".")
            started = time.perf_counter()
            terminal.until("steps a second" if number < 1 else _speed(number))
            times.append(time.perf_counter() - started)
        memory = psutil.Process(terminal.pid).memory_info().rss / 1e6
    return times[1:], memory


def _speed(number: int) -> str:
    """Text that is drawn anew when the speed changes: only the digit does."""
    return "2" if number % 2 else "4"


def flood_thrown_away(lines: int) -> float:
    """Seconds that the recorded child takes, its output read and thrown away."""
    record = tempfile.mkdtemp(dir=os.environ["XDG_STATE_HOME"])
    probe = [sys.executable, "-m", "coroplay.probe", "--record", record, "--line-buffered"]
    started = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [*probe, _script(FLOOD), str(lines)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        while os.read(child.stdout.fileno(), 1 << 17):
            pass
    return time.perf_counter() - started


def flood_shown(lines: int) -> tuple[float, float]:
    """Seconds that the recorded child takes in the app, and the app's memory in MB after it."""
    script = _script(FLOOD.replace("int(sys.argv[1])", str(lines)))
    with Terminal(script) as terminal:
        terminal.until("enter runs it")
        started = time.perf_counter()
        terminal.press("enter")
        terminal.until("■ ended", patience=600)
        seconds = time.perf_counter() - started
        return seconds, psutil.Process(terminal.pid).memory_info().rss / 1e6


def steps_in_recording(source: str, least: int, count: int) -> list[float]:
    """Seconds that each step takes from the key's action to the last line drawn, at 120 x 40."""
    return asyncio.run(_steps(_record(source, least), count))


def _record(source: str, least: int) -> Path:
    """A recording of at least so many steps."""
    from coroplay.trace import Recording

    record = Path(tempfile.mkdtemp(dir=os.environ["XDG_STATE_HOME"]))
    probe = [sys.executable, "-m", "coroplay.probe", "--record", str(record)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*probe, "--budget", "900000", _script(source)], env=environment
    ) as child:
        while not (record / "steps").exists():
            select.select([], [], [], 0.05)
        recording = Recording(record)
        while recording.refresh() < max(least, 500):
            select.select([], [], [], 0.05)
        child.kill()
    return record


async def _steps(record: Path, count: int) -> list[float]:
    from coroplay.lessons import Catalogue
    from coroplay.trace import Recording
    from coroplay.tui.app import Playground, Start

    times = []
    app = Playground(Catalogue(()), Start(recording=Recording(record)))
    async with app.run_test(size=(120, 40)) as pilot:
        while app.main.run_display.runs.playhead is None:
            await pilot.pause(0.05)
        app.main.run_display.runs.playhead.go_to(len(Recording(record)) // 2)
        await pilot.pause(0.5)
        for number in range(count):
            started = time.perf_counter()
            app.main.action_forward() if number % 4 else app.main.action_next_switch()
            while app.main._dirty_widgets or app.main._layout_required:
                app.main._on_timer_update()
                await asyncio.sleep(0)
            times.append(time.perf_counter() - started)
            await pilot.pause()
    return times[10:]
