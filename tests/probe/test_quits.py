"""SystemExit, which ends the program from main, and in a thread that thread alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from coroplay.trace import Ending, EndingKind, Finish, HowEnded, Recording, Status, write_ending
from coroplay.trace.view import explain
from tests.probe.conftest import Recorder
from tests.support.steps import find

pytestmark = pytest.mark.parametrize("level", ["lines", "switches"])
NEWER = sys.version_info >= (3, 12)


def finish_of(recording: Recording, name: str) -> Finish:
    number = find(recording, name)
    (found,) = (one for one in recording if isinstance(one, Finish) and one.coroutine == number)
    return found


def told(recording: Recording, name: str) -> str:
    return explain(recording, finish_of(recording, name).step).text


@pytest.mark.parametrize(
    ("statement", "status", "value"),
    [
        ("sys.exit()", 0, "SystemExit()"),
        ("sys.exit(3)", 3, "SystemExit(3)"),
        ("sys.exit('text')", 1, "SystemExit('text')"),
        ("raise Own(4)", 4, "Own(4)"),
    ],
)
def test_a_program_that_is_quit_says_so(
    record: Recorder, level: str, statement: str, status: int, value: str
) -> None:
    recording = record(
        f"""
        import atexit, sys
        class Own(SystemExit): pass
        def after(): pass
        atexit.register(after)
        try: {statement}
        finally: after()
        """,
        level=level,
        status=status,
    )
    finish = finish_of(recording, "main")
    if level == "switches" and not NEWER:
        assert (finish.how, finish.value) == (HowEnded.UNSEEN, None)
        assert told(recording, "main") == "main has ended; how was not seen."
        return
    assert (finish.how, finish.value, finish.exception) == (HowEnded.QUIT, value, None)
    at = " at line 5" if level == "lines" else ""
    assert told(recording, "main") == f"main ends{at} by {value}, and the program with it."
    write_ending(Path(recording.path), Ending(EndingKind.EXIT, status))
    said = told(recording, "main")
    assert said == f"main ends{at} by {value}, and the program with it: its status is {status}."
    state = recording.state(len(recording) - 1).of(1)
    assert (state.status, state.outcome) == (Status.FINISHED, value)


def test_a_program_whose_report_of_a_failure_quits_has_failed(record: Recorder, level: str) -> None:
    recording = record(
        """
        import sys
        sys.excepthook = lambda *_: sys.exit(5)
        raise KeyError(1)
        """,
        level=level,
        status=5,
    )
    finish = finish_of(recording, "main")
    if level == "lines" or NEWER:
        assert (finish.how, finish.exception) == (HowEnded.FAILED, "KeyError(1)")


THREADS = """
    import sys
    PATCH
    import _thread, threading
    def work():
        sys.exit(3)
    class Own(threading.Thread):
        def run(self):
            raise SystemExit
    def caught():
        try: sys.exit(4)
        except SystemExit: pass
    for one in (threading.Thread(target=work, name="work"), Own(name="own"),
                threading.Thread(target=caught, name="caught")):
        one.start()
        one.join()
    lock = _thread.allocate_lock()
    lock.acquire()
    def raw():
        lock.release()
        raise SystemExit(5)
    _thread.start_new_thread(raw, ())
    lock.acquire()
    import time
    while _thread._count(): time.sleep(0)
"""


@pytest.mark.parametrize("patched", [True, False], ids=["patched", "plain"])
def test_a_thread_that_quits_ends_alone(record: Recorder, level: str, patched: bool) -> None:
    patch = "from gevent import monkey; monkey.patch_all()" if patched else ""
    source = THREADS.replace("PATCH", patch)
    if patched:
        source = source[: source.index("    lock =")]
    recording = record(source, level=level)
    if level == "switches" and not NEWER:
        return
    names = ("work", "own", *(() if patched else ("raw",)))
    values = {"work": "SystemExit(3)", "own": "SystemExit()", "raw": "SystemExit(5)"}
    for name in names:
        finish = finish_of(recording, name)
        assert (finish.how, finish.value) == (HowEnded.QUIT, values[name])
        assert told(recording, name).endswith(
            f" by {values[name]}: that ends a thread alone, and nobody reports it."
        )
    assert finish_of(recording, "caught").how is HowEnded.RETURNED


def test_a_greenlet_that_quits_fails(record: Recorder, level: str) -> None:
    recording = record(
        """
        from greenlet import greenlet
        def work(): raise SystemExit(6)
        try: greenlet(work).switch()
        except SystemExit: pass
        """,
        level=level,
    )
    if level == "lines" or NEWER:
        finish = finish_of(recording, "work")
        assert (finish.how, finish.exception) == (HowEnded.FAILED, "SystemExit(6)")
