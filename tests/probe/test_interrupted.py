"""Hooks that are cut short, or that several threads are in at once: no step is lost or wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coroplay.trace import Output, Recording, Switch, layout
from tests.probe.conftest import Recorder

LATE = """
    import signal
    from greenlet import greenlet, getcurrent
    class Late(Exception): pass
    def handler(number, frame): raise Late
    signal.signal(signal.SIGALRM, handler)
    def soon(): signal.setitimer(signal.ITIMER_REAL, 0.003)
    main = getcurrent()
    def pong():
        while True:
            try:
                while True: main.switch()
            except Late: soon()
    other = greenlet(pong)
    seen = 0
    while seen < 100:
        try:
            soon()
            while True: other.switch()
        except Late: seen += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    try: other.switch()
    except Late: pass
    for _ in range(1000): other.switch()
"""


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_exceptions_of_signal_handlers_in_hooks_end_no_recording(
    record: Recorder, level: str
) -> None:
    recording = record(LATE, level=level, options=("--budget", "100"))
    last = recording[-2003:] if level == "switches" else list(recording)[-2003:]
    assert sum(isinstance(step, Switch) for step in last) >= 2000
    assert recording.notes.silent_why == ""


INTERRUPTED_LOOPS = """
    import signal
    class Late(Exception): pass
    def handler(number, frame): raise Late(number)
    signal.signal(signal.SIGALRM, handler)
    def soon(): signal.setitimer(signal.ITIMER_REAL, 0.001)
    def nothing(): pass
    caught = 0
    def count():
        global caught
        n = 0
        try:
            soon()
            while True: n += 1
        except Late as late: caught += late.args == (signal.SIGALRM,)
    def call():
        global caught
        try:
            soon()
            for _ in iter(int, 1): nothing()
        except Late as late: caught += late.args == (signal.SIGALRM,)
    for _ in range(100): count(); call()
    assert caught == 200
"""


def test_a_loop_on_one_line_is_interrupted_within_its_try(record: Recorder) -> None:
    record(INTERRUPTED_LOOPS).close()


CUT_SHORT = """
    import signal
    from greenlet import greenlet
    def handler(number, frame): raise ValueError("mine")
    signal.signal(signal.SIGALRM, handler)
    def soon(): signal.setitimer(signal.ITIMER_REAL, 0.02)
    def forever(*_):
        while True: pass
    soon()
    try: greenlet(forever).switch(%s)
    except ValueError as error: print(error)
"""


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_what_a_handler_raises_while_source_is_read_reaches_the_program(
    record: Recorder, level: str
) -> None:
    # To parse that takes far longer than until the signal comes, and it is no code at all.
    recording = record(CUT_SHORT % f"0 and ({'soon, ' * 50_000})", level=level)
    assert [one.text for one in recording if isinstance(one, Output)] == ["mine\n"]


RACING = """
    import sys, threading
    from greenlet import greenlet, getcurrent
    sys.setswitchinterval(1e-6)
    def gen(n):
        for i in range(n): yield i
    def work():
        home = getcurrent()
        def back():
            while True: home.switch()
        other = greenlet(back)
        for _ in range(150):
            other.switch()
            for i in gen(5): pass
    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads: t.start()
    for t in threads: t.join()
"""


def without_marks(recording: Recording, folder: Path) -> Recording:
    """The same recording, of which every state is found from its beginning."""
    shutil.copytree(recording.path, folder)
    (folder / layout.MARKS.name).write_bytes(layout.header(layout.MARKS))
    return Recording(folder)


@pytest.mark.parametrize("level", ["switches", "lines"])
def test_marks_say_the_same_as_the_steps_when_threads_race(
    record: Recorder, tmp_path: Path, level: str
) -> None:
    recording = record(RACING, level=level)
    assert len(recording) > 4 * layout.MARK_EVERY
    with without_marks(recording, tmp_path / "unmarked") as slow:
        for index in range(layout.MARK_EVERY, len(recording), layout.MARK_EVERY // 4):
            with Recording(recording.path) as quick:  # One that has no state to go on from.
                told, expected = quick.state(index), slow.state(index)
                assert told.live == expected.live
                assert [told.of(n) for n in told.live] == [expected.of(n) for n in told.live]


def test_marks_say_the_same_as_the_steps_after_exceptions_in_hooks(
    record: Recorder, tmp_path: Path
) -> None:
    recording = record(LATE, level="switches")
    with without_marks(recording, tmp_path / "unmarked") as slow:
        for index in range(layout.MARK_EVERY, len(recording), layout.MARK_EVERY):
            with Recording(recording.path) as quick:
                told, expected = quick.state(index), slow.state(index)
                assert [told.of(n) for n in told.live] == [expected.of(n) for n in expected.live]
