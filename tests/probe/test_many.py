"""Very many coroutines, created and gone: nothing of them stays, and none is taken for another."""

from __future__ import annotations

import pytest

from coroplay.trace import CoroutineKind, How, Switch
from tests.support.accelerators import expect_failure, is_traced_in_python
from tests.support.programs import Workbench
from tests.support.steps import outputs

COUNT = 40_000
MOST_GROWTH_KB = 5_000
"""Half of what 15,000 greenlets would take that are kept, with their tracks."""
LOOKED_AT = 1_000

GREENLETS = """
    import greenlet, resource, weakref
    freed, fired, wrong = 0, 0, 0
    class Thing:
        def __del__(self):
            global freed
            freed += 1
    def fire(_gone):
        global fired
        fired += 1
    def body(n, thing):
        other = greenlet.getcurrent().parent
        assert other.switch(n) == n + 1
        return -n
    def many(count):
        global wrong
        for n in range(count):
            one = greenlet.greenlet(body)
            gone = weakref.ref(one, fire)
            wrong += one.switch(n, Thing()) != n
            if n % 3: wrong += one.switch(n + 1) != -n
            one = None
            wrong += gone() is not None or not freed == fired == n + 1
"""
GENERATORS = """
    import resource, weakref
    freed, wrong = 0, 0
    class Thing:
        def __del__(self):
            global freed
            freed += 1
    def body(n, thing):
        got = yield n
        assert got == n + 1
        yield -n
    def many(count):
        global wrong
        for n in range(count):
            one = body(n, Thing())
            gone = weakref.ref(one)
            wrong += next(one) != n
            if n % 3: wrong += one.send(n + 1) != -n
            one = None
            wrong += gone() is not None or freed != n + 1
"""
MEASURED = """
    def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    many(COUNT // 2); early = peak(); freed = fired = 0
    many(COUNT // 2)
    print(freed, wrong, peak() - early)
"""


@pytest.mark.parametrize(
    ("source", "part", "creator"),
    [(GREENLETS, 1, 1), (GENERATORS, 5, None)],
    ids=["greenlets", "generators"],
)
def test_very_many_are_freed_at_once_and_keep_their_names(
    bench: Workbench, source: str, part: int, creator: int | None, accelerator: str
) -> None:
    count = COUNT // part
    script = bench.script(source + MEASURED.replace("COUNT", str(count)))
    with bench.record(script, level="switches") as recording:
        assert recording.notes.silent_why == ""
        last = outputs(recording.steps(len(recording) - 50))[-1]
        freed, wrong, growth = map(int, last.text.split())
        assert (freed, wrong) == (count // 2, 0)
        assert growth < MOST_GROWTH_KB
        people = recording.coroutines[1:]
        assert len(people) == count
        sees = accelerator == "c" or people[0].kind is not CoroutineKind.GREENLET
        assert {one.creator for one in people} == {creator if sees else None}
        assert {one.name.partition("(")[0] for one in people} == {"body"}
        assert recording.state(len(recording) - 1).running == []


def test_those_whose_values_are_looked_at_are_freed_on_the_same_line(
    bench: Workbench, request: pytest.FixtureRequest, accelerator: str
) -> None:
    expect_failure(
        request,
        is_traced_in_python(accelerator),
        "`frame.f_locals` makes a dict that the frame keeps",
    )
    source = GREENLETS.replace("one = None\n" + " " * 12, "one = None; ")
    script = bench.script(source + f"    many({LOOKED_AT}); print(freed, fired, wrong)\n")
    with bench.record(script) as recording:
        assert [one.text for one in outputs(recording)] == [f"{LOOKED_AT} {LOOKED_AT} 0\n"]
        switches = [step for step in recording if isinstance(step, Switch)]
        begun = [step for step in switches if step.how is How.START]
        assert [step.target for step in begun] == list(range(2, LOOKED_AT + 2))
        given = [step for step in switches if step.how is How.SWITCH and step.target == 1]
        assert all(step.value == str(step.origin - 2) for step in given)
        assert len(given) == LOOKED_AT
