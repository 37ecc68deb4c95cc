"""Loops that are written on one line: each pass is a step, as in any other loop."""

from __future__ import annotations

import sys

import pytest

from coroplay.trace import Recording
from tests.probe.conftest import Recorder
from tests.support.accelerators import sees_passes
from tests.support.steps import Teller, names, values_of


@pytest.fixture(autouse=True)
def _seen(accelerator: str) -> None:
    if not sees_passes(accelerator):
        pytest.skip("such a loop is one step here")


def lines(recording: Recording) -> list[int]:
    """Return the numbers of the lines that ran in the main coroutine."""
    return Teller(recording).lines(names(recording)[0])


def test_each_pass_of_a_for_loop_is_a_step(record: Recorder) -> None:
    source = """
        def f(g):
            total = 0
            for x in g: total += x
            return total
        f([5, 6])
    """
    with record(source) as recording:
        assert lines(recording) == [1, 5, 2, 3, 3, 3, 4]
        assert values_of(recording, "total") == ["0", "5", "11"]


def test_each_pass_of_a_while_loop_is_a_step(record: Recorder) -> None:
    source = """
        def f(n):
            while n: n -= 1
            return n
        f(3)
    """
    with record(source) as recording:
        assert values_of(recording, "n") == ["3", "2", "1", "0"]
        # From Python 3.14 on, the test that ends the loop is a step too, as in any other loop.
        assert lines(recording).count(2) == (4 if sys.version_info >= (3, 14) else 3)


def test_each_pass_is_a_step_in_modules_and_generators_too(record: Recorder) -> None:
    source = """
        for x in "ab": y = x
        def f(n):
            while True: n += yield n
        g = f(1)
        next(g); g.send(2)
    """
    with record(source) as recording:
        assert lines(recording) == [1, 1, 1, 2, 4, 5]
        assert values_of(recording, "n") == ["1", "3"]


@pytest.mark.parametrize(
    "expression",
    [
        "[x for x in g]",
        "[x for x in g if x]",
        "{x for x in g if x if not x}",
        "{x: [y for y in z if y for z[0] in g] for x in g}",
        "[(lambda: (x, y)) for x in g if x for y in g]",
        "any(x for x in g)",
        "all(not x for x in g)",
        "tuple(x for x in g)",
        "list(x for x in g)",
    ],
)
def test_a_comprehension_is_one_step(record: Recorder, expression: str) -> None:
    source = f"""
        def f(g, z):
            a = {expression}
            return a
        f([0, 0, 1], [1])
    """
    with record(source) as recording:
        assert lines(recording) == [1, 4, 2, 3]


def test_a_comprehension_within_a_loop_on_one_line_adds_no_steps(record: Recorder) -> None:
    source = """
        def f(g, n):
            for x in g: n += sum([y for y in g if y])
            while n > 2: n -= len({y for y in g})
            return n
        f([1, 2], 0)
    """
    with record(source) as recording:
        assert values_of(recording, "n") == ["0", "3", "6", "4", "2"]
        assert lines(recording).count(2) == 3


def test_each_pass_is_a_step_however_long_the_line(record: Recorder) -> None:
    body = "; ".join(["n += x"] * 200)
    with record(f"def f(g, n):\n    for x in g: {body}\n    return n\nf([1, 2], 0)\n") as recording:
        assert values_of(recording, "n") == ["0", "200", "600"]


def test_other_lines_of_a_loop_are_steps_once_per_pass(record: Recorder) -> None:
    source = """
        def f(g):
            for x in g:
                if x: continue
                y = x
            for x in (g,
                      g): y = x
        f([0, 1])
    """
    with record(source) as recording:
        assert lines(recording)[:9] == [1, 7, 2, 3, 4, 2, 3, 2, 5]
