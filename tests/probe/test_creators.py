"""Who created a greenlet, where, and to which other it returns."""

from __future__ import annotations

import pytest

from coroplay.trace import Recording, Spawn
from tests.probe.conftest import Recorder
from tests.support.steps import find, names

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])


def created(recording: Recording) -> dict[str, tuple[str | None, int | None]]:
    """The creator's name and the line, by the names of greenlets."""
    known = {one.id: one.name for one in recording.coroutines}
    found = {}
    for step in recording:
        if isinstance(step, Spawn) and known[step.coroutine] not in ("main", "hub"):
            line = step.place.line if step.place else None
            creator = None if step.creator is None else known[step.creator]
            found[known[step.coroutine]] = (creator, line)
            about = recording.coroutine(step.coroutine)
            assert (about.creator, about.created) == (step.creator, step.place)
    return found


def parents(recording: Recording) -> dict[str, str | None]:
    known = {one.id: one.name for one in recording.coroutines}
    return {
        one.name: None if one.parent is None else known[one.parent] for one in recording.coroutines
    }


PLAIN = """
    from greenlet import greenlet, getcurrent
    def f(): pass
    def maker():
        made.append(greenlet(f, getcurrent().parent))
    def helper(): return maker
    class Own(greenlet):
        def run(self): made[0].switch()
    class Slow(greenlet):
        def __init__(self, n):
            self.n = n
            super().__init__()
        def run(self): pass
    made = []
    first = greenlet(helper())
    own = Own()
    slow = Slow(
        3)
    first.switch(); own.switch(); slow.switch()
"""


def test_a_greenlet_is_created_by_who_called_its_constructor(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(PLAIN, level=level)
    if accelerator == "c":
        assert created(recording) == {
            "maker": ("main", 14),
            "Own": ("main", 15),
            "Slow": ("main", 16),
            "f": ("maker", 4),
        }
    else:
        assert set(created(recording).values()) == {(None, None)}
    assert set(parents(recording).values()) == {None, "main"}


def test_a_greenlet_without_a_creator_is_told_to_be_seen_for_the_first_time(
    record: Recorder, level: str
) -> None:
    """A class of greenlets may leave out what their own constructor does."""
    recording = record(
        """
        from greenlet import greenlet
        class Own(greenlet):
            def __init__(self): pass
            def run(self): pass
        Own().switch()
        """,
        level=level,
    )
    assert created(recording) == {"Own": (None, None)}


def test_a_greenlet_in_a_generator_is_created_by_the_generator(
    record: Recorder, level: str, accelerator: str
) -> None:
    recording = record(
        """
        import gevent
        from greenlet import greenlet
        def f(): pass
        def work(n): pass
        def make():
            yield greenlet(f)
            yield gevent.spawn(work, 1)
        plain, job = make()
        plain.switch(); job.join()
        """,
        level=level,
    )
    found = created(recording)
    assert found["work(1)"] == ("make", 7)
    assert found["f"] == (("make", 6) if accelerator == "c" else (None, None))


def test_a_greenlet_of_gevents_is_created_before_it_starts(record: Recorder, level: str) -> None:
    recording = record(
        """
        import gevent
        def work(n): pass
        def make():
            return gevent.Greenlet(work, 2)
        class Own(gevent.Greenlet):
            def __init__(self, n):
                self.n = n
                super().__init__()
            def _run(self): pass
        def outer():
            early.start(); gevent.spawn(work, 3).join(); Own(4).start()
        early = gevent.Greenlet(work, 1)
        later = make()
        job = gevent.spawn(outer)
        job.join(); later.start(); later.join()
        """,
        level=level,
    )
    assert created(recording) == {
        "work(1)": ("main", 12),
        "work(2)": ("main", 4),
        "outer": ("main", 14),
        "work(3)": ("outer", 11),
        "Own": ("outer", 11),
    }
    assert {parents(recording)[f"work({n})"] for n in (1, 2, 3)} == {"hub"}
    assert parents(recording)["hub"] == "main"


@pytest.mark.parametrize(
    "spawn",
    ["import gevent; job = gevent.spawn(work)", "from helping import spawn; job = spawn(work)"],
    ids=["on the line of the import", "in a library"],
)
def test_a_first_spawn_has_its_creator(record: Recorder, level: str, spawn: str) -> None:
    recording = record(
        f"""
        import os, sys, types
        helping = types.ModuleType("helping")
        code = "import gevent\\ndef spawn(*a): return gevent.spawn(*a)\\n"
        exec(compile(code, "/nowhere/helping.py", "exec"), helping.__dict__)
        sys.modules["helping"] = helping
        def work(): pass
        {spawn}
        job.join()
        """,
        level=level,
    )
    assert created(recording) == {"work": ("main", 7)}


def test_a_greenlet_that_first_runs_in_another_thread_has_its_creator(
    record: Recorder, level: str
) -> None:
    recording = record(
        """
        import threading, gevent
        def work(): return 1
        def run():
            job = gevent.spawn(work)
            job.join()
        thread = threading.Thread(target=run, name="other"); thread.start(); thread.join()
        """,
        level=level,
    )
    assert created(recording)["work"] == ("other", 4)


def test_the_parent_is_the_one_that_was_set_last(record: Recorder, level: str) -> None:
    recording = record(
        """
        from greenlet import greenlet
        def up(): down.switch(); print("up again")
        def leaf(): pass
        top = greenlet(up)
        down = greenlet(leaf)
        down.parent = top
        top.switch()
        """,
        level=level,
    )
    if "leaf" in names(recording):
        assert parents(recording)["leaf"] == "up"
        assert recording.coroutine(find(recording, "up")).parent == 1
