"""At its recursion limit a program has no room for calls of ours; what gets lost is said."""

from __future__ import annotations

import pytest

from coroplay.trace import CoroutineKind, Finish, HowEnded, Line, Status
from tests.probe.conftest import Recorder
from tests.support.every_reader import faults
from tests.support.steps import find, outputs

PROGRAM = """
made = []
def spread(n):
    made.append(n)
    return sum(spread(n + 1) for _ in range(2))
def sink(n):
    made.append(n)
    return sink(n + 1)
for start in (spread, sink):
    try:
        start(0)
    except RecursionError:
        print(len(made))
def numbers():
    a = 1
    yield a
    b = 2
    yield b
print(list(numbers()))
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_nothing_is_lost_without_a_word(record: Recorder, accelerator: str, level: str) -> None:
    recording = record(PROGRAM, level=level)
    assert faults(recording.path) == []
    spread, both = (int(output.text) for output in outputs(recording)[:2])
    ran = [step.place.line for step in recording if isinstance(step, Line) and step.place]
    known = [one for one in recording.coroutines if one.kind is CoroutineKind.GENERATOR]
    if accelerator == "c":
        assert recording.notes.lost_at is None
        ended = {step.coroutine for step in recording if isinstance(step, Finish)}
        assert {one.id for one in recording.coroutines} == ended
        assert spread <= len(known) <= spread + 1
        if level == "lines":
            assert ran.count(3) == spread
            assert ran.count(6) in (both - spread, both - spread + 1)
    else:
        assert recording.notes.lost_at is not None
        assert recording.state(len(recording) - 1).running == []
    assert recording.notes.silent_at is None
    # What runs later is told as if nothing had been.
    later = find(recording, "numbers")
    at = {
        step.coroutine
        for step in recording
        if isinstance(step, Line) and step.place is not None and step.place.function == "numbers"
    }
    assert at == ({later} if level == "lines" else set())


DROPS = """
def gen(n):
    try: yield n
    finally: made.append(n)
made = []
def sink(n):
    g = gen(n); next(g)
    return sink(n + 1)
try:
    sink(0)
except RecursionError:
    print(len(made))
def plain(): yield 1
def drops():
    h = plain(); next(h)
    h = None
    k = 1
drops()
print("on")
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_drops_are_seen_after_the_end_of_one_was_lost(record: Recorder, level: str) -> None:
    recording = record(DROPS, level=level)
    plain = find(recording, "plain")
    state = recording.state(len(recording) - 1).of(plain)
    assert (state.status, state.ended) == (Status.FINISHED, HowEnded.DROPPED)
