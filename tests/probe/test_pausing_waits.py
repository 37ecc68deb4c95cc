"""However a program waits with gevent, and wherever it is paused: its waits end as if it were not.

A pause takes longer than all waits together. Were it noticed, those under way would be over at once
when it ends, much too early by the program's own clock; were it counted twice, they would be late
by more than any busy machine makes them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.pausing import LOOPS, Course, Wait, paused_run
from tests.support.programs import Workbench
from tests.support.steering import Steered, line_of
from tests.support.waits import TIMED, WOKEN

PAUSES_S = st.floats(0.5, 0.6)
LATE_S = 0.45
"""Less than a pause, and more than a busy machine keeps a program from running."""
EARLY_S = {"libev-cext": 0.001, "libuv": 0.003}
"""By how much the loops themselves round; libuv counts milliseconds."""
APART_S = 0.005
"""Smallest time between two waits that are due one clearly before the other."""
KINDS = st.permutations([*TIMED, *WOKEN])


@dataclass(frozen=True, slots=True)
class Mix:
    """Waits, and how they are paused."""

    waits: list[Wait]
    to: Literal["line", "switch"]
    pauses: dict[int, float]
    """At how manieth of the lines or switches, and for how many seconds."""


@st.composite
def mixes(draw: st.DrawFn) -> Mix:
    """Waits of several kinds, due 20 ms apart, in any order."""
    kinds = draw(KINDS)[: draw(st.integers(5, len(TIMED) + len(WOKEN)))]
    count = len(kinds)
    turns = draw(st.permutations(range(1, count + 1)))
    waits = [(kind, turn / 50) for kind, turn in zip(kinds, turns, strict=True)]
    # From when most have begun (there are three or more steps to that) to when few are left.
    steps = st.integers(4 * count, 6 * count - 2)
    pauses = draw(st.dictionaries(steps, PAUSES_S, min_size=1, max_size=2))
    return Mix(waits, draw(st.sampled_from(("line", "switch"))), pauses)


def is_as_scheduled(course: Course, loop: str) -> None:
    """Checks order and times of all that ended."""
    assert course.loop == LOOPS[loop]
    for one, other in combinations(course.timed, 2):
        assert one.due < other.due + APART_S, "in the wrong order"
    for wait in course.timed + course.woken:
        assert -EARLY_S[loop] <= wait.late < LATE_S, wait
    # Sockets are looked at less often than what gevent itself wakes.
    told = [one.number for one in course.timed if one.kind in WOKEN and one.kind != "socket_read"]
    assert told == [one.number for one in course.woken if one.kind != "socket_read"]


@pytest.mark.parametrize("loop", LOOPS)
def test_waits_end_in_their_order_and_in_time(
    loop: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Each takes more than a second, and how to shrink it is not the question when one fails.
    @settings(
        max_examples=4, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
    )
    @given(mixes())
    def check(mix: Mix) -> None:
        record = tmp_path_factory.mktemp("paused") / "record"
        course = paused_run(record, mix.waits, loop, to=mix.to, pauses=mix.pauses)
        assert sorted(one.number for one in course.timed) == list(range(len(mix.waits)))
        is_as_scheduled(course, loop)

    check()


@pytest.mark.parametrize("loop", [*LOOPS, "libev-cffi"])
def test_timers_keep_their_turn_however_overdue(
    loop: str, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those due at the same moment, and those that go on again and again."""
    script = bench.script("""
        import gevent, time
        loop = gevent.get_hub().loop
        order, timers = [], []
        def start(name, after, repeat=0):
            timers.append(loop.timer(after, repeat))
            timers[-1].start(order.append, name, update=False)
        for name, after in ("d", 0.03), ("a", 0.01), ("b", 0.01), ("e", 0.03), ("c", 0.02):
            start(name, after)
        start("again", 0.2, repeat=0.2)
        began = time.perf_counter()
        while time.perf_counter() - began < 0.1: pass
        loop.update_now()
        here = 1
        while order.count("again") < 2: gevent.sleep(0.01)
        timers[-1].stop()
        print(*order)
    """)
    plain = bench.plain(script, GEVENT_LOOP=loop)
    monkeypatch.setenv("GEVENT_LOOP", loop)
    with Steered(bench.new_record(), [script]) as steered:
        steered.say(do="break", at=[[script, line_of(script, "here = 1")]])
        assert steered.go(do="run") is not None
        time.sleep(1)
        steered.say(do="run")
        status, out, err = steered.end()
    assert (status, out, err) == (plain.status, plain.stdout, plain.stderr)
