"""Calls that wait several times: what is told of each wait is what the call was given."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coroplay.trace import How, Recording, Switch
from coroplay.trace.view import WaitWords
from coroplay.trace.view.words.wake_ups import WakeUp, wake_up
from tests.probe.conftest import Recorder

START = """
    import gevent, os
    from gevent.event import Event
    def work(turns, then=int):
        for _ in range(5 * turns): gevent.sleep(0)
        then()
    def start(*turns):
        made = [gevent.spawn(work, one) for one in turns]
        gevent.sleep(0)
        return made
"""


def program(text: str) -> str:
    return START + "\n".join(f"    {line}" for line in text.strip("\n").splitlines())


def told(recording: Recording, line: str) -> list[str]:
    """All waits at the line that begins so, in words."""
    source = Path(recording.meta.program).read_text(encoding="utf-8").splitlines()
    number = next(n for n, text in enumerate(source, 1) if text.strip().startswith(line))
    words = WaitWords(recording)
    return [
        words.clause(one.wait, one.step)
        for one in recording
        if isinstance(one, Switch) and one.how is How.WAIT and one.place
        if one.place.line == number
    ]


@pytest.mark.parametrize(
    "call",
    [
        "[gevent.joinall(groups.pop(0), timeout=t) for t in (8, 9)]",
        "[gevent.joinall(group, timeout=t) for group, t in zip(groups, (8, 9))]",
        "{gevent.joinall(groups.pop(0), timeout=t) and None for t in (8, 9)}",
        "list(gevent.joinall(groups.pop(0), timeout=t) for t in (8, 9))",
        "[0 for t in (8, 9) if gevent.joinall(groups.pop(0), timeout=t)]",
        "[[gevent.joinall(groups.pop(0), timeout=t) for t in ts] for ts in ((8,), (9,))]",
        "for t in (8, 9): gevent.joinall(groups.pop(0), timeout=t)",
    ],
)
def test_each_turn_of_a_loop_has_a_limit_of_its_own(record: Recorder, call: str) -> None:
    # As a variable of the module's, `t` might be another's: on some Pythons that is all there is.
    around = f"def loop():\n    {call}\nloop()" if call.startswith("for") else call
    recording = record(program(f"groups = [start(3, 4), start(13, 14)]\n{around}"))
    limits = [words.rpartition(", at most ")[2] for words in told(recording, call)]
    assert limits == ["8 s", "8 s", "9 s", "9 s"]


def test_each_turn_of_a_comprehension_has_members_of_its_own(record: Recorder) -> None:
    call = "[gevent.joinall(group) for group in groups]"
    recording = record(program(f"groups = [start(1, 2), start(4, 5)]\n{call}"))
    assert told(recording, call) == [
        "for work(1), work(2) to end",
        "for work(2) to end",
        "for work(4), work(5) to end",
        "for work(5) to end",
    ]


def test_a_call_that_waits_again_has_the_members_that_it_was_given(record: Recorder) -> None:
    call = "gevent.joinall(group)"
    recording = record(
        program(f"""
group = start(1, 3)
def rebind():
    global group
    group = [gevent.getcurrent()]
    work(2)
rebinds = gevent.spawn(rebind)
{call}
""")
    )
    assert told(recording, call) == [
        "for work(1), work(3) to end",
        "for work(3) to end",
    ]


def test_what_may_be_another_turn_or_not_is_told_where_both_agree(record: Recorder) -> None:
    call = "[gevent.joinall(groups.pop(0), timeout=limit) for _ in (None, None)]"
    recording = record(
        program(f"""
limit, groups = 7, [start(1, 3), start(5, 6)]
def rebind():
    global limit
    work(2)
    limit = 9
rebinds = gevent.spawn(rebind)
{call}
""")
    )
    limits = [words.rpartition(", at most ")[2] for words in told(recording, call)]
    # The second turn begins with a limit of 9 s, and by what is seen it may still be the first.
    assert limits[:2] == ["7 s", "7 s"]
    assert not {"7 s"} & set(limits[2:])


def test_many_that_wait_each_keep_what_they_wait_for(record: Recorder) -> None:
    call = "gevent.joinall(group, timeout=limit)"
    recording = record(
        program(f"""
limit, group, begun = 7, start(3, 6), []
def wait():
    begun.append(1)
    {call}
waiting = [gevent.spawn(wait) for _ in range(300)]
while len(begun) < 300: gevent.sleep(0)
limit, group = 9, []
gevent.joinall(waiting)
""")
    )
    clauses = told(recording, call)
    assert clauses[:300] == ["for work(3), work(6) to end, at most 7 s"] * 300
    assert clauses[300:] == ["for work(6) to end, at most 7 s"] * 300


def test_a_generator_that_waits_has_lines_of_its_own(record: Recorder) -> None:
    call = "gevent.joinall(group, timeout=limit)"
    recording = record(
        program(f"""
def waits():
    limit = 7
    for group in groups:
        {call}
        limit += 1
        yield group
groups = [start(1, 2), start(3, 4)]
found = list(waits())
""")
    )
    assert told(recording, call) == [
        "for work(1), work(2) to end, at most 7 s",
        "for work(2) to end, at most 7 s",
        "for work(3), work(4) to end, at most 8 s",
        "for work(4) to end, at most 8 s",
    ]


def test_what_an_iteration_has_handed_out_is_not_waited_for_any_more(record: Recorder) -> None:
    call = "for one in gevent.iwait(things, timeout=7):"
    recording = record(
        program(f"""
event = Event()
things = [*start(1, 4), event, gevent.spawn(work, 2)]
setter = gevent.spawn(work, 3, event.set)
{call}
    pass
""")
    )
    assert told(recording, call) == [
        "for any of event, work(1), work(4), work(2), at most 7 s",
        "for any of event, work(4), work(2), at most 7 s",
        "for any of event, work(4), at most 7 s",
        "for work(4), at most 7 s",
    ]


def test_an_iteration_goes_on_with_what_it_began_with(record: Recorder) -> None:
    call = "for one in gevent.iwait(things):"
    recording = record(
        program(f"""
first, second = Event(), Event()
things = [first, second]
gevent.spawn(work, 1, first.set)
gevent.spawn(work, 2, second.set)
{call}
    things = [Event()]
""")
    )
    assert len(told(recording, call)) == 2
    assert told(recording, call)[1] == "for event"


def test_several_that_are_enough_are_fewer_once_some_are_ready(record: Recorder) -> None:
    call = "gevent.wait([event, *made], count=2)"
    recording = record(
        program(f"""
event, made = Event(), start(3, 4)
gevent.spawn(work, 1, event.set)
things = [event, *made]
{call.replace("[event, *made]", "things")}
""")
    )
    assert told(recording, "gevent.wait(things, count=2)") == [
        "for some of event, work(3), work(4)",
        "for some of work(3), work(4)",
    ]


def test_without_lines_it_is_not_said_that_all_of_an_iteration_are_waited_for(
    record: Recorder,
) -> None:
    call = "for one in gevent.iwait([first, second]):"
    recording = record(program(f"first, second = start(1, 2)\n{call} pass"), level="switches")
    assert told(recording, call) == ["for some of first, second"] * 2


CONDITION = """
    from gevent import monkey; monkey.patch_all()
    import gevent, threading
    condition, seen = threading.Condition({lock}), []
    def notify():
        gevent.sleep(0.02)
        with condition:
            seen.append(1)
            condition.notify()
            gevent.sleep(0.02)
    notifies = gevent.spawn(notify)
    condition.acquire()
    condition.wait_for(lambda: len(seen) > 1, timeout=0.08)
"""


@pytest.mark.parametrize("lock", ["", "threading.Lock()"])
def test_a_condition_waited_for_again_has_the_rest_of_its_time(record: Recorder, lock: str) -> None:
    recording = record(CONDITION.format(lock=lock))
    waits = told(recording, "condition.wait_for")
    # A lock that is not free makes whoever tries it give way to others.
    first, regained, second = [one for one in waits if one != "for its sleep of 0 s to end"]
    assert first == "for condition condition, at most 80 ms"
    assert regained == "to acquire condition condition"
    (rest,) = re.findall(r"^for condition condition, at most (.*) ms$", second)
    assert 0 < float(rest) <= 40
    ends = [one for one in recording if isinstance(one, Switch) and one.how is How.THROW]
    last = ends[-1]
    was = recording.state(last.step - 1).of(last.target)
    assert wake_up(recording, was, last) is WakeUp.TIME_UP


COUNTS = {
    "gevent.wait([a, b], count=None)": "for work(100), work(200) to end",
    "gevent.wait([a, b], None, none)": "for work(100), work(200) to end",
    "gevent.joinall([a, b], count=2)": "for work(100), work(200) to end",
    "gevent.wait([a, b], count=1)": "for any of work(100), work(200)",
    "gevent.wait([a, b, event], count=two)": "for some of work(100), work(200), event",
    "gevent.wait([a, b], count=int('2'))": "for some of work(100), work(200)",
    "queue.peek(timeout=3)": "for an item from queue, at most 3 s",
    "queue.peek(True, 4)": "for an item from queue, at most 4 s",
}
COUNTS_BY_SOURCE = {
    "gevent.wait([a, b], count=None)": "for all of a, b",
    "gevent.wait([a, b], None, none)": "for some of a, b",
    "gevent.joinall([a, b], count=2)": "for some of a, b",
    "gevent.wait([a, b], count=1)": "for any of a, b",
    "gevent.wait([a, b, event], count=two)": "for some of a, b, event",
    "gevent.wait([a, b], count=int('2'))": "for some of a, b",
    "queue.peek(timeout=3)": "for a value from queue, at most 3 s",
    "queue.peek(True, 4)": "for a value from queue",
}


@pytest.mark.parametrize(("level", "expected"), [("lines", COUNTS), ("switches", COUNTS_BY_SOURCE)])
def test_a_wait_for_so_many_of_several(
    record: Recorder, level: str, expected: dict[str, str]
) -> None:
    waits = "\n".join(f"def f{n}():\n    {call}" for n, call in enumerate(expected))
    recording = record(
        program(
            f"""
from gevent.queue import Queue
queue, event, none, two = Queue(), Event(), None, 2
a, b = start(100, 200)
{waits}
waiting = [gevent.spawn(one) for one in ({"".join(f"f{n}, " for n in range(len(expected)))})]
for _ in range(3): gevent.sleep(0)
os._exit(0)
"""
        ),
        level=level,
    )
    assert {call: told(recording, call) for call in expected} == {
        call: [words] for call, words in expected.items()
    }


def test_without_lines_a_wait_for_a_condition_has_no_limit(record: Recorder) -> None:
    recording = record(
        CONDITION.format(lock="").replace("wait_for(lambda: len(seen) > 1, ", "wait("),
        level="switches",
    )
    # The second is for the lock alone, for which there is no limit.
    assert told(recording, "condition.wait(") == ["for condition"] * 2


KILLS = """
def stubborn():
    try: gevent.sleep(5)
    except gevent.GreenletExit: gevent.sleep(0.02)
one, held = gevent.spawn(stubborn), [gevent.spawn(stubborn)]
gevent.sleep(0)
limit = 7
one.kill(timeout=8)
held.pop().kill(timeout=limit)
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_kill_waits_without_a_limit_until_its_exception_is_raised(
    record: Recorder, level: str
) -> None:
    recording = record(program(KILLS), level=level)
    named, unnamed = told(recording, "one.kill"), told(recording, "held.pop().kill")
    assert len(named) == len(unnamed) == 2
    assert not any("at most" in one for one in (named[0], *unnamed))
    if level == "lines":
        assert named == ["for stubborn #1 to end", "for stubborn #1 to end, at most 8 s"]
