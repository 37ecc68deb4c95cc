"""Steering over the control socket: stepping, running to a line, breakpoints, pausing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from coroplay.trace import Line, Recording, Step, Switch, wire
from tests.support.programs import Workbench
from tests.support.steering import Steered, line_of
from tests.support.steps import find

Starter = Callable[..., Steered]

PROGRAM = """
    import sys
    def gen(n):
        got = yield n
        yield got
    def f():
        a = 1
        b = 2
        return a + b
    g = gen(3)
    next(g)
    f()
    g.send(4)
    print(f())
    for line in sys.stdin: print(line, end="")
    g.close()
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts a program that stands still before its first line."""
    bench = Workbench(tmp_path)
    with ExitStack() as running:

        def begin(source: str = PROGRAM, *options: str) -> Steered:
            script = bench.script(source)
            return running.enter_context(Steered(bench.new_record(), [script], options))

        yield begin


def script_of(steered: Steered) -> str:
    return os.fspath(steered.record.parent / "program.py")


def step_at(steered: Steered, number: int | None) -> Step:
    assert number is not None
    with steered.recording() as recording:
        assert number == len(recording) - 1
        return recording[number]


def line_at(steered: Steered, number: int | None) -> int:
    step = step_at(steered, number)
    assert isinstance(step, Line)
    assert step.place is not None
    return step.place.line


def test_it_says_hello_and_stands_before_its_first_line(start: Starter) -> None:
    steered = start()
    assert steered.hello == {"hello": wire.VERSION, "pid": steered.process.pid}
    assert steered.first == {"paused": 0}
    with steered.recording() as recording:
        assert len(recording) == 1
        assert recording.growing


def test_a_step_goes_to_the_next_line_anywhere(start: Starter) -> None:
    steered = start()
    seen = [line_at(steered, steered.go(do="step", to="line")) for _ in range(8)]
    assert seen == [1, 2, 5, 9, 10, 3, 11, 6]


def test_a_step_goes_to_the_next_line_of_one_coroutine(start: Starter) -> None:
    steered = start()
    steered.go(do="until", file=script_of(steered), line=10)
    seen = [line_at(steered, steered.go(do="step", to="line", coroutine=1)) for _ in range(2)]
    assert seen == [11, 6]
    with steered.recording() as recording:
        gen = find(recording, "gen(3)")
    assert line_at(steered, steered.go(do="step", to="line", coroutine=gen)) == 4


def test_a_step_goes_to_the_next_switch(start: Starter) -> None:
    steered = start()
    steps = [step_at(steered, steered.go(do="step", to="switch")) for _ in range(3)]
    assert [step.how for step in steps if isinstance(step, Switch)] == ["start", "yield", "send"]


def test_a_step_goes_to_the_next_switch_to_one_coroutine(start: Starter) -> None:
    steered = start()
    steered.go(do="step", to="switch", coroutine=1)
    step = step_at(steered, steered.go(do="step", to="switch", coroutine=1))
    assert isinstance(step, Switch)
    assert (step.target, step.how, step.value) == (1, "yield", "4")


def test_until_goes_to_a_line_once(start: Starter) -> None:
    steered = start()
    until = {"do": "until", "file": script_of(steered), "line": 7}
    assert line_at(steered, steered.go(**until)) == 7
    steered.say(do="run")
    assert steered.hear() == {"running": True}
    assert steered.end() == (0, b"3\n", b"")


def test_breakpoints_stop_each_time_until_they_are_replaced(start: Starter) -> None:
    steered = start()
    file = script_of(steered)
    steered.say(do="break", at=[[file, 7], [file, 4], ["elsewhere.py", 6]])
    assert [line_at(steered, steered.go(do="run")) for _ in range(3)] == [7, 4, 7]
    steered.say(do="break", at=[[file, 15]])
    steered.say(do="run")
    assert steered.hear() == {"running": True}
    assert steered.process.stdin is not None
    steered.process.stdin.close()
    assert line_at(steered, steered.stands()) == 15


def waits_for_input(start: Starter) -> Steered:
    """A program that runs, and goes on to two more lines once it is given a line."""
    steered = start("""
        import sys
        sys.stdin.readline()
        x = 1
        y = 2
    """)
    steered.go(do="until", file=script_of(steered), line=2)
    steered.say(do="run")
    assert steered.hear() == {"running": True}
    return steered


def give_input(steered: Steered) -> None:
    assert steered.process.stdin is not None
    steered.process.stdin.write(b"go\n")
    steered.process.stdin.flush()


def test_a_program_that_runs_is_paused_at_its_next_step(start: Starter) -> None:
    steered = waits_for_input(start)
    steered.call(do="pause")
    give_input(steered)
    assert line_at(steered, steered.stands()) == 3
    steered.say(do="run")
    steered.hear()
    assert steered.end()[0] == 0


def test_breakpoints_reach_a_program_that_runs(start: Starter) -> None:
    steered = start("""
        import sys
        sys.stdin.readline()
        x = 1
        y = 2
        z = 3
    """)
    steered.go(do="until", file=script_of(steered), line=2)
    steered.say(do="run")
    assert steered.hear() == {"running": True}
    steered.call(do="break", at=[[script_of(steered), 5]])
    give_input(steered)
    assert line_at(steered, steered.stands()) == 5


def test_switches_stop_it_without_lines_too(start: Starter) -> None:
    steered = start(PROGRAM, "--level", "switches")
    step = step_at(steered, steered.go(do="step", to="switch"))
    assert isinstance(step, Switch)
    steered.hang_up()
    assert steered.end()[0] == 0


def test_stop_lets_it_go_past_all_breakpoints(start: Starter) -> None:
    steered = start()
    steered.say(do="break", at=[[script_of(steered), 7]])
    steered.say(do="stop")
    assert steered.end(b"in\n") == (0, b"3\nin\n", b"")


def test_a_host_that_goes_away_lets_it_go(start: Starter) -> None:
    steered = start()
    steered.say(do="break", at=[[script_of(steered), 7]])
    steered.go(do="run")
    steered.hang_up()
    assert steered.end(b"in\n") == (0, b"3\nin\n", b"")
    with steered.recording() as recording:
        assert recording.notes.silent_why == ""
        assert recording[-1].coroutine == 1


@pytest.mark.parametrize(
    "nonsense",
    [b"nonsense\n", b"[1]\n", b"\xff\xfe\n", b"{}\n", b"\n"],
    ids=["a word", "a list", "not UTF-8", "no order", "an empty line"],
)
def test_nonsense_from_the_host_lets_it_go(start: Starter, nonsense: bytes) -> None:
    steered = start()
    steered.send_raw(nonsense)
    assert steered.end() == (0, b"3\n", b"")


@pytest.mark.parametrize(
    "nonsense",
    [b'{"do":"break"}\n', b'{"do":"until","file":1,"line":[]}\n', b"[" * 100_000 + b"\n"],
    ids=["break without places", "until a line that is a list", "too deep"],
)
def test_a_message_without_its_parts_lets_it_go(start: Starter, nonsense: bytes) -> None:
    steered = start()
    steered.send_raw(nonsense)
    assert steered.end() == (0, b"3\n", b"")


def test_run_takes_back_a_pause_that_has_not_come_about(start: Starter) -> None:
    steered = waits_for_input(start)
    steered.say(do="pause")
    steered.call(do="run")
    give_input(steered)
    assert steered.stands() is None


def test_other_threads_go_on_while_one_stands(start: Starter) -> None:
    steered = start("""
        import sys, threading
        def work():
            sys.stdin.readline()
            sys.stdout.write("heard\\n"); sys.stdout.flush()
        t = threading.Thread(target=work); t.start()
        x = 1
        t.join()
    """)
    steered.say(do="break", at=[[script_of(steered), 6]])
    assert line_at(steered, steered.go(do="run")) in (3, 4, 6)
    assert steered.process.stdin is not None
    assert steered.process.stdout is not None
    steered.process.stdin.write(b"go\n")
    steered.process.stdin.flush()
    assert steered.process.stdout.readline() == b"heard\n"
    steered.say(do="run")
    assert steered.end() == (0, b"", b"")


def test_a_process_it_forks_does_not_hold_the_channel(start: Starter) -> None:
    steered = start("""
        import os, sys
        pid = os.fork()
        if pid == 0:
            x = 1
            os._exit(0)
        os.waitpid(pid, 0)
        y = 2
    """)
    steered.say(do="break", at=[[script_of(steered), line_of(script_of(steered), "x = 1")]])
    steered.say(do="run")
    assert steered.hear() == {"running": True}
    assert steered.end()[0] == 0


def test_steps_recorded_are_those_of_a_run_without_a_host(start: Starter, tmp_path: Path) -> None:
    steered = start()
    for _ in range(10):
        steered.go(do="step", to="line")
    steered.say(do="run")
    steered.end()

    def told(recording: Recording) -> list[tuple[type[Step], int, object]]:
        return [(type(step), step.coroutine, step.place) for step in recording]

    bench = Workbench(tmp_path / "alone")
    bench.folder.mkdir()
    with steered.recording() as one, bench.record(script_of(steered)) as other:
        assert told(one) == told(other)
