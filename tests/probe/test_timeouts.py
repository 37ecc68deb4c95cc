"""A Timeout of gevent's that is up: who began it, and where."""

from __future__ import annotations

from coroplay.trace import How, Recording, Switch
from coroplay.trace.view import explain
from tests.probe.conftest import Recorder

SOURCE = """
    import time, gevent, gevent.event
    from gevent import Timeout

    def within():
        with Timeout(0.01):
            gevent.sleep(9)

    def by_hand():
        timer = Timeout(0.01, KeyError("own"))
        timer.start()
        try:
            gevent.sleep(9)
        finally:
            timer.close()

    def helped():
        yield Timeout.start_new(0.01)

    def helps():
        for timer in helped():
            gevent.sleep(9)

    class Own(Timeout):
        def start(self):
            super().start()

    def derived():
        with Own(0.01): gevent.sleep(9)

    def equal():
        with Timeout(0.01):
            time.sleep(0.001)
            gevent.event.Event().wait(0.01)

    def waits():
        gevent.event.Event().wait(timeout=0.01)

    for run in within, by_hand, helps, derived, equal, waits:
        try: run()
        except (Timeout, KeyError): pass
"""


def ups(recording: Recording) -> list[tuple[str | None, str, int] | None]:
    known = {one.id: one.name for one in recording.coroutines}
    found: list[tuple[str | None, str, int] | None] = []
    for step in recording:
        if isinstance(step, Switch) and step.how is How.THROW and known[step.origin] == "hub":
            begun = step.timeout
            line = begun.place.line if begun and begun.place else 0
            found.append((step.value, known[begun.coroutine], line) if begun else None)
    return found


def test_a_timeout_that_is_up_tells_who_began_it(record: Recorder) -> None:
    recording = record(SOURCE)
    assert ups(recording) == [
        ("Timeout(0.01)", "main", 5),
        ("KeyError('own')", "main", 10),
        ("Timeout(0.01)", "helped", 17),
        ("Own(0.01)", "main", 25),
        ("Timeout(0.01)", "main", 31),
        ("Timeout(0.01)", "main", 36),
    ]
    said = [explain(recording, at).text for at in range(len(recording))]
    assert (
        "The hub throws Timeout(0.01) into main at line 6: a Timeout, begun by main at line 5,"
        " is up."
    ) in said
    assert (
        "The hub throws Timeout(0.01) into main at line 33: a Timeout, begun by main at line 31,"
        " is up."
    ) in said
    assert any(one.startswith("The hub ends the wait of main, whose time of 10 ms") for one in said)


def test_without_lines_nothing_is_said_of_the_beginning(record: Recorder) -> None:
    assert ups(record(SOURCE, level="switches")) == [None] * 6
