"""Generators of several threads: each ends in its own, and no thread disturbs the recording."""

from __future__ import annotations

import pytest

from tests.probe.conftest import Recorder

# The threads take turns as often as they can.
DROPPED_AT_ONCE = """
    import sys, threading
    sys.setswitchinterval(1e-6)
    strangers = []
    def held():
        mine = threading.get_ident()
        try:
            yield
        finally:
            if threading.get_ident() != mine:
                strangers.append(mine)
    def hold():
        for _ in range(1000):
            g = held()
            next(g)
            del g
    def count():
        for _ in range(1000):
            list(x for x in (1, 2))
    threads = [threading.Thread(target=one) for one in (hold, count, hold, count)]
    for one in threads: one.start()
    for one in threads: one.join()
    assert not strangers, len(strangers)
"""


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_a_generator_ends_in_the_thread_that_drops_it(record: Recorder, level: str) -> None:
    recording = record(DROPPED_AT_ONCE, level=level)
    assert recording.notes.silent_at is None, recording.notes.silent_why


NEW_CODE_EVERYWHERE = """
    import sys, threading
    sys.setswitchinterval(1e-6)
    def work(n):
        for i in range(300):
            space = {}
            exec(compile(f"def f{n}_{i}():\\n    x = 1\\n    return x\\n", __file__, "exec"), space)
            space[f"f{n}_{i}"]()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for one in threads: one.start()
    for one in threads: one.join()
"""


def test_the_budget_of_lines_ends_while_threads_run_new_code(record: Recorder) -> None:
    recording = record(NEW_CODE_EVERYWHERE, options=("--budget", "1000"))
    assert recording.notes.lines_until is not None
    assert recording.notes.silent_at is None, recording.notes.silent_why
