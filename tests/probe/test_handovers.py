"""What a switch between greenlets carries, by whatever name it is called; and who was addressed."""

from __future__ import annotations

import pytest

from coroplay.trace import How, Recording, Switch
from coroplay.trace.view import explain
from tests.probe.conftest import Recorder
from tests.support.steps import Teller

PROLOGUE = """
    import functools, random
    from greenlet import greenlet, getcurrent, GreenletExit
    class Thing:
        asked = 0
        @property
        def value(self):
            self.asked += 1
            return self.asked
    def count(found):
        found.append(0)
        return len(found)
    def work(*given, **named):
        while True: main.switch()
    def pass_to(function, value): function(value)
    main = getcurrent()
    found, thing, x, y = [5, 6], Thing(), 2, 3
    g = greenlet(work)
    if {started}:
        g.switch()
    go = g.switch
"""
INDIRECT = {
    "functools.partial(g.switch, 1)()": "1",
    "list(map(g.switch, [1]))": "1",
    "getattr(g, 'switch')(1)": "1",
    "greenlet.switch(g, 1)": "1",
    "g.switch(*iter([1, 2]))": "(1, 2)",
    "g.switch(len(str(x)))": "1",
    "g.switch(count(found))": "3",
    "g.switch(thing.value)": "1",
    "g.switch(found.pop())": "6",
    "g.switch(len(found), found.append(0))": "(2, None)",
    "g.switch(f'{x}')": "'2'",
    "g.switch(y := 7)": "7",
}
DIRECT = {
    "pass_to(g.switch, 1)": "1",
    "go(1)": "1",
    "g.switch(x + y)": "5",
    "g.switch(found)": "[5, 6]",
    "g.switch(found[1])": "6",
    "g.switch(x, key=y)": "(2, key=3)",
    "g.switch()": None,
}


def _switches_to_work(recording: Recording) -> list[Switch]:
    tell = Teller(recording)
    return [
        one
        for one in recording
        if isinstance(one, Switch) and tell.name(one.target).startswith(("work", "greenlet"))
    ]


@pytest.mark.parametrize("started", [False, True])
@pytest.mark.parametrize("statement", [*INDIRECT, *DIRECT])
def test_a_value_is_told_if_it_is_certain(
    record: Recorder, accelerator: str, statement: str, started: bool
) -> None:
    recording = record(PROLOGUE.format(started=started) + f"    {statement}\n")
    last = _switches_to_work(recording)[-1]
    assert last.how is (How.SWITCH if started else How.START)
    if statement in INDIRECT and accelerator == "python":
        assert (last.value, last.unseen) == (None, True)
        assert "not known" in explain(recording, last.step).text
    else:
        assert (last.value, last.unseen) == ((INDIRECT | DIRECT)[statement], False)
        assert "not known" not in explain(recording, last.step).text


ENDED = """
    from greenlet import greenlet, getcurrent, GreenletExit
    def work(): pass
    def parent():
        getcurrent().parent.switch()
        getcurrent().parent.switch()
    g = greenlet(work)
    g.switch()
    main = getcurrent()
    try: {statement}
    except KeyError: pass
"""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("g.switch(1)", "__main__ switches with 1 to work, which has ended: __main__ goes on"),
        ("main.switch(1)", "__main__ switches with 1 to itself, and goes on"),
        ("g.throw(KeyError(1))", "into work, which has ended: it is raised in __main__ instead"),
        ("main.throw(KeyError(1))", "__main__ throws KeyError(1) into itself: it is raised"),
        (
            "g.throw(GreenletExit)",
            "into work, which has ended: it is not raised, but handed as a value to __main__,",
        ),
        (
            "e = GreenletExit(); g.switch(e)",
            "__main__ switches with GreenletExit() to work, which has ended: __main__ goes on",
        ),
        (
            "g.parent = greenlet(parent); g.throw()",
            "() into work, which has ended: it is not raised, but parent starts instead.",
        ),
    ],
)
def test_a_switch_to_one_that_has_ended_says_who_was_meant(
    record: Recorder, statement: str, said: str
) -> None:
    recording = record(ENDED.format(statement=statement))
    switches = [one for one in recording if isinstance(one, Switch)]
    told = [explain(recording, one.step).text for one in switches]
    assert any(said.replace("__main__", Teller(recording).name(1)) in one for one in told)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("g.throw()", "main throws an exception into one that has ended: it is not raised, but"),
        ("getcurrent().switch()", "main switches to itself, or to one that has ended, and goes on"),
    ],
)
def test_without_values_a_throw_into_one_that_has_ended_is_no_switch(
    record: Recorder, statement: str, said: str
) -> None:
    recording = record(ENDED.format(statement=statement), level="switches")
    last = [one for one in recording if isinstance(one, Switch)][-1]
    told = explain(recording, last.step).text.replace("__main__", "main")
    assert said in told
    assert last.place is not None
    assert told.endswith(f"goes on at line {last.place.line}.")


def test_the_exception_of_a_greenlet_that_never_ran_is_that_of_the_call(record: Recorder) -> None:
    recording = record("""
        from greenlet import greenlet
        g = greenlet(print)
        try: g.throw(KeyError(1))
        except KeyError: pass
    """)
    throws = [one for one in recording if isinstance(one, Switch)]
    assert [(one.how, one.value) for one in throws] == [(How.THROW, "KeyError(1)")] * 2


def test_the_end_of_one_that_another_thread_dropped_is_not_taken_for_the_call(
    record: Recorder,
) -> None:
    recording = record("""
        import threading
        from greenlet import greenlet, getcurrent
        main = getcurrent()
        def work(x):
            while True: x = main.switch(x)
        work1 = greenlet(work)
        work1.switch(1)
        box = [greenlet(main.switch)]
        box[0].switch()
        dropping = threading.Thread(target=box.clear)
        dropping.start()
        dropping.join()
        work1.switch(5)
    """)
    tell = Teller(recording)
    steps = [one for one in recording if isinstance(one, Switch)]
    assert not any("work, which has ended" in explain(recording, one.step).text for one in steps)
    last = next(one for one in reversed(steps) if tell.name(one.target).startswith("work"))
    assert (last.how, last.value) in ((How.SWITCH, "5"), (How.SWITCH, None))
    assert last.value == "5" or last.unseen
