"""Generators: their switches to and from their callers, with the values carried."""

from __future__ import annotations

import pytest

from coroplay.trace import CoroutineKind, Status
from tests.probe.conftest import Recorder
from tests.support.steps import Teller, at, find, names


def switches(record: Recorder, source: str, level: str = "lines") -> list[str]:
    with record(source, level=level) as recording:
        return Teller(recording).switches()


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_next_send_and_return_are_switches_with_their_values(record: Recorder, level: str) -> None:
    source = """
        def gen(a):
            b = yield a
            c = yield b
            return "end"
        g = gen(1)
        next(g)
        n = 5
        g.send(n)
        try: g.send("x" * 2)
        except StopIteration: pass
    """
    seen = switches(record, source, level)
    assert seen == [
        "main start to gen(1)",
        "gen(1) yield 1 to main",
        "main send 5 to gen(1)",
        "gen(1) yield 5 to main",
        "main send 'xx' to gen(1)",
        "gen(1) return 'end' to main",
    ]


def test_a_loop_resumes_its_generator_by_next(record: Recorder) -> None:
    source = """
        def gen():
            yield 1
            yield 2
        for x in gen(): pass
    """
    assert switches(record, source) == [
        "main start to gen",
        "gen yield 1 to main",
        "main next to gen",
        "gen yield 2 to main",
        "main next to gen",
        "gen return to main",
    ]


def test_yield_from_passes_through_the_outer_generator(record: Recorder) -> None:
    source = """
        def inner():
            x = yield 1
            return x
        def outer():
            got = yield from inner()
            yield got
        o = outer()
        next(o)
        o.send("hello")
        import os; os._exit(0)
    """
    assert switches(record, source) == [
        "main start to outer",
        "outer start to inner",
        "inner yield 1 to outer",
        "outer yield 1 to main",
        "main send 'hello' to outer",
        "outer send 'hello' to inner",
        "inner return 'hello' to outer",
        "outer yield 'hello' to main",
    ]


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_an_exception_thrown_in_and_not_caught_is_thrown_back(record: Recorder, level: str) -> None:
    source = """
        def gen():
            yield 1
        g = gen(); next(g)
        try: g.throw(ValueError("v"))
        except ValueError: pass
    """
    assert switches(record, source, level) == [
        "main start to gen",
        "gen yield 1 to main",
        "main throw ValueError('v') to gen",
        "gen throw ValueError('v') to main",
    ]


CATCHES = """
    def gen():
        try: yield 1
        except ValueError: yield "caught"
        yield 3
    g = gen(); next(g); g.throw(ValueError("v")); next(g)
    for _ in g: pass
"""
CAUGHT = [
    "main start to gen",
    "gen yield 1 to main",
    "main throw ValueError('v') to gen",
    "gen yield 'caught' to main",
    "main next to gen",
    "gen yield 3 to main",
    "main next to gen",
    "gen return to main",
]


def test_a_generator_that_catches_an_exception_yields_on(record: Recorder) -> None:
    assert switches(record, CATCHES) == CAUGHT


def test_without_lines_a_generator_that_catches_an_exception_yields_on(record: Recorder) -> None:
    assert switches(record, CATCHES, "switches") == CAUGHT


def test_an_exception_of_its_own_ends_a_generator(record: Recorder) -> None:
    source = """
        def gen():
            yield 1
            1 / 0
        g = gen(); next(g)
        try: next(g)
        except ZeroDivisionError: pass
    """
    recording = record(source)
    told = Teller(recording)
    assert told.switches()[-1] == "gen throw ZeroDivisionError('division by zero') to main"
    assert "gen failed ZeroDivisionError('division by zero')" in told.finishes()


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_closing_a_generator_finishes_it(record: Recorder, level: str) -> None:
    source = """
        def gen():
            yield 1
        g = gen()
        next(g)
        g.close()
        print("after")
    """
    recording = record(source, level=level)
    told = Teller(recording)
    assert told.switches() == [
        "main start to gen",
        "gen yield 1 to main",
        "main close to gen",
        "gen return to main",
    ]
    assert recording.state(len(recording) - 2).of(find(recording, "gen")).status is Status.FINISHED


def test_closing_runs_what_finally_holds(record: Recorder) -> None:
    recording = record("""
        def gen():
            try: yield 1
            finally: print("cleaned up")
        g = gen()
        next(g)
        g.close()
    """)
    told = Teller(recording)
    assert told.lines("gen")[-1] == 3
    assert told.switches()[-2:] == ["main close to gen", "gen return to main"]


def test_dropping_a_suspended_generator_ends_it(record: Recorder) -> None:
    recording = record("""
        def gen():
            while True: yield "z"
        g = gen()
        next(g)
        g = None
        print("dropped")
        for x in gen(): break
        print("left")
    """)
    last = len(recording) - 2
    statuses = [recording.state(last).of(one.id).status for one in recording.coroutines]
    assert names(recording) == ["main", "gen", "gen"]
    assert statuses == [Status.RUNNING, Status.FINISHED, Status.FINISHED]


def test_a_generator_that_never_ran_is_gone_when_it_is_dropped(record: Recorder) -> None:
    recording = record("""
        def gen(): yield 1
        g = gen()
        x = 1
        g = None
        y = 2
        print("end")
    """)
    assert "gen is gone" in Teller(recording).finishes()


def test_a_suspended_generator_stands_at_its_yield(record: Recorder) -> None:
    recording = record("""
        def gen():
            x = 1
            y = yield x
        g = gen()
        next(g)
        print("here")
    """)
    gen = find(recording, "gen")
    state = recording.state(len(recording) - 2)
    assert state.of(gen).status is Status.SUSPENDED
    assert at(state.of(gen).place) == ("program.py", 3)
    assert [(one.name, one.value) for one in state.locals(gen)] == [("x", "1")]


def test_generators_are_met_when_they_are_first_held(record: Recorder) -> None:
    recording = record("""
        def gen(n, *, word="w"):
            yield n
        def make():
            g = gen(3, word="hi")
            return g
        g = make()
        print(next(g))
    """)
    one = recording.coroutine(find(recording, "gen(3, 'hi')"))
    assert one.kind is CoroutineKind.GENERATOR
    assert (one.creator, one.created) == (None, None)
    ready = recording.state(one.spawned).of(one.id)
    assert ready.status is Status.READY


def test_a_generator_expression_is_a_generator(record: Recorder) -> None:
    recording = record("print(sum(i for i in range(3)))\n")
    assert names(recording) == ["main", "<genexpr>"]
    assert Teller(recording).switches()[:2] == [
        "main start to <genexpr>",
        "<genexpr> yield 0 to main",
    ]


def test_every_generator_of_a_deep_recursion_finishes(record: Recorder) -> None:
    recording = record("""
        def count(n):
            if n: yield from count(n - 1)
            yield n
        print(list(count(20)))
    """)
    assert len(recording.coroutines) == 22
    ends = [one for one in Teller(recording).finishes() if one.startswith("count")]
    assert len(ends) == 21


def test_a_context_manager_starts_and_resumes_its_generator(record: Recorder) -> None:
    recording = record("""
        import contextlib
        @contextlib.contextmanager
        def manage():
            yield "m"
        with manage() as m:
            print(m)
    """)
    assert Teller(recording).switches() == [
        "main start to manage",
        "manage yield 'm' to main",
        "main next to manage",
        "manage return to main",
    ]
