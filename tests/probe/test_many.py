"""Very many coroutines, created and gone: nothing of them stays, and none is taken for another."""

from __future__ import annotations

import pytest

from tests.support.programs import Workbench
from tests.support.telling import outputs

COUNT = 20_000
FEW = 5_000
MOST_GROWTH_KB = 5_000
"""Half of what 15,000 greenlets would take that are kept, with their tracks."""

GREENLETS = """
    import greenlet, resource, weakref
    freed, wrong = 0, 0
    class Thing:
        def __del__(self):
            global freed
            freed += 1
    def body(n, thing):
        other = greenlet.getcurrent().parent
        assert other.switch(n) == n + 1
        return -n
    def many(count):
        global wrong
        for n in range(count):
            one = greenlet.greenlet(body)
            gone = weakref.ref(one)
            wrong += one.switch(n, Thing()) != n
            if n % 3: wrong += one.switch(n + 1) != -n
            before = freed
            one = None
            wrong += gone() is not None or freed != n + 1
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
    many(FEW); early = peak(); freed = 0
    many(COUNT - FEW)
    print(freed, wrong, peak() - early)
"""


@pytest.mark.parametrize("source", [GREENLETS, GENERATORS], ids=["greenlets", "generators"])
def test_very_many_are_freed_at_once_and_keep_their_names(bench: Workbench, source: str) -> None:
    measured = MEASURED.replace("COUNT", str(COUNT)).replace("FEW", str(FEW))
    with bench.record(bench.script(source + measured), level="switches") as recording:
        assert recording.notes.silent_why == ""
        last = outputs(recording.steps(len(recording) - 50))[-1]
        freed, wrong, growth = map(int, last.text.split())
        assert (freed, wrong) == (COUNT - FEW, 0)
        assert growth < MOST_GROWTH_KB
        assert len(recording.coroutines) == COUNT + 1
        assert {one.parent for one in recording.coroutines[1:]} == {1}
        assert {one.name.partition("(")[0] for one in recording.coroutines[1:]} == {"body"}
        assert recording.state(len(recording) - 1).running == []
