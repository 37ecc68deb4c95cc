"""A program that waits in every way gevent has, many at a time, and prints when each wait ended.

It is run as a script, with JSON for an argument: of each wait its kind, and how long it takes in
seconds. `tests.support.pausing` runs it, pauses it, and reads what it prints.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import gevent
from gevent import select, socket
from gevent.event import AsyncResult, Event
from gevent.queue import Empty, Queue

Told = Callable[[], object]


# Ended by time alone


def sleep(seconds: float) -> None:
    gevent.sleep(seconds)


def timeout(seconds: float) -> None:
    with gevent.Timeout(seconds, False):
        Event().wait()


def event_timeout(seconds: float) -> None:
    Event().wait(seconds)


def queue_timeout(seconds: float) -> None:
    with contextlib.suppress(Empty):
        Queue().get(timeout=seconds)


def result_timeout(seconds: float) -> None:
    with contextlib.suppress(gevent.Timeout):
        AsyncResult().get(timeout=seconds)


def join_timeout(seconds: float) -> None:
    gevent.spawn(Event().wait).join(seconds)


def select_timeout(seconds: float) -> None:
    near, far = socket.socketpair()
    with near, far:
        select.select([near], [], [], seconds)


def socket_timeout(seconds: float) -> None:
    near, far = socket.socketpair()
    with near, far, contextlib.suppress(TimeoutError):
        near.settimeout(seconds)
        near.recv(1)


# Ended by another coroutine, which says so first, when its time has come


def event(seconds: float, told: Told) -> None:
    awaited: Any = Event()
    gevent.spawn_later(seconds, lambda: (told(), awaited.set()))
    awaited.wait()


def queue(seconds: float, told: Told) -> None:
    awaited: Any = Queue()
    gevent.spawn_later(seconds, lambda: (told(), awaited.put(1)))
    awaited.get()


def result(seconds: float, told: Told) -> None:
    awaited: Any = AsyncResult()
    gevent.spawn_later(seconds, lambda: (told(), awaited.set(1)))
    awaited.get()


def join(seconds: float, told: Told) -> None:
    gevent.spawn_later(seconds, told).join()


def socket_read(seconds: float, told: Told) -> None:
    near, far = socket.socketpair()
    with near, far:
        gevent.spawn_later(seconds, lambda: (told(), far.send(b"1")))
        near.recv(1)


TIMED = {
    wait.__name__: wait
    for wait in (
        sleep,
        timeout,
        event_timeout,
        queue_timeout,
        result_timeout,
        join_timeout,
        select_timeout,
        socket_timeout,
    )
}
WOKEN = {wait.__name__: wait for wait in (event, queue, result, join, socket_read)}


class Waits:
    """The waits of one run of the program."""

    def __init__(self) -> None:
        self.begun: dict[int, float] = {}
        self.due: list[tuple[int, float]] = []
        """Which wait's time had come when, in that order."""
        self.woken: list[tuple[int, float]] = []
        """Which of those that another coroutine ended went on when."""

    def run(self, number: int, kind: str, seconds: float) -> None:
        """Wait, and keep when."""
        self.begun[number] = time.perf_counter()
        if kind in TIMED:
            TIMED[kind](seconds)
            self._told(number)
        else:
            WOKEN[kind](seconds, lambda: self._told(number))
            self.woken.append((number, time.perf_counter()))

    def _told(self, number: int) -> None:
        self.due.append((number, time.perf_counter()))


def main() -> None:
    """Wait in all of the ways asked for at once, and print when it was."""
    waits = Waits()
    asked = json.loads(sys.argv[1])
    gevent.joinall([gevent.spawn(waits.run, n, *wait) for n, wait in enumerate(asked)])
    loop = type(gevent.get_hub().loop).__module__
    print(json.dumps([loop, list(waits.begun.items()), waits.due, waits.woken]))


if __name__ == "__main__":
    main()
