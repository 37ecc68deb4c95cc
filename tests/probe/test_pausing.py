"""A pause that nobody notices: clocks and timers stand still while the program does."""

from __future__ import annotations

import datetime
import re
import time
from pathlib import Path

from coroplay.trace import Output, Recording, Switch
from tests.support.programs import DEMOS, Workbench
from tests.support.steering import Steered, line_of

LESSON = str(DEMOS / "05_switch_on_wait" / "eat_play.py")
PAUSE_S = 3.0
GENEROUS_NS = round(PAUSE_S / 2 * 1e9)
"""Largest distance of the same moment in two runs on a busy machine: half of the pause."""


def moments(recording: Recording) -> list[tuple[str, int]]:
    """The switches and outputs of a run, in order, each with its time."""
    return [
        (
            " ".join(
                (
                    recording.coroutine(step.coroutine).name,
                    re.sub(r"\d\.\d s", "some time", step.text)
                    if isinstance(step, Output)
                    else step.how,
                )
            ),
            step.t_ns,
        )
        for step in recording
        if isinstance(step, Output | Switch)
    ]


def test_lesson_5_paused_for_three_seconds_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    with Steered(bench.new_record(), [LESSON]) as steered:
        steered.say(do="break", at=[[LESSON, line_of(LESSON, 'print(name, "plays 2")')]])
        began = time.monotonic()
        assert steered.go(do="run") is not None
        stood_still = time.monotonic()
        time.sleep(PAUSE_S)
        steered.say(do="run")
        assert steered.hear() == {"running": True}
        status, out, err = steered.end()
        took = time.monotonic() - began
        paused = steered.recording()
    assert (status, err) == (0, b"")
    said = rb"Lyon eats 1\nLyon plays 1\nLyon plays 2\nLyon eats 2\ntotal 2\.\d s\n"
    assert re.fullmatch(said, out)
    assert stood_still - began > 0.9
    assert took > 2 + PAUSE_S - 0.1
    with bench.record(LESSON) as unpaused, paused:
        expected, seen = moments(unpaused), moments(paused)
        assert [what for what, _ in seen] == [what for what, _ in expected]
        apart = [abs(t - u) for (_, t), (_, u) in zip(seen, expected, strict=True)]
        assert max(apart) < GENEROUS_NS


def test_clocks_timers_and_timeouts_stand_still(tmp_path: Path) -> None:
    """One pause of a second, in which nothing of the program's may come due."""
    bench = Workbench(tmp_path)
    script = bench.script("""
        import gevent, signal, time, datetime
        from gevent.event import Event
        clocks = (time.time, time.monotonic, time.perf_counter,
                  time.time_ns, time.monotonic_ns, time.perf_counter_ns)
        rang = []
        signal.signal(signal.SIGALRM, lambda *a: rang.append(1))
        def first(): gevent.sleep(0.3); order.append("first")
        def second():
            try:
                with gevent.Timeout(0.5): Event().wait()
            except gevent.Timeout: order.append("second")
        order = []
        both = [gevent.spawn(second), gevent.spawn(first)]
        gevent.sleep(0.01)
        signal.setitimer(signal.ITIMER_REAL, 0.6)
        before = [clock() for clock in clocks]
        here = 1
        after = [clock() for clock in clocks]
        print(rang, order)
        passed = [b - a for a, b in zip(before, after)]
        print([p < (0.5 if type(p) is float else 5e8) for p in passed])
        print(all(p >= 0 for p in passed))
        gevent.joinall(both)
        print(order, rang)
        gevent.sleep(0.3)
        print(rang, [clock.__name__ for clock in clocks])
    """)
    with Steered(bench.new_record(), [script]) as steered:
        steered.say(do="break", at=[[script, line_of(script, "here = 1")]])
        assert steered.go(do="run") is not None
        time.sleep(1)
        steered.say(do="run")
        status, out, err = steered.end()
    assert (status, err) == (0, b"")
    assert out.decode().splitlines() == [
        "[] []",
        str([True] * 6),
        "True",
        "['first', 'second'] []",
        "[1] ['time', 'monotonic', 'perf_counter', 'time_ns', 'monotonic_ns', 'perf_counter_ns']",
    ]


def test_the_time_of_day_is_right_without_a_pause(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    script = bench.script("import time\nprint(time.time())\n")
    before = datetime.datetime.now(datetime.UTC).timestamp()
    with Steered(bench.new_record(), [script]) as steered:
        steered.hang_up()
        seen = float(steered.end()[1])
    # The pause before the first line is taken out too.
    assert before - 5 < seen <= datetime.datetime.now(datetime.UTC).timestamp()
