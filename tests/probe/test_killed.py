"""SIGKILL at any moment: the recording opens, and holds every step that was committed before.

The program counts its rounds in memory that it shares with a file, so that the count outlives it.
Eight kills at each level are made here; `make kill-test` makes 200.
"""

from __future__ import annotations

import mmap
import os
import random
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from coroplay.trace import Line, Recording, RecordingError, Switch, count_switches
from tests.support.programs import Workbench, environment, probe_command
from tests.support.steering import Steered

KILLS = int(os.environ.get("KILLS", "8"))
AT_ONCE = 4
STARTING = 0.3
"""Seconds within which one of them is killed, however far it has come."""
MOST_ROUNDS = 200
"""Rounds within which the others are."""
BUSY = """
    import mmap, sys
    from greenlet import greenlet, getcurrent
    with open(sys.argv[1], "r+b") as file:
        rounds = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
    home = getcurrent()
    def answer(text):
        while True: text = home.switch(text * 2)
    def numbers():
        yield from range(1, int(sys.argv[2]))
    other = greenlet(answer)
    for n in numbers():
        other.switch("x" * (n % 50))
        print(n)
        greenlet(int).switch()
        rounds[0] = n
"""
LAST_ROUND = 50_000
"""After which it would end by itself, whatever became of the test."""
STEPS_A_ROUND = 6
"""Switches at the least: to the generator, `answer` and a new greenlet, and back each time."""
LEVELS = pytest.mark.parametrize("level", ["switches", "lines"])


class Busy:
    """A program that goes on until it is killed, at the latest at the end of a `with`."""

    def __init__(self, bench: Workbench, script: str, level: str) -> None:
        self.record = bench.new_record()
        self._counter = self.record.with_name(f"{self.record.name}.rounds")
        self._counter.write_bytes(bytes(mmap.PAGESIZE))
        program = [script, str(self._counter), str(LAST_ROUND)]
        command = probe_command(self.record, program, ["--level", level, "--budget", "1000000"])
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment())

    @property
    def rounds(self) -> int:
        """Number of rounds that the program has finished."""
        return int.from_bytes(self._counter.read_bytes()[:8], "little")

    def __enter__(self) -> Busy:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.kill()

    def go_on_until(self, happened: Callable[[], bool]) -> None:
        """Let it run until that is so."""
        while not happened():
            try:
                self.process.wait(0.001)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError("it has ended by itself")

    def come_to(self, rounds: int) -> None:
        """Let it run until it has finished so many."""
        self.go_on_until(lambda: self.rounds >= rounds)

    def kill(self) -> int:
        """End it, and tell how many rounds it had finished."""
        self.process.kill()
        self.process.wait()
        return self.rounds


def check(record: Path, rounds: int) -> None:
    """All of those rounds are in the recording, and every look at it succeeds."""
    try:
        recording = Recording(record)
    except RecordingError:
        assert rounds == 0, "only what has not begun may be without a recording"
        return
    with recording:
        assert not recording.growing
        count = len(recording)
        assert count_switches(recording) >= rounds * STEPS_A_ROUND
        assert len(recording.coroutines) >= rounds
        assert len(list(recording.steps(max(0, count - 100)))) == min(count, 100)
        for index in {0, count // 2, count - 1} if count else ():
            assert recording.state(index).live


@LEVELS
def test_no_kill_loses_a_step(bench: Workbench, level: str) -> None:
    chance = random.Random(level)
    script = bench.script(BUSY)
    reached = 0
    for _ in range(-(-KILLS // AT_ONCE)):
        with ExitStack() as stack:
            children = [stack.enter_context(Busy(bench, script, level)) for _ in range(AT_ONCE)]
            time.sleep(chance.uniform(0, STARTING))
            ends = sorted(chance.randint(1, MOST_ROUNDS) for _ in children[1:])
            for child, end in zip(children, [0, *ends], strict=True):
                child.come_to(end)
                rounds = child.kill()
                reached = max(reached, rounds)
                check(child.record, rounds)
    assert reached > 1


@LEVELS
def test_a_kill_while_a_table_grows_loses_no_step(bench: Workbench, level: str) -> None:
    """The files are looked at until one is made longer, and the kill comes just then."""
    with Busy(bench, bench.script(BUSY), level) as child:
        texts, steps = child.record / "texts", child.record / "steps"
        child.come_to(1)
        first = steps.stat().st_size, texts.stat().st_size
        child.go_on_until(lambda: (steps.stat().st_size, texts.stat().st_size) != first)
        rounds = child.kill()
    assert rounds > 0
    check(child.record, rounds)


@LEVELS
def test_a_kill_in_the_middle_of_a_pause_loses_no_step(bench: Workbench, level: str) -> None:
    script = bench.script("def f():\n    yield 1\nfor x in f():\n    y = x\nprint(y)\n")
    with Steered(bench.new_record(), [script], ["--level", level]) as steered:
        stands = steered.go(do="step", to="line" if level == "lines" else "switch")
        assert stands is not None
        steered.process.kill()
        steered.process.wait()
        with steered.recording() as recording:
            assert len(recording) == stands + 1
            assert isinstance(recording[stands], Line if level == "lines" else Switch)
            assert not recording.growing
