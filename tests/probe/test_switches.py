"""Every way in which control passes between coroutines, and what it carries."""

from __future__ import annotations

import pytest

from coroplay.trace import CoroutineKind, How, Recording, Spawn, Switch
from tests.probe.conftest import Recorder
from tests.support.accelerators import is_traced_in_python
from tests.support.steps import Teller, at, find, names

GREENLETS = """
    from greenlet import greenlet, getcurrent, GreenletExit
    def worker(a):
        b = getcurrent().parent.switch(a + 1)
        c, d = getcurrent().parent.switch()
        return c + d
    w = greenlet(worker)
    w.switch(1)
    w.switch("two")
    w.switch(3, 4)
    def fails(): raise RuntimeError("raw")
    try: greenlet(fails).switch()
    except RuntimeError: pass
    def survives():
        try: getcurrent().parent.switch()
        except ValueError: return "caught"
    s = greenlet(survives); s.switch()
    s.throw(ValueError("v"))
    def parked(): getcurrent().parent.switch()
    p = greenlet(parked); p.switch()
    p.throw(GreenletExit)
"""


def test_each_switch_between_greenlets_has_its_verb_and_value(record: Recorder) -> None:
    assert Teller(record(GREENLETS)).switches() == [
        "main start 1 to worker",
        "worker switch 2 to main",
        "main switch 'two' to worker",
        "worker switch to main",
        "main switch (3, 4) to worker",
        "worker return 7 to main",
        "main start to fails",
        "fails throw RuntimeError('raw') to main",
        "main start to survives",
        "survives switch to main",
        "main throw ValueError('v') to survives",
        "survives return 'caught' to main",
        "main start to parked",
        "parked switch to main",
        "main kill GreenletExit() to parked",
        "parked return GreenletExit() to main",
    ]


def test_without_lines_the_same_switches_are_there_without_values(record: Recorder) -> None:
    def plain(recording: Recording) -> list[tuple[str, str, How]]:
        tell = Teller(recording)
        return [
            (tell.name(one.origin), tell.name(one.target), one.how)
            for one in recording
            if isinstance(one, Switch)
        ]

    source = """
        from greenlet import greenlet, getcurrent
        def eat():
            player.switch()
            1 / 0
        def play(): eater.switch()
        eater = greenlet(eat); player = greenlet(play)
        try: eater.switch()
        except ZeroDivisionError: pass
    """
    seen = plain(record(source, level="switches"))
    assert seen == plain(record(source))
    assert len(seen) == 4


def test_without_lines_a_greenlet_that_just_ends_has_a_name(
    record: Recorder, accelerator: str
) -> None:
    recording = record(
        """
        from greenlet import greenlet
        def f(): pass
        greenlet(f).switch()
    """,
        level="switches",
    )
    # What a greenlet runs can't be read once it has started.
    unseen = is_traced_in_python(accelerator)
    assert names(recording) == ["main", "greenlet" if unseen else "f"]


def test_a_switch_knows_the_call_at_which_its_origin_was_left(record: Recorder) -> None:
    recording = record(GREENLETS)
    places = [one.place for one in recording if isinstance(one, Switch)][:3]
    assert [(at(one), one.source, one.function) for one in places if one] == [
        (("program.py", 7), "w.switch(1)", "<module>"),
        (("program.py", 3), "getcurrent().parent.switch(a + 1)", "worker"),
        (("program.py", 8), 'w.switch("two")', "<module>"),
    ]


def test_a_greenlet_is_met_where_it_was_created(record: Recorder) -> None:
    recording = record("""
        import gevent
        def eat(name, *, much=False): pass
        def main():
            g = gevent.spawn(eat, "Lyon", much=True)
            g.join()
        main()
    """)
    one = recording.coroutine(find(recording, "eat('Lyon', much=True)"))
    assert one.kind is CoroutineKind.GEVENT
    assert at(one.created) == ("program.py", 4)
    assert one.created is not None
    assert one.created.source == 'gevent.spawn(eat, "Lyon", much=True)'
    assert one.creator == 1
    spawn = recording[one.spawned]
    assert isinstance(spawn, Spawn)
    assert (spawn.coroutine, spawn.creator, spawn.place) == (one.id, 1, one.created)


NAMED = {
    "greenlet(f)": "f",
    "greenlet(Own().method)": "Own.method",
    "greenlet(functools.partial(f))": "f",
    "greenlet(lambda: 1)": "<lambda:10>",
    "greenlet(Own())": "Own",
    "greenlet(Own)": "Own",
    "greenlet(len)": "len",
}


def test_greenlets_are_named_after_what_they_run(record: Recorder) -> None:
    source = (
        """
        import functools
        from greenlet import greenlet
        def f(): pass
        class Own:
            def method(self): pass
            def __call__(self): pass
    """.rstrip()
        + "\n"
    )
    made = "".join(f"        g{n} = {text}; shown = g{n}\n" for n, text in enumerate(NAMED))
    # Left at once: freed at the end of the interpreter, they would be dropped too late.
    recording = record(f"{source}{made}        import os; os._exit(0)\n")
    assert names(recording) == ["main", *NAMED.values()]


def test_a_greenlet_first_met_while_it_runs_is_named_after_its_function(record: Recorder) -> None:
    recording = record("""
        from greenlet import greenlet, getcurrent
        def f(): getcurrent().parent.switch()
        greenlet(f).switch()
    """)
    assert names(recording) == ["main", "f"]


def test_the_main_coroutine_goes_by_the_name_it_is_given(record: Recorder) -> None:
    recording = record("x = 1\n", options=("--main-name", "producer"))
    assert [(one.kind, one.name, one.creator, one.created) for one in recording.coroutines] == [
        (CoroutineKind.MAIN, "producer", None, None)
    ]


def test_gevent_waits_in_the_hub_and_is_woken_by_it(record: Recorder) -> None:
    recording = record("""
        import gevent
        def f():
            gevent.sleep(0.001)
            return 5
        g = gevent.spawn(f)
        g.join()
    """)
    assert Teller(recording).switches() == [
        "main wait join of f to hub",
        "hub start to f",
        "f wait sleep 1 ms to hub",
        "hub wake to f",
        "f return to hub",
        "hub wake to main",
    ]
    assert recording.coroutine(find(recording, "hub")).kind is CoroutineKind.HUB


def test_a_killed_greenlet_is_seen_killed(record: Recorder) -> None:
    recording = record("""
        import gevent
        def f():
            try: gevent.sleep(10)
            finally: x = 1
        g = gevent.spawn(f)
        gevent.sleep(0)
        g.kill()
    """)
    told = Teller(recording)
    assert "hub kill GreenletExit() to f" in told.switches()
    assert told.finishes()[:1] == ["f returned GreenletExit()"]


def test_a_timeout_is_seen_thrown(record: Recorder) -> None:
    recording = record("""
        import gevent
        try:
            with gevent.Timeout(0.001): gevent.sleep(10)
        except gevent.Timeout: print("late")
    """)
    assert Teller(recording).switches() == [
        "main wait sleep 10 s to hub",
        "hub throw Timeout(0.001) to main",
    ]


def test_a_greenlet_may_be_driven_from_within_a_generator(record: Recorder) -> None:
    """Control passes to and from the innermost generator of the greenlet."""
    recording = record("""
        from greenlet import greenlet, getcurrent
        def gen():
            got = other.switch("in")
            yield got
        def run(x):
            getcurrent().parent.switch("out")
        other = greenlet(run)
        print(list(gen()))
    """)
    assert Teller(recording).switches() == [
        "main start to gen",
        "gen start 'in' to run",
        "run switch 'out' to gen",
        "gen yield 'out' to main",
        "main next to gen",
        "gen return to main",
    ]


def test_a_generator_may_be_driven_from_two_greenlets(record: Recorder) -> None:
    recording = record("""
        from greenlet import greenlet
        def gen():
            yield 1
            yield 2
        g = gen()
        def take(): return next(g)
        greenlet(take).switch()
        next(g)
    """)
    assert Teller(recording).switches()[1:5] == [
        "take start to gen",
        "gen yield 1 to take",
        "take return 1 to main",
        "main next to gen",
    ]


def test_what_runs_outside_of_the_programs_folder_is_left_alone(record: Recorder) -> None:
    recording = record("""
        import json, collections, random
        print(json.dumps([1]), sum(random.sample(range(3), 3)))
        print(next(iter(json.JSONEncoder().iterencode([1]))), collections.Counter("aab"))
    """)
    assert names(recording) == ["main"]
    files = {step.place.file for step in recording if step.place}
    assert {file.rpartition("/")[2] for file in files} == {"program.py"}


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_times_never_go_back(record: Recorder, level: str) -> None:
    recording = record(GREENLETS, level=level)
    times = [step.t_ns for step in recording]
    assert times == sorted(times)
    assert times[0] >= 0
