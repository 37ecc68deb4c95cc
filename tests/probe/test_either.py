"""The accelerator and the reference write the same, step by step."""

from __future__ import annotations

import dataclasses

import pytest

from coroplay.probe.base import accelerator
from coroplay.trace import CoroutineKind, How, Line, Recording, Spawn, Switch
from tests.probe.conftest import Recorder
from tests.support.accelerators import sees_passes, without_passes
from tests.support.jit import JIT

PROGRAMS = {
    "numbers and texts": """
        def work(n):
            a = b = 0
            for i in range(n):
                a = i * 10**17; b = -a; c = str(i) * i
                if i % 3: del c
                d = i == 2; e = i / 3; f = [i, {i: c}] if not i % 3 else None
            return [x + 1 for x in range(n)]
        work(40)
        for i in range(3): work(i)
    """,
    "variables that are set in many ways": """
        class Within:
            def __enter__(self): return 7
            def __exit__(self, *_): return True
        def shared():
            count = 0; seen = []
            def more():
                nonlocal count
                count += 1
                seen.append(count)
                return count
            for _ in range(3):
                other = more()
                last = more()
            return count
        def work(n, *rest, key=1, **named):
            with Within() as number: number += 1; raise KeyError
            try: first, *middle, (last, number) = 1, 2, 3, (4, 5)
            except ValueError: pass
            try: first = 10; number = [][1]; last = 3
            except IndexError as error: first = 11
            if (found := n * 2) > 2: number = [
                found := one + found
                for one in range(3)]
            match (n, found):
                case (int(a), b) if b: both = a + b
                case c: both = c
            import os.path as number
            class number: inner = 1
            del middle, first
            for first in range(2): n += 1; last = n
            else: n = last = 0
            while n < 3: n += 1
            lone = lambda last: last
            both = lone(last=5)
            return locals()["n"]
        shared()
        for i in range(3): work(i, i, key=i, more=i)
    """,
    "functions and exceptions": """
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)
        def fails(n):
            for i in range(n):
                try:
                    if i % 2: raise ValueError(i)
                    fails(i - 3)
                except ValueError as error:
                    told = error
                finally:
                    last = i
        def outer():
            count = 0
            def inner():
                nonlocal count
                count += 1
            for _ in range(5): inner()
            return count
        fib(6); fails(7); outer()
    """,
    "generators": """
        def count(n):
            for i in range(n):
                got = yield i
        def nest(n):
            if n: yield from nest(n - 1)
            yield n
            yield [n, {"n": str(n)}]
            yield 10**30
            yield "x" * 100
        def work():
            for a in count(4):
                for b in nest(2): last = b
            squares = sum(x * x for x in count(9))
            talk = count(5); next(talk)
            for n in range(3): talk.send(n)
            talk.close()
            for end in (GeneratorExit, KeyError):
                some = count(3); next(some); next(some)
                try: some.throw(end)
                except (GeneratorExit, KeyError) as error: pass
        work()
        for v in count(4): pass
    """,
    "generators driven from many places": """
        def echo():
            got = 0
            while True: got = yield got
        def through(): yield from echo()
        class Driven:
            def work(n):
                a, b, c, d, e, f = all_of = [echo() for _ in range(5)] + [through()]
                for i in range(n):
                    next(a); next(b); next(c)
                    next(d); next(e); next(f)
                    for one in all_of: one.send(i)
                return a
            for n in range(4): work(n)
            for n in zip(echo(), range(6)): pass
        for n in range(3):
            class Again:
                for x in map(Driven.work(3).send, range(4)): pass
    """,
    "generators and greenlets": """
        from greenlet import greenlet, getcurrent
        def count(n):
            for i in range(n): yield i
        def through(items):
            for item in items:
                yield getcurrent().parent.switch(item)
        def run(n):
            for got in through(count(n)): pass
            return n
        def work():
            one, other = greenlet(run), greenlet(run)
            one.switch(4); other.switch(4)
            for i in count(3): one.switch(i); other.switch(-i)
        work()
    """,
    "threads": """
        import threading
        def count(n):
            for i in range(n): yield i
        def work(n):
            for i in count(n): pass
        for n in range(3):
            thread = threading.Thread(target=work, args=(n,)); thread.start(); thread.join()
        work(5)
    """,
}


HOT = """
    from greenlet import greenlet, getcurrent
    def count(n):
        for i in range(n): yield i
    def add(a, b): return a + b
    def turns(n):
        for i in range(n): other.switch(i)
    def back(i):
        while True: i = first.switch()
    def work(n):
        total = 0
        for i in count(n):
            total = add(total, i)
        return total
    work(9_000)
    first, other = greenlet(turns), greenlet(back)
    first.switch(6_000)
"""
"""Loops that are long enough for the interpreter's JIT to take them over."""


@pytest.fixture(scope="module", autouse=True, name="accelerator")
def both() -> None:
    """Every test here takes both."""


def as_it_happened(recording: Recording) -> list[object]:
    """The steps without their times; which variable of a line comes first is nobody's business.

    Only the accelerator sees plain greenlets where they are created: those steps are left out, and
    coroutines are numbered as they come up after that.
    """
    kinds = {one.id: one.kind for one in recording.coroutines}
    numbers: dict[int | None, int | None] = {None: None}
    steps: list[object] = []
    for step in recording:
        if isinstance(step, Spawn) and kinds[step.coroutine] is CoroutineKind.GREENLET:
            continue
        number = numbers.setdefault(step.coroutine, len(numbers))
        assert number is not None
        same = dataclasses.replace(step, step=len(steps), t_ns=0, coroutine=number)
        if isinstance(same, Spawn):
            same = dataclasses.replace(same, creator=numbers[same.creator])
        if isinstance(same, Switch):
            origin = numbers.setdefault(same.origin, len(numbers))
            assert origin is not None
            same = dataclasses.replace(same, origin=origin)
        if isinstance(same, Line):
            changed = sorted(same.changed, key=lambda one: one.name)
            same = dataclasses.replace(same, changed=tuple(changed))
        steps.append(same)
    return steps


def comparable(source: str) -> str:
    """A program of which the reference sees as many steps."""
    return source if sees_passes("python") else without_passes(source)


def but_for_sent_values(steps: list[object], told: list[object]) -> list[object]:
    """The steps, told as the others where only the accelerator sees what is sent."""
    return [
        but_for_value(one, other) if isinstance(one, Switch) and isinstance(other, Switch) else one
        for one, other in zip(steps, told, strict=True)
    ]


def but_for_value(one: Switch, other: Switch) -> Switch:
    """The step without its value, where the other tells that it does not know it."""
    if other.how is How.RESUME:
        return dataclasses.replace(one, how=How.RESUME, value=None)
    if other.unseen:
        return dataclasses.replace(one, value=None, unseen=True)
    return one


@pytest.mark.skipif(not accelerator.used, reason=f"none here: {accelerator.why_not}")
@pytest.mark.parametrize("level", ["lines", "switches"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_accelerator_writes_the_same_as_the_reference(
    record: Recorder, name: str, level: str
) -> None:
    source = comparable(PROGRAMS[name])
    in_c = record(source, level=level, **{accelerator.VARIABLE: "on"})
    in_python = record(source, level=level, **{accelerator.VARIABLE: "off"})
    assert (in_c.meta.accelerator, in_python.meta.accelerator) == ("c", "python")
    told = as_it_happened(in_python)
    assert but_for_sent_values(as_it_happened(in_c), told) == told


@pytest.mark.skipif(not accelerator.used, reason=f"none here: {accelerator.why_not}")
@pytest.mark.parametrize("level", ["lines", "switches"])
@pytest.mark.parametrize("jit", JIT)
def test_loops_that_a_jit_takes_over_are_written_the_same(
    record: Recorder, jit: dict[str, str], level: str
) -> None:
    source = comparable(HOT)
    in_c = record(source, level=level, **{accelerator.VARIABLE: "on", **jit})
    in_python = record(source, level=level, **{accelerator.VARIABLE: "off"})
    assert len(in_c) > 30_000
    assert as_it_happened(in_c) == as_it_happened(in_python)
