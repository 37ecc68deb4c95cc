"""Waits of parked coroutines, in words a person recognises."""

from __future__ import annotations

import pytest

from coroplay.trace import How, Status, Switch
from tests.probe.conftest import Recorder
from tests.support.steps import find

WAITS = {
    "gevent.sleep(2)": ("gevent.sleep(2)", ""),
    "gevent.sleep(pause)": ("gevent.sleep(0.25)", "pause = 0.25"),
    "gevent.sleep(seconds=1)": ("gevent.sleep(seconds=1)", ""),
    "other.join()": ("join of play('Lyon')", "other = gevent.spawn(play, 'Lyon')"),
    "other.get()": ("get of play('Lyon')", "other = gevent.spawn(play, 'Lyon')"),
    "gevent.joinall([other])": (
        "join of play('Lyon')",
        "other = gevent.spawn(play, 'Lyon')",
    ),
    "gevent.joinall(many)": (
        "join of play(0), play(1), play(2), play(3) and 2 more",
        "many = [gevent.spawn(play, n) for n in range(6)]",
    ),
    "queue.get()": ("get from an empty queue", "queue = Queue()"),
    "queue.put(2)": ("put into a full queue", "queue = Queue(1); queue.put(1)"),
    "event.wait()": ("wait for an event", "event = Event()"),
    "result.get()": ("a result that is not there yet", "result = AsyncResult()"),
    "lock.acquire()": ("acquire of a lock that is held", "lock = Semaphore(0)"),
    "self.queue.get()": ("get from an empty queue", "self = Box(); self.queue = Queue()"),
    "gevent.wait([event])": ("gevent.wait([event])", "event = Event()"),
}

PROGRAM = """
    import gevent, os
    from gevent.queue import Queue
    from gevent.event import Event, AsyncResult
    from gevent.lock import Semaphore
    class Box: pass
    def play(name): gevent.sleep(5)
"""


def program() -> str:
    parts = [PROGRAM.rstrip()]
    for number, (call, (_, before)) in enumerate(WAITS.items()):
        parts.append(f"    def f{number}():\n        {before or 'pass'}\n        {call}")
    spawned = ", ".join(f"gevent.spawn(f{number})" for number in range(len(WAITS)))
    parts.append(f"    spawned = [{spawned}]\n    gevent.sleep(0)\n    gevent.sleep(0)")
    parts.append("    os._exit(0)\n")
    return "\n".join(parts)


def test_waits_name_the_call_and_where_it_can_be_had_the_object(record: Recorder) -> None:
    recording = record(program())
    state = recording.state(len(recording) - 1)
    seen = {}
    for number, call in enumerate(WAITS):
        one = state.of(find(recording, f"f{number}"))
        assert one.status is Status.WAITING
        seen[call] = one.waiting_on
    assert seen == {call: told for call, (told, _) in WAITS.items()}


def test_without_lines_waits_are_shown_by_their_source(record: Recorder) -> None:
    recording = record(program(), level="switches")
    state = recording.state(len(recording) - 1)
    seen = [state.of(find(recording, f"f{n}")).waiting_on for n in range(len(WAITS))]
    assert seen == list(WAITS)


def test_waits_for_a_socket_name_what_is_at_its_other_end(record: Recorder) -> None:
    recording = record("""
        import gevent, os
        from gevent import socket
        def serve(listener):
            got, _ = listener.accept()
            held.append(got)
            listener.accept()
        def ask(port):
            plug = socket.create_connection(("127.0.0.1", port))
            plug.recv(10)
        held = []
        listener = socket.socket(); listener.bind(("127.0.0.1", 0)); listener.listen()
        port = listener.getsockname()[1]
        server = gevent.spawn(serve, listener)
        client = gevent.spawn(ask, port)
        while not held: gevent.sleep(0.001)
        gevent.sleep(0); gevent.sleep(0.001); gevent.sleep(0)
        print(port, flush=True)
        os._exit(0)
    """)
    port = next(step.text.strip() for step in recording if hasattr(step, "text"))
    state = recording.state(len(recording) - 1)
    client = state.of(find(recording, f"ask({port})"))
    server = state.of(find(recording, "serve(<socket>)"))
    assert client.waiting_on == f"recv on 127.0.0.1:{port}"
    assert server.waiting_on == f"accept on 127.0.0.1:{port}"


def test_patched_sleep_is_a_wait_too(record: Recorder) -> None:
    recording = record("""
        from gevent import monkey; monkey.patch_all()
        import gevent, os, time
        def f(seconds): time.sleep(seconds)
        g = gevent.spawn(f, 3); gevent.sleep(0)
        os._exit(0)
    """)
    state = recording.state(len(recording) - 1)
    assert state.of(find(recording, "f(3)")).waiting_on == "time.sleep(3)"


def test_a_wait_in_a_library_is_shown_by_the_programs_own_call(record: Recorder) -> None:
    recording = record("""
        from gevent import monkey; monkey.patch_all()
        import gevent, os, subprocess, sys
        def f(): subprocess.run([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        g = gevent.spawn(f); gevent.sleep(0)
        os._exit(0)
    """)
    waiting = recording.state(len(recording) - 1).of(find(recording, "f"))
    assert waiting.status is Status.WAITING
    assert waiting.place is not None
    assert waiting.place.source.startswith("subprocess.run(")


@pytest.mark.parametrize("level", ["lines", "switches"])
def test_someone_who_waits_is_woken_in_the_order_of_the_clock(record: Recorder, level: str) -> None:
    recording = record(
        """
        import gevent
        def f(n): gevent.sleep(n / 5)
        gevent.joinall([gevent.spawn(f, n) for n in (3, 1, 2)])
        """,
        level=level,
    )
    woken = [
        recording.coroutine(step.target).name
        for step in recording
        if isinstance(step, Switch) and step.how is How.WAKE and step.target != 1
    ]
    assert woken == ["f(1)", "f(2)", "f(3)"]
