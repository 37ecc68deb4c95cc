"""What generators get when they are resumed: the value sent, or none, however that is done."""

from __future__ import annotations

from typing import Final

import pytest

from coroplay.trace import How, Switch
from tests.probe.conftest import Recorder
from tests.support.steps import Teller, find

LEVELS: Final = pytest.mark.parametrize("level", ["lines", "switches"])
ECHO: Final = """
    import functools
    def echo():
        while True: got = yield
    def drive(one, value): return one.send(value)
    def count(n):
        for i in range(n): yield i
    args = (6,)
    a = echo(); next(a)
"""
PLAIN: Final = {
    "a.send(1)": "send 1",
    "a.send('x' * 2)": "send 'xx'",
    "drive(a, 5)": "send 5",
    "next(a)": "next",
    "next(a, None)": "next",
    "a.send(None)": "next",
    "a.__next__()": "next",
    "for x in a: break": "next",
    "[x for x in a if drive.odd]": "next",
}
"""Ways to resume a generator of which the source says enough."""
INDIRECT: Final = {
    "step = a.send; step(2)": "send 2",
    "list(map(a.send, [3]))": "send 3",
    "functools.partial(a.send, 4)()": "send 4",
    "a.send(*args)": "send 6",
    "getattr(a, 'send')(7)": "send 7",
    "(lambda: a.send)()(8)": "send 8",
    "for x in map(a.send, [9]): pass": "send 9",
    "list(map(a.send, [None]))": "next",
    "next(zip(a, [1]))": "next",
}
"""Ways of which only the interpreter knows the value."""


def resumption(record: Recorder, statement: str, level: str) -> list[str]:
    """How a statement resumes the generator `a`, which has started."""
    source = f"{ECHO}    try:\n        {statement}\n    except AttributeError: pass\n"
    with record(source, level=level) as recording:
        gen = find(recording, "echo")
        told = [
            f"{step.how} {step.value}" if step.value else step.how
            for step in recording
            if isinstance(step, Switch) and step.target == gen
        ]
    assert told[0] == "start"
    return told[1:]


@LEVELS
@pytest.mark.parametrize("statement", PLAIN)
def test_what_is_sent_in_the_plain_ways_is_told(
    record: Recorder, statement: str, level: str
) -> None:
    assert resumption(record, statement, level) == [PLAIN[statement]]


@LEVELS
@pytest.mark.parametrize("statement", INDIRECT)
def test_what_is_sent_in_other_ways_is_told_or_said_to_be_unknown(
    record: Recorder, statement: str, level: str, accelerator: str
) -> None:
    expected = INDIRECT[statement] if accelerator == "c" else "resume"
    assert resumption(record, statement, level) == [expected]


@LEVELS
def test_a_call_that_sent_before_may_ask_for_the_next_value(record: Recorder, level: str) -> None:
    source = """
        def echo():
            while True: got = yield
        def drive(one, value): return one.send(value)
        a = echo(); next(a)
        for value in (1, None, 2, None, None, 3): drive(a, value)
    """
    with record(source, level=level) as recording:
        told = [one for one in Teller(recording).switches() if one.endswith("to echo")]
    assert told[1:] == [
        "main send 1 to echo",
        "main next to echo",
        "main send 2 to echo",
        "main next to echo",
        "main next to echo",
        "main send 3 to echo",
    ]


@LEVELS
@pytest.mark.parametrize("way", ["list(count(2))", "sum(count(2))", "for x in count(2): pass"])
def test_a_generator_that_is_used_up_is_asked_for_its_values(
    record: Recorder, way: str, level: str
) -> None:
    with record(f"{ECHO}    {way}\n", level=level) as recording:
        told = Teller(recording).switches()
    assert [one for one in told if one.endswith("to count(2)")] == [
        "main start to count(2)",
        "main next to count(2)",
        "main next to count(2)",
    ]


@LEVELS
def test_a_sent_value_is_handed_on_to_where_values_come_from(record: Recorder, level: str) -> None:
    source = """
        def inner():
            got = yield 1
            return got
        def middle(): return (yield from inner())
        def outer():
            got = yield from middle()
            other = inner(); next(other)
            yield from other
        o = outer(); next(o)
        try: o.send("hello")
        except StopIteration: pass
    """
    with record(source, level=level) as recording:
        told = Teller(recording).switches()
    assert told[told.index("main send 'hello' to outer") :] == [
        "main send 'hello' to outer",
        "outer send 'hello' to middle",
        "middle send 'hello' to inner",
        "inner return 'hello' to middle",
        "middle return 'hello' to outer",
        "outer start to inner",
        "inner yield 1 to outer",
        "outer next to inner",
        "inner return to outer",
        "outer return to main",
    ]


@LEVELS
def test_nothing_is_said_of_a_value_that_is_not_sent_to_this_generator(
    record: Recorder, level: str
) -> None:
    source = """
        def echo():
            while True: got = yield
        a = echo(); next(a)
        class Asks:
            def send(self, value): next(a)
        Asks().send(5)
    """
    with record(source, level=level) as recording:
        hows = [step.how for step in recording if isinstance(step, Switch)]
    assert How.SEND not in hows
