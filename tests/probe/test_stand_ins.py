"""Lines that only stand in a traceback did not run.

gevent raises the exception of a dead greenlet again by running code that is made for the purpose,
with the names of the functions and files that the exception came through. Template engines
do alike.
"""

from __future__ import annotations

import pytest

from coroplay.trace import Finish
from tests.probe.conftest import Recorder
from tests.support.steps import Teller, at

AGAIN = """
import gevent
from gevent.event import AsyncResult
from gevent.pool import Pool
from gevent.threadpool import ThreadPool

def parse(text):
    return int(text)

def load(text):
    return parse(text)

def attempt(again):
    try:
        again()
    except ValueError as error:
        print(error)

gevent.get_hub().exception_stream = None
failed = gevent.spawn(load, "three")
failed.join()
attempt(failed.get)
result = AsyncResult()
gevent.spawn(load, "four").link(result)
attempt(result.get)
attempt(lambda: Pool(1).apply(load, ("five",)))
attempt(lambda: gevent.joinall([gevent.spawn(load, "six")], raise_error=True))
failed.get()
"""

TEMPLATE = """
def render():
    try:
        1 / 0
    except ZeroDivisionError as error:
        code = compile("\\n" * 19 + "raise error", __file__, "exec")
        exec(code.replace(co_name="template"), {"error": error})

render()
"""


@pytest.mark.parametrize(("source", "last"), [(AGAIN, 27), (TEMPLATE, 6)], ids=["gevent", "own"])
def test_no_line_that_did_not_run(record: Recorder, source: str, last: int) -> None:
    recording = record(source, status=1)
    source_lines = source.strip().splitlines()
    inner = {n for n, line in enumerate(source_lines, 1) if line.startswith("    return ")}
    ran = Teller(recording).lines("main")
    assert ran[-1] == last
    assert inner.isdisjoint(ran)
    assert max(ran) == len(source_lines)
    (end,) = (one for one in recording if isinstance(one, Finish) and one.coroutine == 1)
    assert at(end.place) == ("program.py", last)


def test_the_body_of_a_class_and_code_compiled_at_run_time_run(record: Recorder) -> None:
    recording = record("""
        class Tea:
            kind = "green"
            class Cup:
                size: int = 3
        exec(compile("cups = 2\\nprint(cups)", __file__, "exec"))
    """)
    ran = Teller(recording).lines("main")
    assert set(ran) == {1, 2, 3, 4, 5}
    assert ran[ran.index(5) + 1 :][-2:] == [1, 2]
