"""Hooks import nothing: they are called while the program is in the middle of an import, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from coroplay.trace import Recording, Switch
from tests.probe.conftest import Recorder
from tests.support.programs import Workbench
from tests.support.steps import outputs

LEVELS = ("lines", "switches")

TALKS = """
def echo():
    reply = "ready"
    while True:
        line = yield reply
        reply = line.upper()

talk = echo()
print(next(talk), talk.send("yes"))
"""


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("module", ["tabnanny", "pyclbr", "tokenize", "ast"])
def test_a_module_of_the_library_does_what_it_does_unwatched(
    bench: Workbench, module: str, level: str
) -> None:
    target = ("-m", module, bench.script(TALKS))
    record = bench.new_record()
    assert bench.watched(record, *target, level=level) == bench.plain(*target)
    with Recording(record) as recording:
        assert recording.notes.silent_why == ""


@pytest.mark.parametrize("level", LEVELS)
def test_the_library_s_own_tracer_counts_what_it_counts_unwatched(
    bench: Workbench, tmp_path: Path, level: str
) -> None:
    target = ("-m", "trace", "--count", "-C", str(tmp_path / "counts"), bench.script(TALKS))
    record = bench.new_record()
    assert bench.watched(record, *target, level=level) == bench.plain(*target)
    with Recording(record) as recording:
        assert recording.notes.silent_why == ""


IMPORTS = """
import os, sys
seen = []
def audit(event, args):
    if event == "import":
        frame = sys._getframe(1)
        while frame is not None and frame.f_globals is not globals():
            if os.sep + os.path.join("coroplay", "probe", "") in frame.f_code.co_filename:
                seen.append(args[0])
            frame = frame.f_back
if sys.argv[1:] == ["watched"]:
    sys.addaudithook(audit)

import greenlet
def numbers(n):
    try:
        got = yield n
        yield from [got, (yield)]
    finally:
        print("cleaned")
one = numbers(3)
print(next(one), one.send([1, 2]))
one.close()
two = numbers(4)
next(two)
try:
    two.throw(KeyError("k"))
except KeyError as error:
    print(error)
def there(a, *, b):
    return greenlet.getcurrent().parent.switch(a, b=b)
other = greenlet.greenlet(there)
print(other.switch(1, b=2))
other.throw(greenlet.GreenletExit)

import gevent
from gevent.event import Event
from gevent.queue import Queue
queue, ready = Queue(), Event()
def take():
    with gevent.Timeout(0.01, False):
        ready.wait()
    print(queue.get(timeout=5))
jobs = [gevent.spawn(take), gevent.spawn(queue.put, "tea")]
gevent.joinall(jobs)
gevent.spawn(gevent.sleep, 5).kill()
print(seen)
"""


@pytest.mark.parametrize("level", LEVELS)
def test_no_hook_imports(record: Recorder, level: str) -> None:
    recording = record(IMPORTS, "watched", level=level)
    assert outputs(recording)[-1].text in ("[]\n", "[]")
    assert any(isinstance(step, Switch) for step in recording)
    assert recording.notes.silent_why == ""


REPLACED = r"""
import builtins, os, sys
import gevent, greenlet
from gevent.event import Event
real, seen = builtins.__import__, set()
def replaced(name, *given, **named):
    frame = sys._getframe(1)
    while frame is not None and frame.f_globals is not globals():
        if os.sep + os.path.join("coroplay", "probe", "") in frame.f_code.co_filename:
            seen.add((name, sys._getframe(1).f_code.co_name))
        frame = frame.f_back
    return real(name, *given, **named)
if sys.argv[1:] == ["watched"]:
    builtins.__import__ = replaced

main = greenlet.getcurrent()
def take(got):
    while True:
        try: got = main.switch("b\n")
        except KeyError: pass
other = greenlet.greenlet(take)
other.switch("a\n")
other.switch("a\n" if other else 1)
with open(__file__) as one, open(__file__) as two:
    other.switch("\x41", 1) if False else other.switch(("\x41",
        "\n"))
for one in (other.switch("\x41 \t"), 3):
    other.switch(f"{one}\n" "\t")
other.throw(KeyError("\x41", (1, 2)))
def numbers(n):
    while n: n = yield "\n"
asked = numbers(1)
next(asked); asked.send("\x41"); asked.send(len("\x41"))
class Managed:
    def __enter__(self): gevent.sleep(0)
    def __exit__(self, *given): gevent.sleep(0)
with Managed() as one, Managed() as two: pass
ready = Event()
ready.wait(timeout=0.001)
gevent.wait([ready, Event()], timeout=0.001)
for one in gevent.iwait([gevent.spawn(int), gevent.spawn(int)], timeout=1): pass
gevent.joinall([gevent.spawn(gevent.sleep, 0.001)])
[gevent.sleep(0.001) for one in (1, 2)]
from gevent import socket
near, far = socket.socketpair()
listening = socket.socket(); listening.bind(("127.0.0.1", 0)); listening.listen()
gevent.spawn_later(0.01, far.send, b"x"); near.recv(1)
gevent.spawn_later(0.01, socket.create_connection, listening.getsockname()); listening.accept()
import threading
thread = threading.Thread(target=int); thread.start(); thread.join()
print(seen or "nothing")
"""


@pytest.mark.parametrize("level", LEVELS)
def test_no_hook_calls_the_import_of_the_program_s_own(record: Recorder, level: str) -> None:
    recording = record(REPLACED, "watched", level=level)
    assert outputs(recording)[0].text.strip() == "nothing"
    assert recording.notes.silent_why == ""
